//! What a development chain can do and a real one cannot: time travel, snapshots, blocks by hand.

use super::error::{failure, invalid_params, json};
use super::{Backend, Method, Params, RpcResult};
use alloy::primitives::{U64, U256};
use jsonrpsee::types::ErrorObjectOwned;
use serde::Deserialize;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("evm_snapshot", snapshot),
    ("anvil_snapshot", snapshot),
    ("evm_revert", revert),
    ("anvil_revert", revert),
    ("evm_increaseTime", increase_time),
    ("anvil_increaseTime", increase_time),
    ("evm_setNextBlockTimestamp", set_next_block_timestamp),
    ("anvil_setNextBlockTimestamp", set_next_block_timestamp),
    ("evm_mine", evm_mine),
    ("anvil_mine", anvil_mine),
    ("hardhat_mine", anvil_mine),
];

/// The most blocks one request mines, so that it ends.
const MAX_MINED_BLOCKS: u64 = 100_000;

fn snapshot(backend: &mut Backend, _: Params) -> RpcResult {
    json(U64::from(backend.chain.snapshot()))
}

fn revert(backend: &mut Backend, mut params: Params) -> RpcResult {
    let id: u64 = params.required::<U256>()?.saturating_to();
    let reverted = backend.chain.revert(id);
    backend.filters.go_back(backend.chain.head().number());
    json(reverted)
}

/// Answers with the seconds added, as a number.
fn increase_time(backend: &mut Backend, mut params: Params) -> RpcResult {
    let seconds: u64 = params.required::<U256>()?.saturating_to();
    backend.chain.advance_time(seconds);
    json(seconds)
}

fn set_next_block_timestamp(backend: &mut Backend, mut params: Params) -> RpcResult {
    set_timestamp(backend, params.required()?)?;
    json(())
}

fn set_timestamp(backend: &mut Backend, timestamp: U256) -> Result<(), ErrorObjectOwned> {
    backend.chain.set_next_timestamp(timestamp.saturating_to()).map_err(failure)
}

/// What `evm_mine` takes: nothing, a timestamp, or both a timestamp and a number of blocks.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum MineOptions {
    Timestamp(U256),
    Options { timestamp: Option<U256>, blocks: Option<U256> },
}

fn evm_mine(backend: &mut Backend, mut params: Params) -> RpcResult {
    let (timestamp, blocks) = match params.optional()? {
        None => (None, None),
        Some(MineOptions::Timestamp(timestamp)) => (Some(timestamp), None),
        Some(MineOptions::Options { timestamp, blocks }) => (timestamp, blocks),
    };
    let blocks = block_count(blocks)?;
    if let Some(timestamp) = timestamp {
        set_timestamp(backend, timestamp)?;
    }
    (0..blocks).for_each(|_| backend.chain.mine());
    json("0x0")
}

/// Mines some blocks, with some seconds from each to the next.
fn anvil_mine(backend: &mut Backend, mut params: Params) -> RpcResult {
    let blocks = block_count(params.optional()?)?;
    let interval: u64 = params.optional::<U256>()?.unwrap_or_default().saturating_to();
    for mined in 0..blocks {
        if mined > 0 && interval > 0 {
            backend.chain.advance_time(interval);
        }
        backend.chain.mine();
    }
    json(())
}

fn block_count(blocks: Option<U256>) -> Result<u64, ErrorObjectOwned> {
    let blocks: u64 = blocks.unwrap_or(U256::from(1)).saturating_to();
    if blocks > MAX_MINED_BLOCKS {
        return Err(invalid_params(&format!("cannot mine more than {MAX_MINED_BLOCKS} blocks at once")));
    }
    Ok(blocks)
}
