//! ArbGasInfo (0x6c): what gas costs.

use super::call::{Answer, Call};
use super::method::{Method, Purity};
use crate::arbos::{L2Parameter, Root};
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::context_interface::{Block, ContextTr};
use revm::primitives::{Address, U256, address};

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
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::View;
    match selector {
        getPricesInWeiCall::SELECTOR => Method::new(View, |call, _: getPricesInWeiCall| prices_in_wei(call)),
        getPricesInArbGasCall::SELECTOR => Method::new(View, |call, _: getPricesInArbGasCall| {
            let prices = prices_in_wei(call)?;
            let in_gas = |wei: U256| wei.checked_div(prices.perArbGasTotal).unwrap_or_default();
            Ok(getPricesInArbGasReturn {
                perL2Tx: in_gas(prices.perL2Tx),
                perL1CalldataByte: in_gas(prices.perL1CalldataByte),
                perStorage: U256::from(STORAGE),
            })
        }),
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
        getL1BaseFeeEstimateCall::SELECTOR => {
            Method::new(View, |call, _: getL1BaseFeeEstimateCall| Root::l1_pricing().price_per_unit(call))
        }
        getL1GasPriceEstimateCall::SELECTOR => {
            Method::new(View, |call, _: getL1GasPriceEstimateCall| Root::l1_pricing().price_per_unit(call))
        }
        getCurrentTxL1GasFeesCall::SELECTOR => {
            Method::new(View, |call, _: getCurrentTxL1GasFeesCall| Ok(call.context.chain.l1_fee))
        }
        getL1FeesAvailableCall::SELECTOR => {
            Method::new(View, |call, _: getL1FeesAvailableCall| Root::l1_pricing().fees_available(call))
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
        _ => None,
    }
}

/// Prices in wei: of a transaction's and a byte's data on L1, of a new slot, and of gas with its part due to
/// congestion.
fn prices_in_wei<DB: Database>(call: &mut Call<'_, DB>) -> Answer<getPricesInWeiReturn, DB> {
    let per_unit = Root::l1_pricing().price_per_unit(call)?;
    let minimum = get(call, L2Parameter::MinimumBaseFee)?;
    let total = U256::from(call.context.block().basefee());
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
