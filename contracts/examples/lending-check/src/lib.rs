//! LendingCheck: a consumer of a price. See [`interfaces::ILendingCheck`].
//!
//! Invariant: no answer rests on a price that is too old, or that too little stake stands behind.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod storage;

pub use storage::LendingCheck;

use alloc::vec::Vec;
use alloy_primitives::{Address, U16, U8};
use alloy_sol_types::SolCall;
use arithmetic::wide::mul_div_down;
use common::stored::{byte, large, number, set_large, set_number};
use common::{access, calls, Outcome};
use interfaces::{ILendingCheck, IPriceFeed};
use stylus_sdk::prelude::*;

/// 100 % in basis points.
const ALL: u16 = 10_000;

#[public]
impl LendingCheck {
    /// Sets for good: the feed; how old a price may be (seconds); how much stake must have signed it; and the part of
    /// the value that can be borrowed (basis points).
    #[constructor]
    pub fn constructor(&mut self, feed: Address, max_age: u64, minimum_stake: u128, loan_to_value: u16) -> Outcome {
        if loan_to_value == 0 || loan_to_value > ALL {
            return Err(ILendingCheck::InvalidLoanToValue { loanToValue: loan_to_value }.into());
        }
        self.feed.set(access::contract(self.vm(), feed)?);
        set_number(&mut self.max_age, max_age);
        set_large(&mut self.minimum_stake, minimum_stake);
        self.loan_to_value.set(U16::from(loan_to_value));
        let decimals = calls::view(self.vm(), feed, &IPriceFeed::decimalsCall {})?;
        self.decimals.set(U8::from(decimals));
        Ok(())
    }

    fn borrowable(&self, collateral: u128) -> Outcome<u128> {
        let price = self.price()?;
        let too_large = || ILendingCheck::ValueTooLarge {};
        let unit = 10u128.checked_pow(u32::from(byte(&self.decimals))).ok_or_else(too_large)?;
        // Rounded down twice, against the borrower.
        let value = mul_div_down(collateral, price, unit).ok_or_else(too_large)?;
        let part = u128::from(self.loan_to_value.get().to::<u16>());
        Ok(mul_div_down(value, part, u128::from(ALL)).ok_or_else(too_large)?)
    }

    fn is_covered(&self, collateral: u128, debt: u128) -> Outcome<bool> {
        Ok(debt <= self.borrowable(collateral)?)
    }

    fn terms(&self) -> (Address, u64, u128, u16) {
        (self.feed.get(), number(&self.max_age), large(&self.minimum_stake), self.loan_to_value.get().to())
    }
}

impl LendingCheck {
    /// The price, if it is fresh and enough stake stands behind it.
    fn price(&self) -> Outcome<u128> {
        let feed = self.feed.get();
        let data = calls::ask(self.vm(), feed, IPriceFeed::latestRoundDataCall::SELECTOR, &[])?;
        let (round_id, price) = (calls::answer(&data, 0)?, calls::answer(&data, 1)?);
        let updated_at = u64::try_from(calls::answer(&data, 3)?).unwrap_or(u64::MAX);
        let max_age = number(&self.max_age);
        if self.vm().block_timestamp() > updated_at.saturating_add(max_age) {
            return Err(ILendingCheck::StalePrice { updatedAt: updated_at, maxAge: max_age }.into());
        }
        let question = calls::words(IPriceFeed::guaranteeOfCall::SELECTOR, &[calls::word(round_id)]);
        let signed_stake = calls::answer(&calls::view_raw(self.vm(), feed, &question)?, 0)?;
        let minimum = large(&self.minimum_stake);
        if signed_stake < minimum {
            return Err(ILendingCheck::WeakPrice { signedStake: signed_stake, minimum }.into());
        }
        Ok(price)
    }
}
