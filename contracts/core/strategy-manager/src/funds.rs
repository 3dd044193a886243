//! Funds set aside for somebody to collect: slashed funds and commissions. They belong to no pool and are never slashed.

use crate::ledger::refused;
use crate::storage::StrategyManager;
use alloy_primitives::Address;
use common::stored::{amount, set_amount};
use common::Outcome;
use interfaces::IStrategyManager;
use stylus_sdk::prelude::*;

impl StrategyManager {
    /// Sets `more` aside.
    pub(crate) fn set_aside(&mut self, claimant: Address, token: Address, more: u128) -> Outcome {
        if more == 0 {
            return Ok(());
        }
        let mut funds = self.funds.setter(claimant);
        let mut slot = funds.setter(token);
        let total = amount(&slot).checked_add(more).ok_or(IStrategyManager::AmountTooLarge {})?;
        set_amount(&mut slot, total).map_err(refused)
    }

    pub(crate) fn take_funds(&mut self, claimant: Address, token: Address) -> Outcome<u128> {
        let mut funds = self.funds.setter(claimant);
        let mut slot = funds.setter(token);
        let claimed = amount(&slot);
        if claimed == 0 {
            return Err(IStrategyManager::NothingToClaim {}.into());
        }
        set_amount(&mut slot, 0).map_err(refused)?;
        self.vm().log(IStrategyManager::FundsClaimed { claimant, token, amount: claimed });
        Ok(claimed)
    }
}
