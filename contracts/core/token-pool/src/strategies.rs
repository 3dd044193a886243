//! Listed tokens, their limits and what the protocol owes of each.

use crate::storage::TokenPool;
use alloy_primitives::{Address, U8};
use arithmetic::limits;
use arithmetic::wide::mul_div_down;
use common::stored::{amount, byte, set_amount};
use common::{access, Emit, Outcome, Revert};
use interfaces::{IStrategyManager, ITokenPool};
use stylus_sdk::prelude::*;

/// Status of a token that was never listed.
pub(crate) const UNLISTED: U8 = U8::ZERO;
/// Status of a token that takes deposits.
pub(crate) const OPEN: U8 = U8::from_limbs([1]);
/// Status of a listed token that takes none.
pub(crate) const CLOSED: U8 = U8::from_limbs([2]);

impl TokenPool {
    /// Lists a token, or sets the limits of a listed one.
    pub(crate) fn _set_strategy(
        &mut self,
        token: Address,
        open: bool,
        cap: u128,
        deposit_percent: u8,
        outflow_percent: u8,
    ) -> Outcome {
        if !limits::fit(cap, deposit_percent, outflow_percent) {
            return Err(ITokenPool::InvalidLimits {}.into());
        }
        let is_new = self.require_listed(token).is_err();
        let mut strategy = self.strategies.setter(token);
        set_amount(&mut strategy.cap, cap).map_err(|_| too_large())?;
        strategy.status.set(if open { OPEN } else { CLOSED });
        strategy.deposit_percent.set(U8::from(deposit_percent));
        strategy.outflow_percent.set(U8::from(outflow_percent));
        self.vm().emit(&ITokenPool::StrategySet {
            token,
            open,
            cap,
            depositPercent: deposit_percent,
            outflowPercent: outflow_percent,
        });
        if is_new {
            access::contract(self.vm(), token)?;
            self.tell(&IStrategyManager::addStrategyCall { token })?;
        }
        Ok(())
    }

    pub(crate) fn require_listed(&self, token: Address) -> Outcome {
        if self.strategies.getter(token).status.get() == UNLISTED {
            return Err(ITokenPool::StrategyNotListed { token }.into());
        }
        Ok(())
    }

    /// Adds a deposit to what the protocol owes of `token`, within its cap and the limit of one deposit. Returns what
    /// is owed then.
    pub(crate) fn owe_deposit(&mut self, token: Address, more: u128) -> Outcome<u128> {
        let owed = self.owe_within_cap(token, more)?;
        let strategy = self.strategies.getter(token);
        let cap = amount(&strategy.cap);
        // Rounded down, against the depositor; the quotient is at most the cap.
        let limit = mul_div_down(cap, u128::from(byte(&strategy.deposit_percent)), 100).unwrap_or(cap);
        if more > limit {
            return Err(ITokenPool::DepositTooLarge { amount: more, limit }.into());
        }
        Ok(owed)
    }

    /// Adds what comes in to what the protocol owes of `token`, which must be open, within its cap. Returns what is
    /// owed then.
    pub(crate) fn owe_within_cap(&mut self, token: Address, more: u128) -> Outcome<u128> {
        self.require_listed(token)?;
        let mut strategy = self.strategies.setter(token);
        if strategy.status.get() == CLOSED {
            return Err(ITokenPool::StrategyIsClosed { token }.into());
        }
        let cap = amount(&strategy.cap);
        let total = amount(&strategy.owed).checked_add(more).ok_or_else(too_large)?;
        if total > cap {
            return Err(ITokenPool::StrategyCapExceeded { total, cap }.into());
        }
        set_amount(&mut strategy.owed, total).map_err(|_| too_large())?;
        Ok(total)
    }

    /// Subtracts what leaves the vault from what the protocol owes of `token`.
    pub(crate) fn settle(&mut self, token: Address, less: u128) -> Outcome {
        let mut strategy = self.strategies.setter(token);
        let rest = amount(&strategy.owed).checked_sub(less).ok_or_else(too_large)?;
        set_amount(&mut strategy.owed, rest).map_err(|_| too_large())
    }
}

pub(crate) fn too_large() -> Revert {
    IStrategyManager::AmountTooLarge {}.into()
}
