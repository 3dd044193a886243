//! Funds set aside for somebody to collect: slashed funds and commissions. They belong to no pool and are never
//! slashed, and leave no faster than stake that is queued when they are set aside.

use crate::ledger::{refused, sum};
use crate::storage::StrategyManager;
use alloy_primitives::{Address, U64};
use arithmetic::epoch;
use common::stored::{amount, set_amount};
use common::{Emit, Outcome};
use interfaces::IStrategyManager;
use stylus_sdk::prelude::*;

impl StrategyManager {
    /// Sets `more` aside until the release of what is queued now; `unqueued` of it was in no withdrawal before.
    #[inline(never)]
    pub(crate) fn set_aside(&mut self, claimant: Address, token: Address, more: u128, unqueued: u128) -> Outcome {
        if more == 0 {
            return Ok(());
        }
        let release_epoch = epoch::release_of(self.vm().block_timestamp());
        let mut funds = self.funds.setter(claimant);
        let mut of_token = funds.setter(token);
        let mut stored = of_token.setter(U64::from(release_epoch));
        let total = sum(amount(&stored.amount), more)?;
        let unqueued = sum(amount(&stored.unqueued), unqueued)?;
        set_amount(&mut stored.amount, total).map_err(refused)?;
        set_amount(&mut stored.unqueued, unqueued).map_err(refused)
    }

    pub(crate) fn _claim_funds(&mut self, claimant: Address, token: Address, release_epoch: u64) -> Outcome<u128> {
        self.require_released(release_epoch)?;
        let mut funds = self.funds.setter(claimant);
        let mut of_token = funds.setter(token);
        let mut stored = of_token.setter(U64::from(release_epoch));
        let claimed = amount(&stored.amount);
        if claimed == 0 {
            return Err(IStrategyManager::NothingToClaim {}.into());
        }
        set_amount(&mut stored.amount, 0).map_err(refused)?;
        set_amount(&mut stored.unqueued, 0).map_err(refused)?;
        self.vm().emit(&IStrategyManager::FundsClaimed {
            claimant,
            token,
            releaseEpoch: release_epoch,
            amount: claimed,
        });
        Ok(claimed)
    }

    /// Refuses what is asked for before the first second of its release epoch.
    pub(crate) fn require_released(&self, release_epoch: u64) -> Outcome {
        let release_time = epoch::start(release_epoch);
        if self.vm().block_timestamp() < release_time {
            return Err(IStrategyManager::WithdrawalNotReady { releaseTime: release_time }.into());
        }
        Ok(())
    }
}
