//! Calls between contracts, through the call types of `interfaces`. The zero address is where a contract will be that
//! this one was not told of yet ([`crate::connection`]): a call to it would succeed and do nothing, so it is refused.

use crate::revert::{Outcome, Revert};
use crate::stored::narrow;
use crate::words::{self, Words};
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use interfaces::IAccess;
use stylus_sdk::call;
use stylus_sdk::prelude::*;
use stylus_sdk::stylus_core::calls::errors::Error;

/// Asks `to` without letting it change anything.
///
/// # Errors
/// What the callee reverted with; empty if its answer cannot be decoded.
pub fn view<C: SolCall>(vm: &impl Host, to: Address, request: &C) -> Outcome<C::Return>
where
    for<'a> C::Token<'a>: Words,
{
    decode::<C>(&view_raw(vm, to, &words::call(request))?)
}

/// Tells `to` to do something. Storage is flushed before and read afresh after.
///
/// # Errors
/// What the callee reverted with; empty if its answer cannot be decoded.
pub fn send<C: SolCall>(
    contract: &mut (impl TopLevelStorage + HostAccess),
    to: Address,
    request: &C,
) -> Outcome<C::Return>
where
    for<'a> C::Token<'a>: Words,
{
    decode::<C>(&send_raw(contract, to, U256::ZERO, &words::call(request))?)
}

/// Asks `to` with encoded calldata. Not generic, so that its code exists once in a program.
///
/// # Errors
/// What the callee reverted with; [`IAccess::NotConnected`].
pub fn view_raw(vm: &impl Host, to: Address, calldata: &[u8]) -> Outcome<Vec<u8>> {
    connected(to)?;
    call::static_call(vm, Call::new(), to, calldata).map_err(passed_on)
}

/// Asks `to` what the function with this selector, which takes `accounts` and nothing else, says. [`answer`] reads the
/// words of it. For programs that are short of room: [`view`] brings an encoder and a decoder of its own for each
/// function.
///
/// # Errors
/// What the callee reverted with.
pub fn ask(vm: &impl Host, to: Address, selector: [u8; 4], accounts: &[Address]) -> Outcome<Vec<u8>> {
    view_raw(vm, to, &question(selector, accounts))
}

/// The calldata of the function with this selector that takes `accounts` and nothing else.
pub fn question(selector: [u8; 4], accounts: &[Address]) -> Vec<u8> {
    let mut calldata = selected(selector, accounts.len());
    accounts.iter().for_each(|account| calldata.extend_from_slice(account.into_word().as_slice()));
    calldata
}

/// The calldata of the function with this selector that takes `words`: addresses and numbers.
pub fn words(selector: [u8; 4], words: &[B256]) -> Vec<u8> {
    let mut calldata = selected(selector, words.len());
    words.iter().for_each(|word| calldata.extend_from_slice(word.as_slice()));
    calldata
}

/// A selector, with room for so many words behind it: memory that grows is never used again.
pub(crate) fn selected(selector: [u8; 4], words: usize) -> Vec<u8> {
    let mut calldata = Vec::with_capacity(words.saturating_mul(32).saturating_add(4));
    calldata.extend_from_slice(&selector);
    calldata
}

/// A number as a word.
pub fn word(number: u128) -> B256 {
    B256::left_padding_from(&number.to_be_bytes())
}

/// The word number `index` of an answer, as a number.
///
/// # Errors
/// Without a reason, if it is not there or exceeds 128 bits.
pub fn answer(words: &[u8], index: usize) -> Outcome<u128> {
    let (words, _) = words.as_chunks::<32>();
    let number = words.get(index).and_then(|word| narrow(U256::from_be_bytes(*word)));
    number.ok_or_else(|| Revert::passed_on(Vec::new()))
}

/// Asks `to` a function that takes words and answers with `N` of them. As [`ask`], for programs that are short of room.
///
/// # Errors
/// What the callee reverted with; empty if its answer has another length.
pub fn ask_words<const N: usize>(
    vm: &impl Host,
    to: Address,
    selector: [u8; 4],
    arguments: &[B256],
) -> Outcome<[B256; N]> {
    exactly(&view_raw(vm, to, &words(selector, arguments))?)
}

/// Tells `to` to do what takes words and answers with `N` of them.
///
/// # Errors
/// As [`ask_words`].
pub fn tell_words<const N: usize>(
    contract: &mut (impl TopLevelStorage + HostAccess),
    to: Address,
    selector: [u8; 4],
    arguments: &[B256],
) -> Outcome<[B256; N]> {
    exactly(&send_raw(contract, to, U256::ZERO, &words(selector, arguments))?)
}

fn exactly<const N: usize>(answer: &[u8]) -> Outcome<[B256; N]> {
    words::decoded(answer).ok_or_else(|| Revert::passed_on(Vec::new()))
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
/// What the callee reverted with; [`IAccess::NotConnected`].
pub fn send_raw(
    contract: &mut (impl TopLevelStorage + HostAccess),
    to: Address,
    value: U256,
    calldata: &[u8],
) -> Outcome<Vec<u8>> {
    connected(to)?;
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

#[inline(never)]
fn connected(to: Address) -> Outcome {
    if to.is_zero() {
        return Err(IAccess::NotConnected {}.into());
    }
    Ok(())
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
