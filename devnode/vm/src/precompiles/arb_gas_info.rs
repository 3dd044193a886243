//! ArbGasInfo (0x6c): what gas costs.

use super::call::{Answer, Call};
use super::method::{Method, Purity};
use crate::Checks;
use crate::arbos::{L1Parameter, L2Parameter, Root};
use crate::evm::units;
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::primitives::{Address, I256, U256, address};

/// Where it is.
pub(crate) const ADDRESS: Address = address!("0x000000000000000000000000000000000000006c");

/// L1 gas of a byte of call data.
const CALLDATA_BYTE: u64 = 16;

/// Bytes that a transaction is assumed to take on L1.
const TRANSACTION_BYTES: u64 = 140;

/// Gas of a new slot.
const STORAGE: u64 = 20_000;

/// The per-transaction limit is a parameter of its own from this ArbOS version on.
const TRANSACTION_LIMIT: u64 = 50;

sol! {
    function getPricesInWei() external view returns (
        uint256 perL2Tx,
        uint256 perL1CalldataByte,
        uint256 perStorage,
        uint256 perArbGasBase,
        uint256 perArbGasCongestion,
        uint256 perArbGasTotal
    );
    function getPricesInWeiWithAggregator(address aggregator) external view returns (
        uint256 perL2Tx,
        uint256 perL1CalldataByte,
        uint256 perStorage,
        uint256 perArbGasBase,
        uint256 perArbGasCongestion,
        uint256 perArbGasTotal
    );
    function getPricesInArbGasWithAggregator(address aggregator) external view returns (
        uint256 perL2Tx,
        uint256 perL1CalldataByte,
        uint256 perStorage
    );
    function getPricesInArbGas() external view returns (uint256 perL2Tx, uint256 perL1CalldataByte, uint256 perStorage);
    function getGasAccountingParams() external view returns (
        uint256 speedLimitPerSecond,
        uint256 gasPoolMax,
        uint256 maxTxGasLimit
    );
    function getMaxTxGasLimit() external view returns (uint256);
    function getMinimumGasPrice() external view returns (uint256);
    function getL1BaseFeeEstimate() external view returns (uint256);
    function getL1GasPriceEstimate() external view returns (uint256);
    function getCurrentTxL1GasFees() external view returns (uint256);
    function getL1FeesAvailable() external view returns (uint256);
    function getGasBacklog() external view returns (uint64);
    function getPricingInertia() external view returns (uint64);
    function getGasBacklogTolerance() external view returns (uint64);
    function getMaxBlockGasLimit() external view returns (uint64);
    function getGasPricingConstraints() external view returns (uint64[3][]);
    function getL1BaseFeeEstimateInertia() external view returns (uint64);
    function getL1RewardRate() external view returns (uint64);
    function getL1RewardRecipient() external view returns (address);
    function getL1PricingSurplus() external view returns (int256);
    function getPerBatchGasCharge() external view returns (int64);
    function getAmortizedCostCapBips() external view returns (uint64);
    function getL1PricingEquilibrationUnits() external view returns (uint256);
    function getLastL1PricingUpdateTime() external view returns (uint64);
    function getL1PricingFundsDueForRewards() external view returns (uint256);
    function getL1PricingUnitsSinceUpdate() external view returns (uint64);
    function getLastL1PricingSurplus() external view returns (int256);
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::View;
    match selector {
        getPricesInWeiCall::SELECTOR => Method::new(View, |call, _: getPricesInWeiCall| prices_in_wei(call)),
        getPricesInArbGasCall::SELECTOR => Method::new(View, |call, _: getPricesInArbGasCall| prices_in_gas(call)),
        // Who posts does not matter any more.
        getPricesInWeiWithAggregatorCall::SELECTOR => {
            Method::new(View, |call, _: getPricesInWeiWithAggregatorCall| prices_in_wei(call).map(Into::into))
        }
        getPricesInArbGasWithAggregatorCall::SELECTOR => {
            Method::new(View, |call, _: getPricesInArbGasWithAggregatorCall| prices_in_gas(call).map(Into::into))
        }
        getGasAccountingParamsCall::SELECTOR => Method::new(View, |call, _: getGasAccountingParamsCall| {
            let block = get(call, L2Parameter::BlockGasLimit)?;
            Ok(getGasAccountingParamsReturn {
                speedLimitPerSecond: get(call, L2Parameter::SpeedLimit)?,
                gasPoolMax: block,
                maxTxGasLimit: block,
            })
        }),
        getMaxTxGasLimitCall::SELECTOR => {
            Method::new(View, |call, _: getMaxTxGasLimitCall| get(call, L2Parameter::TransactionGasLimit))
                .map(|method| method.since(TRANSACTION_LIMIT))
        }
        getMinimumGasPriceCall::SELECTOR => {
            Method::new(View, |call, _: getMinimumGasPriceCall| get(call, L2Parameter::MinimumBaseFee))
        }
        getCurrentTxL1GasFeesCall::SELECTOR => {
            Method::new(View, |call, _: getCurrentTxL1GasFeesCall| Ok(call.context.chain.l1_fee))
        }
        getGasBacklogCall::SELECTOR => {
            Method::new(View, |call, _: getGasBacklogCall| Root::l2_pricing().get(call, L2Parameter::Backlog))
        }
        getPricingInertiaCall::SELECTOR => {
            Method::new(View, |call, _: getPricingInertiaCall| Root::l2_pricing().get(call, L2Parameter::Inertia))
        }
        getGasBacklogToleranceCall::SELECTOR => Method::new(View, |call, _: getGasBacklogToleranceCall| {
            Root::l2_pricing().get(call, L2Parameter::BacklogTolerance)
        }),
        getMaxBlockGasLimitCall::SELECTOR => Method::new(View, |call, _: getMaxBlockGasLimitCall| {
            Root::l2_pricing().get(call, L2Parameter::BlockGasLimit)
        })
        .map(|method| method.since(TRANSACTION_LIMIT)),
        getGasPricingConstraintsCall::SELECTOR => Method::new(View, |call, _: getGasPricingConstraintsCall| {
            let constraints = Root::l2_pricing().constraints(call)?;
            Ok(constraints.iter().map(|one| [one.target, one.window, one.backlog]).collect())
        })
        .map(|method| method.since(TRANSACTION_LIMIT)),
        _ => l1(selector),
    }
}

/// What is known of the price of L1 data.
fn l1<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::View;
    match selector {
        getL1BaseFeeEstimateCall::SELECTOR => {
            Method::new(View, |call, _: getL1BaseFeeEstimateCall| l1_number(call, L1Parameter::PricePerUnit))
        }
        getL1GasPriceEstimateCall::SELECTOR => {
            Method::new(View, |call, _: getL1GasPriceEstimateCall| l1_number(call, L1Parameter::PricePerUnit))
        }
        getL1FeesAvailableCall::SELECTOR => {
            Method::new(View, |call, _: getL1FeesAvailableCall| l1_number(call, L1Parameter::FeesAvailable))
        }
        getL1BaseFeeEstimateInertiaCall::SELECTOR => {
            Method::new(View, |call, _: getL1BaseFeeEstimateInertiaCall| l1_small(call, L1Parameter::Inertia))
        }
        getL1RewardRateCall::SELECTOR => {
            Method::new(View, |call, _: getL1RewardRateCall| l1_small(call, L1Parameter::RewardRate))
        }
        getL1RewardRecipientCall::SELECTOR => {
            Method::new(View, |call, _: getL1RewardRecipientCall| Root::l1_pricing().rewards_to(call))
        }
        getL1PricingSurplusCall::SELECTOR => Method::new(View, |call, _: getL1PricingSurplusCall| {
            let due = Root::l1_pricing().funds_due(call)?;
            let rewards = l1_number(call, L1Parameter::FundsDueForRewards)?;
            let have = l1_number(call, L1Parameter::FeesAvailable)?;
            Ok(I256::from_raw(have.wrapping_sub(due).wrapping_sub(rewards)))
        }),
        getPerBatchGasChargeCall::SELECTOR => Method::new(View, |call, _: getPerBatchGasChargeCall| {
            Ok(l1_small(call, L1Parameter::PerBatchGas)?.cast_signed())
        }),
        getAmortizedCostCapBipsCall::SELECTOR => {
            Method::new(View, |call, _: getAmortizedCostCapBipsCall| l1_small(call, L1Parameter::AmortizedCostCap))
        }
        getL1PricingEquilibrationUnitsCall::SELECTOR => {
            Method::new(View, |call, _: getL1PricingEquilibrationUnitsCall| {
                l1_number(call, L1Parameter::EquilibrationUnits)
            })
        }
        getLastL1PricingUpdateTimeCall::SELECTOR => {
            Method::new(View, |call, _: getLastL1PricingUpdateTimeCall| l1_small(call, L1Parameter::LastUpdateTime))
        }
        getL1PricingFundsDueForRewardsCall::SELECTOR => {
            Method::new(View, |call, _: getL1PricingFundsDueForRewardsCall| {
                l1_number(call, L1Parameter::FundsDueForRewards)
            })
        }
        getL1PricingUnitsSinceUpdateCall::SELECTOR => Method::new(View, |call, _: getL1PricingUnitsSinceUpdateCall| {
            let counted = l1_small(call, L1Parameter::UnitsSinceUpdate)?;
            Ok(counted.saturating_add(uncounted_units(&call.context.chain.uncounted_data)))
        }),
        getLastL1PricingSurplusCall::SELECTOR => Method::new(View, |call, _: getLastL1PricingSurplusCall| {
            l1_number(call, L1Parameter::LastSurplus).map(I256::from_raw)
        }),
        _ => None,
    }
}

fn l1_number<DB: Database>(call: &mut Call<'_, DB>, parameter: L1Parameter) -> Answer<U256, DB> {
    Root::l1_pricing().get(call, parameter)
}

/// Units of data of the call itself, as if it was sent. What is sent was counted before it ran.
fn uncounted_units(data: &[u8]) -> u64 {
    if data.is_empty() { 0 } else { units(data, Checks::Call) }
}

fn l1_small<DB: Database>(call: &mut Call<'_, DB>, parameter: L1Parameter) -> Answer<u64, DB> {
    l1_number(call, parameter).map(|number| number.saturating_to())
}

/// The same prices in gas.
fn prices_in_gas<DB: Database>(call: &mut Call<'_, DB>) -> Answer<getPricesInArbGasReturn, DB> {
    let per_byte = l1_number(call, L1Parameter::PricePerUnit)?.saturating_mul(U256::from(CALLDATA_BYTE));
    let per_gas = U256::from(call.context.chain.block.base_fee);
    let in_gas = |wei: U256| wei.checked_div(per_gas).unwrap_or_default();
    Ok(getPricesInArbGasReturn {
        perL2Tx: in_gas(per_byte.saturating_mul(U256::from(TRANSACTION_BYTES))),
        perL1CalldataByte: in_gas(per_byte),
        perStorage: U256::from(STORAGE),
    })
}

impl From<getPricesInWeiReturn> for getPricesInWeiWithAggregatorReturn {
    fn from(prices: getPricesInWeiReturn) -> Self {
        let getPricesInWeiReturn { perL2Tx, perL1CalldataByte, perStorage, .. } = prices;
        let getPricesInWeiReturn { perArbGasBase, perArbGasCongestion, perArbGasTotal, .. } = prices;
        Self { perL2Tx, perL1CalldataByte, perStorage, perArbGasBase, perArbGasCongestion, perArbGasTotal }
    }
}

impl From<getPricesInArbGasReturn> for getPricesInArbGasWithAggregatorReturn {
    fn from(prices: getPricesInArbGasReturn) -> Self {
        let getPricesInArbGasReturn { perL2Tx, perL1CalldataByte, perStorage } = prices;
        Self { perL2Tx, perL1CalldataByte, perStorage }
    }
}

/// Prices in wei: of a transaction's and a byte's data on L1, of a new slot, and of gas with its part due to
/// congestion.
fn prices_in_wei<DB: Database>(call: &mut Call<'_, DB>) -> Answer<getPricesInWeiReturn, DB> {
    let per_unit = l1_number(call, L1Parameter::PricePerUnit)?;
    let minimum = get(call, L2Parameter::MinimumBaseFee)?;
    // The block's, also if the call itself is free.
    let total = U256::from(call.context.chain.block.base_fee);
    let per_byte = per_unit.saturating_mul(U256::from(CALLDATA_BYTE));
    let base = minimum.min(total);
    Ok(getPricesInWeiReturn {
        perL2Tx: per_byte.saturating_mul(U256::from(TRANSACTION_BYTES)),
        perL1CalldataByte: per_byte,
        perStorage: total.saturating_mul(U256::from(STORAGE)),
        perArbGasBase: base,
        perArbGasCongestion: total.saturating_sub(base),
        perArbGasTotal: total,
    })
}

fn get<DB: Database>(call: &mut Call<'_, DB>, parameter: L2Parameter) -> Answer<U256, DB> {
    Root::l2_pricing().get(call, parameter).map(U256::from)
}
