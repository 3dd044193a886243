//! Moving the token, as [`common::token`] does, with calls put together from words: an encoder and a decoder for each
//! function would not fit.

use crate::storage::RestakingVault;
use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use common::{calls, Outcome};
use interfaces::{ITokenPool, IERC20};
use stylus_sdk::prelude::*;

impl RestakingVault {
    /// Takes `amount` from `owner`, and checks that the contract then holds all that it owes with it.
    pub(crate) fn pull(&mut self, owner: Address, amount: u128) -> Outcome {
        let this = self.vm().contract_address();
        let words = [owner.into_word(), this.into_word(), calls::word(amount)];
        self.tell_token(IERC20::transferFromCall::SELECTOR, &words)?;
        let answer = calls::ask(self.vm(), self.token.get(), IERC20::balanceOfCall::SELECTOR, &[this])?;
        let (idle, pots) = self.held();
        let short = idle.saturating_add(pots).saturating_sub(calls::answer(&answer, 0)?);
        if short != 0 {
            let (received, expected) = (U256::from(amount.saturating_sub(short)), U256::from(amount));
            return Err(ITokenPool::TransferShortfall { received, expected }.into());
        }
        Ok(())
    }

    /// Sends `amount` to `recipient`.
    pub(crate) fn push(&mut self, recipient: Address, amount: u128) -> Outcome {
        self.tell_token(IERC20::transferCall::SELECTOR, &[recipient.into_word(), calls::word(amount)])
    }

    /// Lets the TokenPool take any amount.
    pub(crate) fn allow_token_pool(&mut self) -> Outcome {
        let spender = self.token_pool.get().into_word();
        self.tell_token(IERC20::approveCall::SELECTOR, &[spender, B256::repeat_byte(0xff)])
    }

    /// A token says that a transfer worked by returning nothing (the older tokens) or `true`.
    #[inline(never)]
    fn tell_token(&mut self, selector: [u8; 4], words: &[B256]) -> Outcome {
        let token = self.token.get();
        let returned = calls::send_raw(self, token, U256::ZERO, &calls::words(selector, words))?;
        let says_true = returned.len() == 32 && calls::answer(&returned, 0).is_ok_and(|answer| answer == 1);
        if returned.is_empty() || says_true {
            return Ok(());
        }
        Err(ITokenPool::TransferFailed { token }.into())
    }
}
