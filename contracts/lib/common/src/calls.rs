//! Calls between contracts, through the call types of `interfaces`.

use crate::revert::{Outcome, Revert};
use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use stylus_sdk::call;
use stylus_sdk::prelude::*;
use stylus_sdk::stylus_core::calls::errors::Error;

/// Asks `to` without letting it change anything.
///
/// # Errors
/// What the callee reverted with; empty if its answer cannot be decoded.
pub fn view<C: SolCall>(vm: &impl Host, to: Address, request: &C) -> Outcome<C::Return> {
    decode::<C>(&view_raw(vm, to, &request.abi_encode())?)
}

/// Tells `to` to do something. Storage is flushed before and read afresh after.
///
/// # Errors
/// What the callee reverted with; empty if its answer cannot be decoded.
pub fn send<C: SolCall>(
    contract: &mut (impl TopLevelStorage + HostAccess),
    to: Address,
    request: &C,
) -> Outcome<C::Return> {
    decode::<C>(&send_raw(contract, to, U256::ZERO, &request.abi_encode())?)
}

/// Asks `to` with encoded calldata. Not generic, so that its code exists once in a program.
///
/// # Errors
/// What the callee reverted with.
pub fn view_raw(vm: &impl Host, to: Address, calldata: &[u8]) -> Outcome<Vec<u8>> {
    call::static_call(vm, Call::new(), to, calldata).map_err(passed_on)
}

/// Asks `to` with encoded calldata and at most `gas`.
///
/// # Errors
/// What the callee reverted with.
pub fn view_within(vm: &impl Host, to: Address, gas: u64, calldata: &[u8]) -> Outcome<Vec<u8>> {
    call::static_call(vm, Call::new().gas(gas), to, calldata).map_err(passed_on)
}

/// Sends `value` wei and encoded calldata to `to`.
///
/// # Errors
/// What the callee reverted with.
pub fn send_raw(
    contract: &mut (impl TopLevelStorage + HostAccess),
    to: Address,
    value: U256,
    calldata: &[u8],
) -> Outcome<Vec<u8>> {
    let context = Call::new_payable(contract, value);
    call::call(contract.vm(), context, to, calldata).map_err(passed_on)
}

/// Sends encoded calldata to `to`, with at most `gas`.
///
/// # Errors
/// What the callee reverted with.
pub fn send_within(
    contract: &mut (impl TopLevelStorage + HostAccess),
    to: Address,
    gas: u64,
    calldata: &[u8],
) -> Outcome<Vec<u8>> {
    let context = Call::new_mutating(contract).gas(gas);
    call::call(contract.vm(), context, to, calldata).map_err(passed_on)
}

fn decode<C: SolCall>(returned: &[u8]) -> Outcome<C::Return> {
    C::abi_decode_returns_validate(returned).map_err(|_| Revert::passed_on(Vec::new()))
}

fn passed_on(error: Error) -> Revert {
    match error {
        Error::Revert(data) => Revert::passed_on(data),
        Error::AbiDecodingFailed(_) => Revert::passed_on(Vec::new()),
    }
}
