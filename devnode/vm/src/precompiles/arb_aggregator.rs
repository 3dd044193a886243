//! ArbAggregator (0x6d): who posts the chain to L1, and who is paid for it.

use super::Failure;
use super::call::{Answer, Call};
use super::method::{Method, Purity};
use crate::arbos::{BATCH_POSTER, Root};
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::primitives::{Address, U256, address};

/// Where it is.
pub(crate) const ADDRESS: Address = address!("0x000000000000000000000000000000000000006d");

/// The most that are listed.
const MAX_POSTERS: u64 = 65_536;

sol! {
    function getPreferredAggregator(address account) external view returns (address aggregator, bool isDefault);
    function getDefaultAggregator() external view returns (address);
    function getBatchPosters() external view returns (address[]);
    function addBatchPoster(address newBatchPoster) external;
    function getFeeCollector(address batchPoster) external view returns (address);
    function setFeeCollector(address batchPoster, address newFeeCollector) external;
    function getTxBaseFee(address aggregator) external view returns (uint256);
    function setTxBaseFee(address aggregator, uint256 feeInL1Gas) external;
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::{View, Write};
    match selector {
        getPreferredAggregatorCall::SELECTOR => Method::new(View, |_, _: getPreferredAggregatorCall| {
            Ok(getPreferredAggregatorReturn { aggregator: BATCH_POSTER, isDefault: true })
        }),
        getDefaultAggregatorCall::SELECTOR => Method::new(View, |_, _: getDefaultAggregatorCall| Ok(BATCH_POSTER)),
        getBatchPostersCall::SELECTOR => {
            Method::new(View, |call, _: getBatchPostersCall| Root::l1_pricing().posters().members(call, MAX_POSTERS))
        }
        addBatchPosterCall::SELECTOR => {
            Method::new(Write, |call, args: addBatchPosterCall| add_poster(call, args.newBatchPoster))
        }
        getFeeCollectorCall::SELECTOR => Method::new(View, |call, args: getFeeCollectorCall| {
            Root::l1_pricing().pay_to(call, args.batchPoster)?.ok_or(Failure::Plain)
        }),
        setFeeCollectorCall::SELECTOR => {
            Method::new(Write, |call, args: setFeeCollectorCall| set_fee_collector(call, args))
        }
        // The two methods for fees of a transaction do nothing any more.
        getTxBaseFeeCall::SELECTOR => Method::new(View, |_, _: getTxBaseFeeCall| Ok(U256::ZERO)),
        setTxBaseFeeCall::SELECTOR => Method::new(Write, |_, _: setTxBaseFeeCall| Ok(setTxBaseFeeReturn {})),
        _ => None,
    }
}

fn add_poster<DB: Database>(call: &mut Call<'_, DB>, poster: Address) -> Answer<addBatchPosterReturn, DB> {
    let caller = call.caller;
    if !Root::chain_owners().contains(call, caller)? {
        return Err(Failure::Plain);
    }
    if !Root::l1_pricing().posters().contains(call, poster)? {
        Root::l1_pricing().add_poster(call, poster)?;
    }
    Ok(addBatchPosterReturn {})
}

/// The poster itself may, who is paid until now, and the chain's owners.
fn set_fee_collector<DB: Database>(
    call: &mut Call<'_, DB>,
    args: setFeeCollectorCall,
) -> Answer<setFeeCollectorReturn, DB> {
    let old = Root::l1_pricing().pay_to(call, args.batchPoster)?.ok_or(Failure::Plain)?;
    let caller = call.caller;
    if caller != args.batchPoster && caller != old && !Root::chain_owners().contains(call, caller)? {
        return Err(Failure::Plain);
    }
    Root::l1_pricing().set_pay_to(call, args.batchPoster, args.newFeeCollector).map(|()| setFeeCollectorReturn {})
}
