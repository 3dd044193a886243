//! Listed tokens, their caps and what the protocol owes of each.

use crate::ledger::refused;
use crate::storage::StrategyManager;
use alloy_primitives::Address;
use common::stored::{amount, set_amount};
use common::{access, Outcome};
use interfaces::IStrategyManager;
use stylus_sdk::prelude::*;

/// Most strategies: a slash visits each, at about 7,000 gas for one in which the operator has nothing.
const MAX_STRATEGIES: u64 = 16;

impl StrategyManager {
    pub(crate) fn list(&mut self, token: Address, cap: u128) -> Outcome {
        access::contract(self.vm(), token)?;
        if self.strategies.getter(token).listed.get() {
            return Err(IStrategyManager::StrategyAlreadyListed { token }.into());
        }
        if self.count_strategies() >= MAX_STRATEGIES {
            return Err(IStrategyManager::TooManyStrategies { limit: MAX_STRATEGIES }.into());
        }
        self.tokens.push(token);
        self.strategies.setter(token).listed.set(true);
        self.set_cap(token, cap)
    }

    pub(crate) fn set_cap(&mut self, token: Address, cap: u128) -> Outcome {
        let mut strategy = self.strategies.setter(token);
        if !strategy.listed.get() {
            return Err(IStrategyManager::StrategyNotListed { token }.into());
        }
        set_amount(&mut strategy.cap, cap).map_err(refused)?;
        self.vm().log(IStrategyManager::StrategyCapSet { token, cap });
        Ok(())
    }

    pub(crate) fn count_strategies(&self) -> u64 {
        u64::try_from(self.tokens.len()).unwrap_or(u64::MAX)
    }

    /// Adds to what the protocol owes of `token`, within its cap.
    pub(crate) fn owe(&mut self, token: Address, more: u128) -> Outcome {
        let mut strategy = self.strategies.setter(token);
        if !strategy.listed.get() {
            return Err(IStrategyManager::StrategyNotListed { token }.into());
        }
        let cap = amount(&strategy.cap);
        let total = amount(&strategy.owed).checked_add(more).ok_or(IStrategyManager::AmountTooLarge {})?;
        if total > cap {
            return Err(IStrategyManager::StrategyCapExceeded { total, cap }.into());
        }
        set_amount(&mut strategy.owed, total).map_err(refused)
    }

    /// Subtracts what leaves the vault from what the protocol owes of `token`.
    pub(crate) fn settle(&mut self, token: Address, less: u128) -> Outcome {
        let mut strategy = self.strategies.setter(token);
        let rest = amount(&strategy.owed).checked_sub(less).ok_or(IStrategyManager::AmountTooLarge {})?;
        set_amount(&mut strategy.owed, rest).map_err(refused)
    }
}
