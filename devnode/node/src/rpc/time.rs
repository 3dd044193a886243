//! Time travel.

use super::error::{failure, json};
use super::{Backend, Method, Params, RpcResult};
use crate::rpc_error::RpcError;
use alloy::primitives::{U64, U256};

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("evm_increaseTime", increase_time),
    ("anvil_increaseTime", increase_time),
    ("evm_setNextBlockTimestamp", set_next_block_timestamp),
    ("anvil_setNextBlockTimestamp", set_next_block_timestamp),
    ("evm_setTime", set_time),
    ("anvil_setTime", set_time),
    ("anvil_setBlockTimestampInterval", set_interval),
    ("anvil_removeBlockTimestampInterval", remove_interval),
];

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

/// Sets the timestamp of the next block.
pub(super) fn set_timestamp(backend: &mut Backend, timestamp: U256) -> Result<(), RpcError> {
    backend.chain.set_next_timestamp(timestamp.saturating_to()).map_err(failure)
}

/// Answers with the seconds from the time until now to the one that is set, as a number.
fn set_time(backend: &mut Backend, mut params: Params) -> RpcResult {
    let timestamp = params.required::<U64>()?.to();
    json(backend.chain.set_time(timestamp).map_err(failure)?)
}

fn set_interval(backend: &mut Backend, mut params: Params) -> RpcResult {
    let seconds = params.required::<U64>()?.to();
    backend.chain.set_timestamp_interval(seconds);
    json(())
}

/// Answers with whether there was an interval.
fn remove_interval(backend: &mut Backend, _: Params) -> RpcResult {
    json(backend.chain.remove_timestamp_interval())
}
