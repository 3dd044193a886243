//! When blocks are mined.

use super::error::{failure, invalid_params, json};
use super::time::set_timestamp;
use super::views::block_view;
use super::{Backend, Method, Params, RpcResult};
use crate::rpc_error::RpcError;
use alloy::primitives::{U64, U256};
use serde::Deserialize;
use std::time::Duration;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("evm_mine", evm_mine),
    ("evm_mineDetailed", mine_detailed),
    ("anvil_mine", anvil_mine),
    ("hardhat_mine", anvil_mine),
    ("evm_setAutomine", set_automine),
    ("anvil_setAutomine", set_automine),
    ("anvil_getAutomine", get_automine),
    ("hardhat_getAutomine", get_automine),
    ("evm_setIntervalMining", set_interval),
    ("anvil_setIntervalMining", set_interval),
    ("anvil_getIntervalMining", get_interval),
    ("anvil_setBlockGasLimit", set_block_gas_limit),
    ("evm_setBlockGasLimit", set_block_gas_limit),
    ("anvil_setNextBlockBaseFeePerGas", set_next_base_fee),
    ("hardhat_setNextBlockBaseFeePerGas", set_next_base_fee),
];

/// The most blocks one request mines, so that it ends.
const MAX_MINED_BLOCKS: u64 = 100_000;

/// What `evm_mine` takes: nothing, a timestamp, or both a timestamp and a number of blocks.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum MineOptions {
    Timestamp(U256),
    Options { timestamp: Option<U256>, blocks: Option<U256> },
}

fn evm_mine(backend: &mut Backend, params: Params) -> RpcResult {
    mine(backend, params)?;
    json("0x0")
}

/// The same, and answers with the blocks.
fn mine_detailed(backend: &mut Backend, params: Params) -> RpcResult {
    let before = backend.chain.head().number();
    mine(backend, params)?;
    let mined = before.saturating_add(1)..=backend.chain.head().number();
    let blocks = mined.filter_map(|number| backend.chain.ledger().block(number));
    json(blocks.map(|block| block_view(block, true)).collect::<Vec<_>>())
}

fn mine(backend: &mut Backend, mut params: Params) -> Result<(), RpcError> {
    let (timestamp, blocks) = match params.optional()? {
        None => (None, None),
        Some(MineOptions::Timestamp(timestamp)) => (Some(timestamp), None),
        Some(MineOptions::Options { timestamp, blocks }) => (timestamp, blocks),
    };
    let blocks = block_count(blocks)?;
    if let Some(timestamp) = timestamp {
        set_timestamp(backend, timestamp)?;
    }
    (0..blocks).try_for_each(|_| backend.chain.mine()).map_err(failure)
}

/// Mines some blocks, with some seconds from each to the next.
fn anvil_mine(backend: &mut Backend, mut params: Params) -> RpcResult {
    let blocks = block_count(params.optional()?)?;
    let interval: u64 = params.optional::<U256>()?.unwrap_or_default().saturating_to();
    for mined in 0..blocks {
        if mined > 0 && interval > 0 {
            backend.chain.advance_time(interval);
        }
        backend.chain.mine().map_err(failure)?;
    }
    json(())
}

fn block_count(blocks: Option<U256>) -> Result<u64, RpcError> {
    let blocks: u64 = blocks.unwrap_or(U256::from(1)).saturating_to();
    if blocks > MAX_MINED_BLOCKS {
        return Err(invalid_params(&format!("cannot mine more than {MAX_MINED_BLOCKS} blocks at once")));
    }
    Ok(blocks)
}

fn set_automine(backend: &mut Backend, mut params: Params) -> RpcResult {
    let automine = params.required()?;
    backend.chain.set_automine(automine);
    json(())
}

fn get_automine(backend: &mut Backend, _: Params) -> RpcResult {
    json(backend.chain.is_automine())
}

/// Takes seconds, under both names. Zero ends mining by itself.
fn set_interval(backend: &mut Backend, mut params: Params) -> RpcResult {
    let seconds = params.required::<U64>()?.to();
    backend.chain.set_mining_interval(Duration::from_secs(seconds));
    json(())
}

/// Answers with seconds, or null without an interval.
fn get_interval(backend: &mut Backend, _: Params) -> RpcResult {
    json(backend.chain.mining_interval().map(|every| every.as_secs()))
}

/// The gas limit in headers stays Arbitrum's.
fn set_block_gas_limit(backend: &mut Backend, mut params: Params) -> RpcResult {
    backend.chain.set_block_gas_limit(params.required::<U256>()?.saturating_to());
    json(true)
}

fn set_next_base_fee(backend: &mut Backend, mut params: Params) -> RpcResult {
    backend.chain.set_next_base_fee(params.required::<U256>()?.saturating_to());
    json(true)
}
