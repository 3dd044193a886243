//! ArbOwner (0x70): the chain's parameters, for its owners.

use super::arb_wasm_abi::params;
use super::call::{Answer, Call};
use super::method::{Method, Purity};
use super::{Failure, arb_owner_chain};
use crate::arbos::{L1Parameter, L2Parameter, Root};
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::primitives::{Address, address};
use stylus_program::params::{ProgramParams, arbos_versions};

/// Where it is.
pub(crate) const ADDRESS: Address = address!("0x0000000000000000000000000000000000000070");

/// The largest ink price: it is stored in 24 bits.
const MAX_INK_PRICE: u32 = 0xff_ffff;

/// Units of the least cost of starting, in gas, and of the scalar, in percent.
const INIT_GAS_UNIT: u64 = 128;
const CACHED_INIT_GAS_UNIT: u64 = 32;
const SCALAR_PERCENT: u64 = 2;

/// The most owners that are listed.
const MAX_OWNERS: u64 = 65_536;

/// Blocks and transactions have limits of their own from this ArbOS version on.
const TRANSACTION_LIMIT: u64 = 50;

sol! {
    event OwnerActs(bytes4 indexed method, address indexed owner, bytes data);

    function addChainOwner(address newOwner) external;
    function removeChainOwner(address ownerToRemove) external;
    function isChainOwner(address account) external view returns (bool);
    function getAllChainOwners() external view returns (address[]);
    function getNetworkFeeAccount() external view returns (address);
    function getInfraFeeAccount() external view returns (address);
    function setNetworkFeeAccount(address newNetworkFeeAccount) external;
    function setInfraFeeAccount(address newInfraFeeAccount) external;
    function scheduleArbOSUpgrade(uint64 newVersion, uint64 timestamp) external;
    function setL1PricePerUnit(uint256 pricePerUnit) external;
    function setL2BaseFee(uint256 priceInWei) external;
    function setMinimumL2BaseFee(uint256 priceInWei) external;
    function setSpeedLimit(uint64 limit) external;
    function setMaxTxGasLimit(uint64 limit) external;
    function setMaxBlockGasLimit(uint64 limit) external;
    function setInkPrice(uint32 price) external;
    function setWasmMaxStackDepth(uint32 depth) external;
    function setWasmFreePages(uint16 pages) external;
    function setWasmPageGas(uint16 gas) external;
    function setWasmPageLimit(uint16 limit) external;
    function setWasmMinInitGas(uint8 gas, uint16 cached) external;
    function setWasmInitCostScalar(uint64 percent) external;
    function setWasmExpiryDays(uint16 numberOfDays) external;
    function setWasmKeepaliveDays(uint16 numberOfDays) external;
    function setWasmBlockCacheSize(uint16 count) external;
    function setWasmMaxSize(uint32 size) external;
    function setMaxStylusContractFragments(uint8 maxFragments) external;
    function setWasmActivationGas(uint64 gas) external;
    function addWasmCacheManager(address manager) external;
    function removeWasmCacheManager(address manager) external;
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::{View, Write};
    match selector {
        addChainOwnerCall::SELECTOR => Method::new(Write, |call, args: addChainOwnerCall| {
            Root::chain_owners().add(call, args.newOwner).map(|()| addChainOwnerReturn {})
        }),
        removeChainOwnerCall::SELECTOR => Method::new(Write, |call, args: removeChainOwnerCall| {
            if !Root::chain_owners().contains(call, args.ownerToRemove)? {
                return Err(Failure::Plain);
            }
            Root::chain_owners().remove(call, args.ownerToRemove).map(|()| removeChainOwnerReturn {})
        }),
        isChainOwnerCall::SELECTOR => {
            Method::new(View, |call, args: isChainOwnerCall| Root::chain_owners().contains(call, args.account))
        }
        getAllChainOwnersCall::SELECTOR => {
            Method::new(View, |call, _: getAllChainOwnersCall| Root::chain_owners().members(call, MAX_OWNERS))
        }
        getNetworkFeeAccountCall::SELECTOR => {
            Method::new(View, |call, _: getNetworkFeeAccountCall| Root::network_fee_account(call))
        }
        getInfraFeeAccountCall::SELECTOR => {
            Method::new(View, |call, _: getInfraFeeAccountCall| Root::infra_fee_account(call))
        }
        setNetworkFeeAccountCall::SELECTOR => Method::new(Write, |call, args: setNetworkFeeAccountCall| {
            Root::set_network_fee_account(call, args.newNetworkFeeAccount).map(|()| setNetworkFeeAccountReturn {})
        }),
        setInfraFeeAccountCall::SELECTOR => Method::new(Write, |call, args: setInfraFeeAccountCall| {
            Root::set_infra_fee_account(call, args.newInfraFeeAccount).map(|()| setInfraFeeAccountReturn {})
        }),
        scheduleArbOSUpgradeCall::SELECTOR => Method::new(Write, |call, args: scheduleArbOSUpgradeCall| {
            Root::schedule_upgrade(call, args.newVersion, args.timestamp).map(|()| scheduleArbOSUpgradeReturn {})
        }),
        _ => pricing(selector).or_else(|| stylus(selector)).or_else(|| arb_owner_chain::method(selector)),
    }
}

/// Prices and limits of gas.
fn pricing<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::Write;
    match selector {
        setL1PricePerUnitCall::SELECTOR => Method::new(Write, |call, args: setL1PricePerUnitCall| {
            Root::l1_pricing()
                .set(call, L1Parameter::PricePerUnit, args.pricePerUnit)
                .map(|()| setL1PricePerUnitReturn {})
        }),
        setL2BaseFeeCall::SELECTOR => Method::new(Write, |call, args: setL2BaseFeeCall| {
            let fee = args.priceInWei.saturating_to();
            Root::l2_pricing().set(call, L2Parameter::BaseFee, fee).map(|()| setL2BaseFeeReturn {})
        }),
        setMinimumL2BaseFeeCall::SELECTOR => Method::new(Write, |call, args: setMinimumL2BaseFeeCall| {
            // Only a transaction may do this: who asks whether it could is told not to.
            if args.priceInWei.is_zero() && call.context.chain.is_call {
                return Err(Failure::Plain);
            }
            let fee = args.priceInWei.saturating_to();
            Root::l2_pricing().set(call, L2Parameter::MinimumBaseFee, fee).map(|()| setMinimumL2BaseFeeReturn {})
        }),
        setSpeedLimitCall::SELECTOR => Method::new(Write, |call, args: setSpeedLimitCall| {
            if args.limit == 0 {
                return Err(Failure::Plain);
            }
            Root::l2_pricing().set(call, L2Parameter::SpeedLimit, args.limit).map(|()| setSpeedLimitReturn {})
        }),
        setMaxTxGasLimitCall::SELECTOR => Method::new(Write, |call, args: setMaxTxGasLimitCall| {
            // Before the two limits were told apart, this one set that of the block.
            let parameter = match call.version() {
                TRANSACTION_LIMIT.. => L2Parameter::TransactionGasLimit,
                _ => L2Parameter::BlockGasLimit,
            };
            Root::l2_pricing().set(call, parameter, args.limit).map(|()| setMaxTxGasLimitReturn {})
        }),
        setMaxBlockGasLimitCall::SELECTOR => Method::new(Write, |call, args: setMaxBlockGasLimitCall| {
            Root::l2_pricing().set(call, L2Parameter::BlockGasLimit, args.limit).map(|()| setMaxBlockGasLimitReturn {})
        })
        .map(|method| method.since(TRANSACTION_LIMIT)),
        _ => None,
    }
}

/// What the chain asks of programs, and who manages their cache.
fn stylus<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::Write;
    match selector {
        setInkPriceCall::SELECTOR => Method::new(Write, |call, args: setInkPriceCall| {
            if !(1..=MAX_INK_PRICE).contains(&args.price) {
                return Err(Failure::Plain);
            }
            change(call, |params| params.ink_price = args.price).map(|()| setInkPriceReturn {})
        }),
        setWasmMaxStackDepthCall::SELECTOR => Method::new(Write, |call, args: setWasmMaxStackDepthCall| {
            change(call, |params| params.max_stack_depth = args.depth).map(|()| setWasmMaxStackDepthReturn {})
        }),
        setWasmFreePagesCall::SELECTOR => Method::new(Write, |call, args: setWasmFreePagesCall| {
            change(call, |params| params.free_pages = args.pages).map(|()| setWasmFreePagesReturn {})
        }),
        setWasmPageGasCall::SELECTOR => Method::new(Write, |call, args: setWasmPageGasCall| {
            change(call, |params| params.page_gas = args.gas).map(|()| setWasmPageGasReturn {})
        }),
        setWasmPageLimitCall::SELECTOR => Method::new(Write, |call, args: setWasmPageLimitCall| {
            change(call, |params| params.page_limit = args.limit).map(|()| setWasmPageLimitReturn {})
        }),
        setWasmMinInitGasCall::SELECTOR => Method::new(Write, |call, args: setWasmMinInitGasCall| {
            change(call, |params| {
                params.min_init_gas = units(u64::from(args.gas), INIT_GAS_UNIT);
                params.min_cached_init_gas = units(u64::from(args.cached), CACHED_INIT_GAS_UNIT);
            })
            .map(|()| setWasmMinInitGasReturn {})
        }),
        setWasmInitCostScalarCall::SELECTOR => Method::new(Write, |call, args: setWasmInitCostScalarCall| {
            change(call, |params| params.init_cost_scalar = units(args.percent, SCALAR_PERCENT))
                .map(|()| setWasmInitCostScalarReturn {})
        }),
        setWasmExpiryDaysCall::SELECTOR => Method::new(Write, |call, args: setWasmExpiryDaysCall| {
            change(call, |params| params.expiry_days = args.numberOfDays).map(|()| setWasmExpiryDaysReturn {})
        }),
        setWasmKeepaliveDaysCall::SELECTOR => Method::new(Write, |call, args: setWasmKeepaliveDaysCall| {
            change(call, |params| params.keepalive_days = args.numberOfDays).map(|()| setWasmKeepaliveDaysReturn {})
        }),
        setWasmBlockCacheSizeCall::SELECTOR => Method::new(Write, |call, args: setWasmBlockCacheSizeCall| {
            change(call, |params| params.block_cache_size = args.count).map(|()| setWasmBlockCacheSizeReturn {})
        }),
        setWasmMaxSizeCall::SELECTOR => Method::new(Write, |call, args: setWasmMaxSizeCall| {
            change(call, |params| params.max_wasm_size = args.size).map(|()| setWasmMaxSizeReturn {})
        })
        .map(|method| method.since(arbos_versions::STORED_WASM_SIZE)),
        setMaxStylusContractFragmentsCall::SELECTOR => {
            Method::new(Write, |call, args: setMaxStylusContractFragmentsCall| {
                change(call, |params| params.max_fragment_count = args.maxFragments)
                    .map(|()| setMaxStylusContractFragmentsReturn {})
            })
            .map(|method| method.since(arbos_versions::FRAGMENTS))
        }
        setWasmActivationGasCall::SELECTOR => Method::new(Write, |call, args: setWasmActivationGasCall| {
            Root::programs().set_activation_gas(call, args.gas).map(|()| setWasmActivationGasReturn {})
        })
        .map(|method| method.since(arbos_versions::ACTIVATION_GAS)),
        addWasmCacheManagerCall::SELECTOR => Method::new(Write, |call, args: addWasmCacheManagerCall| {
            Root::programs().cache_managers().add(call, args.manager).map(|()| addWasmCacheManagerReturn {})
        }),
        removeWasmCacheManagerCall::SELECTOR => Method::new(Write, |call, args: removeWasmCacheManagerCall| {
            let managers = Root::programs().cache_managers();
            if !managers.contains(call, args.manager)? {
                return Err(Failure::Plain);
            }
            managers.remove(call, args.manager).map(|()| removeWasmCacheManagerReturn {})
        }),
        _ => None,
    }
}

/// Changes what the chain asks of programs.
fn change<DB: Database>(call: &mut Call<'_, DB>, edit: impl FnOnce(&mut ProgramParams)) -> Answer<(), DB> {
    let mut params = params(call)?;
    edit(&mut params);
    let version = call.version();
    Root::programs().set_params(call, version, &params)
}

/// `value` in `unit`s, rounded up, at most 255.
fn units(value: u64, unit: u64) -> u8 {
    u8::try_from(value.div_ceil(unit)).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_round_up_and_saturate() {
        assert_eq!((units(0, 128), units(1, 128), units(128, 128), units(129, 128)), (0, 1, 1, 2));
        assert_eq!(units(u64::MAX, 2), u8::MAX);
    }

    #[test]
    fn selectors_are_those_that_setups_use() {
        assert_eq!(setL1PricePerUnitCall::SELECTOR, [0x2b, 0x35, 0x2f, 0xae]);
        assert_eq!(addWasmCacheManagerCall::SELECTOR, [0xff, 0xdc, 0xa5, 0x15]);
        assert_eq!(scheduleArbOSUpgradeCall::SELECTOR, [0xe3, 0x88, 0xb3, 0x81]);
    }
}
