//! What gas costs.

use super::error::{invalid_params, json, refused};
use super::{Backend, Method, Params, RpcResult};
use alloy::eips::BlockNumberOrTag;
use alloy::primitives::{U64, U256};
use alloy::rpc::types::FeeHistory;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] =
    &[("eth_gasPrice", gas_price), ("eth_maxPriorityFeePerGas", max_priority_fee), ("eth_feeHistory", fee_history)];

/// The most blocks `eth_feeHistory` looks back (go-ethereum).
const MAX_FEE_HISTORY: u64 = 1_024;

/// The gas limit of every block, 2^50.
const GAS_LIMIT_AS_FLOAT: f64 = 1_125_899_906_842_624.0;

/// 2^32.
const TWO_TO_THE_32: f64 = 4_294_967_296.0;

fn gas_price(backend: &mut Backend, _: Params) -> RpcResult {
    json(U64::from(backend.chain.head().env().base_fee))
}

/// Tips are dropped on Arbitrum, so none is worth paying.
fn max_priority_fee(_: &mut Backend, _: Params) -> RpcResult {
    json(U64::ZERO)
}

fn fee_history(backend: &mut Backend, mut params: Params) -> RpcResult {
    let count: u64 = params.required::<U256>()?.saturating_to();
    let newest = params.required::<BlockNumberOrTag>()?;
    let percentiles = params.optional::<Vec<f64>>()?.unwrap_or_default();
    let ascending = percentiles.windows(2).all(|pair| pair[0] <= pair[1]);
    if !ascending || percentiles.iter().any(|percentile| !(0.0..=100.0).contains(percentile)) {
        return Err(invalid_params("invalid reward percentile"));
    }
    let newest = backend.chain.block(newest.into()).ok_or_else(|| refused("request beyond head block"))?.number();
    let count = count.min(MAX_FEE_HISTORY).min(newest + 1);
    if count == 0 {
        return json(FeeHistory::default());
    }
    let oldest_block = newest + 1 - count;
    let blocks = (oldest_block..=newest).filter_map(|number| backend.chain.ledger().block(number));
    let (gas_used_ratio, mut base_fees): (Vec<f64>, Vec<u128>) =
        blocks.map(|block| (ratio(block.header().gas_used), u128::from(block.env().base_fee))).unzip();
    // One more than blocks: the base fee of the block after the newest is known too.
    let next = backend.chain.ledger().block(newest + 1).map(|block| block.env().base_fee);
    base_fees.push(next.unwrap_or_else(|| backend.chain.next_base_fee()).into());
    let history = FeeHistory {
        base_fee_per_gas: base_fees,
        reward: (!percentiles.is_empty()).then(|| vec![vec![0; percentiles.len()]; gas_used_ratio.len()]),
        gas_used_ratio,
        oldest_block,
        ..FeeHistory::default()
    };
    json(history)
}

/// The share of the block's gas limit that was used.
fn ratio(gas_used: u64) -> f64 {
    // A float holds both halves exactly, and their sum below 2^53.
    let [high, low] = [gas_used >> 32, gas_used & 0xffff_ffff].map(|half| u32::try_from(half).unwrap_or(u32::MAX));
    (f64::from(high) * TWO_TO_THE_32 + f64::from(low)) / GAS_LIMIT_AS_FLOAT
}
