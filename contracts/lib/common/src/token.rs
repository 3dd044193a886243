//! Moving ERC-20 tokens, whatever they return.

use crate::calls;
use crate::revert::Outcome;
use crate::words;
use alloy_primitives::{Address, U256};
use interfaces::{ITokenPool, IERC20};
use stylus_sdk::prelude::*;

/// Takes `amount` of `token` from `owner` out of the contract's allowance, and checks that the contract then holds all
/// that it owes with it, `owed`: one question instead of one before and one after. So it credits no more than it was
/// sent, whatever the token does. A fee could only be paid out of what belongs to nobody.
///
/// # Errors
/// The token's own error; [`ITokenPool::TransferFailed`]; [`ITokenPool::TransferShortfall`] if the token kept a fee.
pub fn pull<S: TopLevelStorage + HostAccess>(
    contract: &mut S,
    token: Address,
    owner: Address,
    amount: u128,
    owed: u128,
) -> Outcome {
    let this = contract.vm().contract_address();
    let expected = U256::from(amount);
    let request = IERC20::transferFromCall { from: owner, to: this, value: expected };
    let returned = calls::send_raw(contract, token, U256::ZERO, &words::call(&request))?;
    accepted(token, &returned)?;
    let held: U256 = calls::view(contract.vm(), token, &IERC20::balanceOfCall { account: this })?;
    let short = U256::from(owed).saturating_sub(held);
    if !short.is_zero() {
        let received = expected.saturating_sub(short);
        return Err(ITokenPool::TransferShortfall { received, expected }.into());
    }
    Ok(())
}

/// Sends `amount` of `token` from the contract to `recipient`.
///
/// # Errors
/// The token's own error; [`ITokenPool::TransferFailed`].
pub fn push<S: TopLevelStorage + HostAccess>(
    contract: &mut S,
    token: Address,
    recipient: Address,
    amount: u128,
) -> Outcome {
    let request = IERC20::transferCall { to: recipient, value: U256::from(amount) };
    let returned = calls::send_raw(contract, token, U256::ZERO, &words::call(&request))?;
    accepted(token, &returned)
}

/// Lets `spender` take any amount of `token` from the contract.
///
/// # Errors
/// The token's own error; [`ITokenPool::TransferFailed`].
pub fn allow<S: TopLevelStorage + HostAccess>(contract: &mut S, token: Address, spender: Address) -> Outcome {
    let request = IERC20::approveCall { spender, value: U256::MAX };
    let returned = calls::send_raw(contract, token, U256::ZERO, &words::call(&request))?;
    accepted(token, &returned)
}

/// A token says that a transfer worked by returning nothing (the older tokens) or `true`.
fn accepted(token: Address, returned: &[u8]) -> Outcome {
    let says_true =
        returned.len() == 32 && returned.ends_with(&[1]) && returned.iter().filter(|byte| **byte != 0).count() == 1;
    if returned.is_empty() || says_true {
        Ok(())
    } else {
        Err(ITokenPool::TransferFailed { token }.into())
    }
}
