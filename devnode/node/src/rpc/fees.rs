//! What gas costs.

use super::error::{failure, forked, json};
use super::{Backend, Method, Params, RpcResult};
use crate::chain::{Block, Chain, ForkError};
use alloy::eips::BlockNumberOrTag;
use alloy::primitives::{U64, U256};
use serde_json::json as object;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("eth_gasPrice", gas_price),
    ("eth_maxPriorityFeePerGas", max_priority_fee),
    ("eth_blobBaseFee", blob_base_fee),
    ("eth_feeHistory", fee_history),
];

/// The most blocks `eth_feeHistory` looks back (go-ethereum).
const MAX_FEE_HISTORY: u64 = 1_024;

/// 2^32.
const TWO_TO_THE_32: f64 = 4_294_967_296.0;

fn gas_price(backend: &mut Backend, _: Params) -> RpcResult {
    json(U64::from(backend.chain.head().env().base_fee))
}

/// Tips are dropped on Arbitrum, so none is worth paying.
fn max_priority_fee(_: &mut Backend, _: Params) -> RpcResult {
    json(U64::ZERO)
}

/// There are no blobs.
fn blob_base_fee(_: &mut Backend, _: Params) -> RpcResult {
    json(())
}

/// The percentiles are not looked at, since there are no tips.
fn fee_history(backend: &mut Backend, mut params: Params) -> RpcResult {
    let count: u64 = params.required::<U256>()?.saturating_to();
    let newest = params.required::<BlockNumberOrTag>()?;
    let percentiles = params.optional::<Vec<f64>>()?.unwrap_or_default();
    let chain = &backend.chain;
    let newest = match newest {
        BlockNumberOrTag::Number(number) => number.min(chain.head().number()),
        tag => chain.block(tag.into()).map_err(failure)?.unwrap_or(chain.head()).number(),
    };
    let count = count.min(MAX_FEE_HISTORY).min(newest.saturating_add(1).saturating_sub(chain.ledger().first()));
    if count == 0 {
        return json(object!({ "oldestBlock": "0x0", "gasUsedRatio": null }));
    }
    let oldest = newest + 1 - count;
    let mut fullness = Fullness::since(chain, oldest).map_err(forked)?;
    let blocks = (oldest..=newest).filter_map(|number| chain.ledger().block(number));
    let (ratios, mut base_fees): (Vec<f64>, Vec<U64>) =
        blocks.map(|block| (fullness.after(block), U64::from(block.env().base_fee))).unzip();
    // One more than blocks: the next one's. After the head, it is taken for the same.
    let next = chain.ledger().block(newest.saturating_add(1)).map(|block| U64::from(block.env().base_fee));
    base_fees.extend(next.or(base_fees.last().copied()));
    let mut history = object!({
        "oldestBlock": U64::from(oldest),
        "baseFeePerGas": base_fees,
        "gasUsedRatio": ratios,
    });
    if let (false, Some(fields)) = (percentiles.is_empty(), history.as_object_mut()) {
        fields.insert("reward".into(), object!(vec![vec![U64::ZERO; percentiles.len()]; ratios.len()]));
    }
    Ok(history)
}

/// How full blocks are: the gas that was computed since the time last moved, as a part of twice what the chain sustains
/// in so many seconds.
struct Fullness {
    speed_limit: u64,
    timestamp: u64,
    seconds: u64,
    gas: u64,
}

impl Fullness {
    /// Before the block with the number `oldest`.
    fn since(chain: &Chain, oldest: u64) -> Result<Self, ForkError> {
        let parent = oldest.checked_sub(1);
        let timestamp = parent.and_then(|parent| chain.ledger().block(parent)).map_or(0, |block| block.timestamp());
        Ok(Self { speed_limit: chain.speed_limit()?, timestamp, seconds: 0, gas: 0 })
    }

    fn after(&mut self, block: &Block) -> f64 {
        let seconds = block.timestamp().saturating_sub(self.timestamp);
        if seconds > 0 {
            (self.seconds, self.gas) = (seconds, 0);
        }
        self.timestamp = block.timestamp();
        let computed = block.transactions().iter().map(|one| one.gas_used.saturating_sub(one.gas_used_for_l1));
        self.gas = computed.fold(self.gas, u64::saturating_add);
        // Without a time since it moved, the block counts as full.
        if self.seconds == 0 {
            return 1.0;
        }
        (float(self.gas) / float(self.speed_limit) / float(self.seconds) / 2.0).min(1.0)
    }
}

/// The number as a float, exact below 2^53.
fn float(number: u64) -> f64 {
    let [high, low] = [number >> 32, number & 0xffff_ffff].map(|half| u32::try_from(half).unwrap_or(u32::MAX));
    f64::from(high) * TWO_TO_THE_32 + f64::from(low)
}
