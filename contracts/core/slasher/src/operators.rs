//! The state of an operator: its budgets, its freezes, and whether stake may join or leave it.

use crate::storage::{limbs, pauses, set_limbs, Slasher, StoredOperator};
use alloy_primitives::Address;
use arithmetic::captures::Executed;
use arithmetic::grant::Freezes;
use arithmetic::magnitude::{Budgets, MIN_MAGNITUDE};
use arithmetic::{epoch, freeze};
use common::Outcome;
use interfaces::{ISlasher, IStrategyManager};
use stylus_sdk::prelude::*;

impl StoredOperator {
    pub(crate) fn budgets(&self) -> Budgets {
        Budgets::from_limbs(limbs(&self.outline), limbs(&self.tiers))
    }

    /// The budgets as far as the first word tells: all that a commitment needs.
    pub(crate) fn commitment(&self) -> Budgets {
        Budgets::from_limbs(limbs(&self.outline), [0; 4])
    }

    pub(crate) fn set_budgets(&mut self, budgets: &Budgets) {
        let [_, _, frozen_since, open_requests] = limbs(&self.outline);
        set_limbs(&mut self.outline, [budgets.lost, budgets.committed, frozen_since, open_requests]);
        let Budgets { exclusive, announced_exclusive, announced_shared, open_shared, .. } = *budgets;
        set_limbs(&mut self.tiers, [exclusive, announced_exclusive, announced_shared, open_shared]);
    }

    /// Since when it is frozen (Unix seconds; zero: it is not), and its number of open requests.
    pub(crate) fn frozen(&self) -> (u64, u64) {
        let [_, _, frozen_since, open_requests] = limbs(&self.outline);
        (frozen_since, open_requests)
    }

    pub(crate) fn set_frozen(&mut self, frozen_since: u64, open_requests: u64) {
        let [lost, committed, ..] = limbs(&self.outline);
        set_limbs(&mut self.outline, [lost, committed, frozen_since, open_requests]);
    }

    pub(crate) fn freezes(&self) -> Freezes {
        Freezes::from_limbs(limbs(&self.freezes))
    }

    pub(crate) fn set_freezes(&mut self, freezes: &Freezes) {
        set_limbs(&mut self.freezes, freezes.to_limbs());
    }

    pub(crate) fn executed(&self) -> Executed {
        let [newest, first, second, third] = limbs(&self.executed);
        Executed { newest, taken: [first, second, third] }
    }

    pub(crate) fn set_executed(&mut self, executed: &Executed) {
        let [first, second, third] = executed.taken;
        set_limbs(&mut self.executed, [executed.newest, first, second, third]);
    }

    /// For how many seconds freezes refused queueing, up to `now`.
    pub(crate) fn refused_seconds(&self, now: u64) -> u64 {
        let (Freezes { released_at, refused, .. }, (frozen_since, open_requests)) = (self.freezes(), self.frozen());
        match open_requests {
            0 => refused,
            _ => refused.saturating_add(freeze::refused_seconds(frozen_since, released_at, now)),
        }
    }
}

impl Slasher {
    pub(crate) fn _check_stake(&self, operator: Address, max_commitment: u64) -> Outcome {
        self.require_not_frozen(operator)?;
        let budgets = self.operators.getter(operator).commitment();
        require_magnitude(operator, &budgets)?;
        let commitment = budgets.commitment();
        if commitment > max_commitment {
            return Err(ISlasher::CommitmentAboveMax { commitment, maxCommitment: max_commitment }.into());
        }
        Ok(())
    }

    pub(crate) fn _check_queue(&self, operator: Address) -> Outcome {
        let status = self.operators.getter(operator);
        let (frozen_since, open_requests) = status.frozen();
        if open_requests == 0 {
            return Ok(());
        }
        let (now, pause_ended) = (self.vm().block_timestamp(), pauses(&self.queue_pauses).until);
        if freeze::refuses_queueing(frozen_since, status.freezes().released_at, pause_ended, now) {
            return Err(IStrategyManager::OperatorIsFrozen { operator }.into());
        }
        Ok(())
    }

    pub(crate) fn _check_release(&self, operator: Address, release_epoch: u64) -> Outcome {
        let status = self.operators.getter(operator);
        if !self.is_frozen_now(operator) || !status.freezes().captures.hold(release_epoch) {
            return Ok(());
        }
        // What was captured before the release has expired by then, also where nobody has closed it yet.
        let (now, release) = (self.vm().block_timestamp(), epoch::start(release_epoch));
        let pauses = pauses(&self.execute_pauses);
        if now >= freeze::expires(freeze::executable(release), pauses.overlap(release, now)) {
            return Ok(());
        }
        Err(IStrategyManager::OperatorIsFrozen { operator }.into())
    }

    pub(crate) fn require_not_frozen(&self, operator: Address) -> Outcome {
        if self.is_frozen_now(operator) {
            return Err(IStrategyManager::OperatorIsFrozen { operator }.into());
        }
        Ok(())
    }

    pub(crate) fn is_frozen_now(&self, operator: Address) -> bool {
        let (_, open_requests) = self.operators.getter(operator).frozen();
        open_requests != 0
    }

    /// For how many seconds queueing with the operator was ever refused or paused.
    pub(crate) fn seconds_without_queueing(&self, operator: Address) -> u64 {
        let now = self.vm().block_timestamp();
        let refused = self.operators.getter(operator).refused_seconds(now);
        refused.saturating_add(pauses(&self.queue_pauses).elapsed(now))
    }
}

/// Refuses new risk for an operator of which slashes left next to nothing.
pub(crate) fn require_magnitude(operator: Address, budgets: &Budgets) -> Outcome {
    let magnitude = budgets.magnitude();
    if magnitude < MIN_MAGNITUDE {
        return Err(ISlasher::MagnitudeDepleted { operator, magnitude }.into());
    }
    Ok(())
}
