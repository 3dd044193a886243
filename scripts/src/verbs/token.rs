//! What holders of tokens do.

use super::Verb;
use crate::suite::Suite;
use alloy::primitives::{Address, U256};
use alloy::sol_types::SolEvent;
use interfaces::IERC20::{Approval, Transfer, approveCall, transferCall};
use interfaces::ILiquidStakingToken::depositCall;

/// Turns ETH into tokens: with the staking token of development chains.
pub fn mint(suite: &Suite, wei: U256) -> Verb<depositCall> {
    Verb::new(suite.token, depositCall {}, &[Transfer::SIGNATURE_HASH]).carrying(wei)
}

/// Lets `spender` take tokens.
pub fn approve(token: Address, spender: Address, value: U256) -> Verb<approveCall> {
    Verb::new(token, approveCall { spender, value }, &[Approval::SIGNATURE_HASH])
}

/// Sends tokens.
pub fn transfer(token: Address, to: Address, value: U256) -> Verb<transferCall> {
    Verb::new(token, transferCall { to, value }, &[Transfer::SIGNATURE_HASH])
}
