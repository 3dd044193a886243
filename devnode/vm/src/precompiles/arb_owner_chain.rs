//! The methods of ArbOwner for what moves less often: the price of L1 data, the native token, the gas price's own
//! parameters, and features.

use super::Failure;
use super::call::{Answer, Call};
use super::method::{Method, Purity};
use crate::arbos::{Constraint, FUNDS_POOL, L1Parameter, L2Parameter, Root};
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::primitives::U256;

/// The most owners of the native token that are listed.
const MAX_OWNERS: u64 = 65_536;

/// How long before it begins the native token's management has to be announced, in seconds.
const NATIVE_TOKEN_DELAY: u64 = 7 * 24 * 60 * 60;

/// The most constraints of the gas price.
const MAX_CONSTRAINTS: usize = 20;

/// The first ArbOS versions of some methods.
const NATIVE_TOKEN: u64 = 41;
const CONSTRAINTS: u64 = 50;

sol! {
    function setNativeTokenManagementFrom(uint64 timestamp) external;
    function addNativeTokenOwner(address newOwner) external;
    function removeNativeTokenOwner(address ownerToRemove) external;
    function isNativeTokenOwner(address account) external view returns (bool);
    function getAllNativeTokenOwners() external view returns (address[]);
    function setL1BaseFeeEstimateInertia(uint64 inertia) external;
    function setL2GasPricingInertia(uint64 sec) external;
    function setL2GasBacklogTolerance(uint64 sec) external;
    function setGasBacklog(uint64 backlog) external;
    function setGasPricingConstraints(uint64[3][] constraints) external;
    function setL1PricingEquilibrationUnits(uint256 equilibrationUnits) external;
    function setL1PricingInertia(uint64 inertia) external;
    function setL1PricingRewardRecipient(address recipient) external;
    function setL1PricingRewardRate(uint64 weiPerUnit) external;
    function setParentGasFloorPerToken(uint64 floorPerToken) external;
    function setPerBatchGasCharge(int64 cost) external;
    function setAmortizedCostCapBips(uint64 cap) external;
    function setBrotliCompressionLevel(uint64 level) external;
    function releaseL1PricerSurplusFunds(uint256 maxWeiToRelease) external returns (uint256);
    function setChainConfig(string chainConfig) external;
    function setCalldataPriceIncrease(bool enable) external;
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::Write;
    match selector {
        setL2GasPricingInertiaCall::SELECTOR => Method::new(Write, |call, args: setL2GasPricingInertiaCall| {
            if args.sec == 0 {
                return Err(Failure::Plain);
            }
            Root::l2_pricing().set(call, L2Parameter::Inertia, args.sec).map(|()| setL2GasPricingInertiaReturn {})
        }),
        setL2GasBacklogToleranceCall::SELECTOR => Method::new(Write, |call, args: setL2GasBacklogToleranceCall| {
            Root::l2_pricing()
                .set(call, L2Parameter::BacklogTolerance, args.sec)
                .map(|()| setL2GasBacklogToleranceReturn {})
        }),
        setGasBacklogCall::SELECTOR => Method::new(Write, |call, args: setGasBacklogCall| {
            Root::l2_pricing().set(call, L2Parameter::Backlog, args.backlog).map(|()| setGasBacklogReturn {})
        })
        .map(|method| method.since(CONSTRAINTS)),
        setGasPricingConstraintsCall::SELECTOR => Method::new(Write, |call, args: setGasPricingConstraintsCall| {
            constrain(call, &args.constraints).map(|()| setGasPricingConstraintsReturn {})
        })
        .map(|method| method.since(CONSTRAINTS)),
        setBrotliCompressionLevelCall::SELECTOR => Method::new(Write, |call, args: setBrotliCompressionLevelCall| {
            // What is above the best does not exist.
            if args.level > 11 {
                return Err(Failure::Plain);
            }
            Root::set_brotli_level(call, args.level).map(|()| setBrotliCompressionLevelReturn {})
        }),
        setCalldataPriceIncreaseCall::SELECTOR => Method::new(Write, |call, args: setCalldataPriceIncreaseCall| {
            Root::set_calldata_floor(call, args.enable).map(|()| setCalldataPriceIncreaseReturn {})
        }),
        // The configuration of this chain is fixed.
        setChainConfigCall::SELECTOR => Method::new(Write, |_, _: setChainConfigCall| Err(Failure::Plain)),
        _ => native_token(selector).or_else(|| l1(selector)),
    }
}

/// Who may make and burn ether, and from when on.
fn native_token<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::{View, Write};
    let method = match selector {
        setNativeTokenManagementFromCall::SELECTOR => {
            Method::new(Write, |call, args: setNativeTokenManagementFromCall| {
                announce(call, args.timestamp).map(|()| setNativeTokenManagementFromReturn {})
            })
        }
        addNativeTokenOwnerCall::SELECTOR => Method::new(Write, |call, args: addNativeTokenOwnerCall| {
            let from = Root::native_token_from(call)?;
            if from == 0 || from > call.now() {
                return Err(Failure::Plain);
            }
            Root::native_token_owners().add(call, args.newOwner).map(|()| addNativeTokenOwnerReturn {})
        }),
        removeNativeTokenOwnerCall::SELECTOR => Method::new(Write, |call, args: removeNativeTokenOwnerCall| {
            if !Root::native_token_owners().contains(call, args.ownerToRemove)? {
                return Err(Failure::Plain);
            }
            Root::native_token_owners().remove(call, args.ownerToRemove).map(|()| removeNativeTokenOwnerReturn {})
        }),
        isNativeTokenOwnerCall::SELECTOR => Method::new(View, |call, args: isNativeTokenOwnerCall| {
            Root::native_token_owners().contains(call, args.account)
        }),
        getAllNativeTokenOwnersCall::SELECTOR => Method::new(View, |call, _: getAllNativeTokenOwnersCall| {
            Root::native_token_owners().members(call, MAX_OWNERS)
        }),
        _ => None,
    };
    method.map(|method| method.since(NATIVE_TOKEN))
}

/// What decides the price of L1 data, if anybody posted the chain to L1.
fn l1<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::Write;
    match selector {
        setL1BaseFeeEstimateInertiaCall::SELECTOR => {
            Method::new(Write, |call, args: setL1BaseFeeEstimateInertiaCall| {
                set_l1(call, L1Parameter::Inertia, args.inertia).map(|()| setL1BaseFeeEstimateInertiaReturn {})
            })
        }
        setL1PricingInertiaCall::SELECTOR => Method::new(Write, |call, args: setL1PricingInertiaCall| {
            set_l1(call, L1Parameter::Inertia, args.inertia).map(|()| setL1PricingInertiaReturn {})
        }),
        setL1PricingEquilibrationUnitsCall::SELECTOR => {
            Method::new(Write, |call, args: setL1PricingEquilibrationUnitsCall| {
                Root::l1_pricing()
                    .set(call, L1Parameter::EquilibrationUnits, args.equilibrationUnits)
                    .map(|()| setL1PricingEquilibrationUnitsReturn {})
            })
        }
        setL1PricingRewardRecipientCall::SELECTOR => {
            Method::new(Write, |call, args: setL1PricingRewardRecipientCall| {
                Root::l1_pricing().set_rewards_to(call, args.recipient).map(|()| setL1PricingRewardRecipientReturn {})
            })
        }
        setL1PricingRewardRateCall::SELECTOR => Method::new(Write, |call, args: setL1PricingRewardRateCall| {
            set_l1(call, L1Parameter::RewardRate, args.weiPerUnit).map(|()| setL1PricingRewardRateReturn {})
        }),
        setParentGasFloorPerTokenCall::SELECTOR => Method::new(Write, |call, args: setParentGasFloorPerTokenCall| {
            set_l1(call, L1Parameter::GasFloorPerToken, args.floorPerToken).map(|()| setParentGasFloorPerTokenReturn {})
        })
        .map(|method| method.since(CONSTRAINTS)),
        setPerBatchGasChargeCall::SELECTOR => Method::new(Write, |call, args: setPerBatchGasChargeCall| {
            set_l1(call, L1Parameter::PerBatchGas, args.cost.cast_unsigned()).map(|()| setPerBatchGasChargeReturn {})
        }),
        setAmortizedCostCapBipsCall::SELECTOR => Method::new(Write, |call, args: setAmortizedCostCapBipsCall| {
            set_l1(call, L1Parameter::AmortizedCostCap, args.cap).map(|()| setAmortizedCostCapBipsReturn {})
        }),
        releaseL1PricerSurplusFundsCall::SELECTOR => {
            Method::new(Write, |call, args: releaseL1PricerSurplusFundsCall| release(call, args.maxWeiToRelease))
        }
        _ => None,
    }
}

fn set_l1<DB: Database>(call: &mut Call<'_, DB>, parameter: L1Parameter, value: u64) -> Answer<(), DB> {
    Root::l1_pricing().set(call, parameter, U256::from(value))
}

/// Announces from when on the native token is managed. It must be a week ahead, and may not come nearer than that.
fn announce<DB: Database>(call: &mut Call<'_, DB>, timestamp: u64) -> Answer<(), DB> {
    if timestamp == 0 {
        return Root::set_native_token_from(call, 0);
    }
    let (stored, now) = (Root::native_token_from(call)?, call.now());
    let soonest = now.saturating_add(NATIVE_TOKEN_DELAY);
    let too_soon = (stored == 0 || stored > soonest) && timestamp < soonest;
    let backward = stored > now && stored <= soonest && timestamp < stored;
    if too_soon || backward {
        return Err(Failure::Plain);
    }
    Root::set_native_token_from(call, timestamp)
}

/// Replaces the constraints of the gas price.
fn constrain<DB: Database>(call: &mut Call<'_, DB>, constraints: &[[u64; 3]]) -> Answer<(), DB> {
    Root::l2_pricing().clear_constraints(call)?;
    if constraints.len() > MAX_CONSTRAINTS {
        return Err(Failure::Plain);
    }
    for [target, window, backlog] in constraints.iter().copied() {
        if target == 0 || window == 0 {
            return Err(Failure::Plain);
        }
        Root::l2_pricing().add_constraint(call, Constraint { target, window, backlog })?;
    }
    Ok(())
}

/// Counts what the pool has beyond what it knows of as collected, up to `most`.
fn release<DB: Database>(call: &mut Call<'_, DB>, most: U256) -> Answer<U256, DB> {
    let balance = call.account(FUNDS_POOL)?.0.balance;
    let known = Root::l1_pricing().get(call, L1Parameter::FeesAvailable)?;
    let Some(surplus) = balance.checked_sub(known) else { return Ok(U256::ZERO) };
    let released = surplus.min(most);
    Root::l1_pricing().add(call, L1Parameter::FeesAvailable, released)?;
    Ok(released)
}
