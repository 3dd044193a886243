//! Time travel.

use super::error::{failure, json};
use super::{Backend, Method, Params, RpcResult};
use alloy::primitives::U256;
use jsonrpsee::types::ErrorObjectOwned;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("evm_increaseTime", increase_time),
    ("anvil_increaseTime", increase_time),
    ("evm_setNextBlockTimestamp", set_next_block_timestamp),
    ("anvil_setNextBlockTimestamp", set_next_block_timestamp),
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
pub(super) fn set_timestamp(backend: &mut Backend, timestamp: U256) -> Result<(), ErrorObjectOwned> {
    backend.chain.set_next_timestamp(timestamp.saturating_to()).map_err(failure)
}
