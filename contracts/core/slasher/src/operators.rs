//! The state of an operator: its budgets, its freezes, and whether stake may join or leave it.

use crate::storage::{limbs, pauses, set_limbs, Slasher, StoredOperator};
use alloy_primitives::Address;
use arithmetic::captures::Executed;
use arithmetic::grant::{Freeze, Freezes};
use arithmetic::magnitude::{Budgets, MIN_MAGNITUDE};
use arithmetic::{epoch, freeze};
use common::Outcome;
use interfaces::{ISlasher, IStrategyManager};
use stylus_sdk::prelude::*;

impl StoredOperator {
    pub(crate) fn budgets(&self) -> Budgets {
        let outline = self.outline();
        if outline.is_plain() {
            return outline;
        }
        Budgets::from_limbs(limbs(&self.outline), limbs(&self.beside))
    }

    /// The budgets as far as the first word tells: all that a commitment needs.
    pub(crate) fn outline(&self) -> Budgets {
        Budgets::from_limbs(limbs(&self.outline), [0; 4])
    }

    pub(crate) fn set_budgets(&mut self, budgets: &Budgets) {
        if !self.outline().is_plain() || !budgets.is_plain() {
            set_limbs(&mut self.beside, budgets.beside());
        }
        let [.., freeze] = limbs(&self.outline);
        set_limbs(&mut self.outline, [budgets.lost, budgets.committed, budgets.exclusive, freeze]);
    }

    /// Counts `opened` more of open shared requests, and `closed` less.
    #[inline(never)]
    pub(crate) fn count_shared(&mut self, opened: u64, closed: u64) {
        let mut budgets = self.budgets();
        budgets.open_shared = budgets.open_shared.saturating_add(opened).saturating_sub(closed);
        self.set_budgets(&budgets);
    }

    pub(crate) fn freeze(&self) -> Freeze {
        let [.., freeze] = limbs(&self.outline);
        Freeze::from_limb(freeze)
    }

    pub(crate) fn set_freeze(&mut self, freeze: Freeze) {
        let [lost, committed, exclusive, _] = limbs(&self.outline);
        set_limbs(&mut self.outline, [lost, committed, exclusive, freeze.to_limb()]);
    }

    pub(crate) fn freezes(&self) -> Freezes {
        Freezes::from_limbs(limbs(&self.freezes))
    }

    pub(crate) fn set_freezes(&mut self, freezes: &Freezes) {
        set_limbs(&mut self.freezes, freezes.to_limbs());
    }

    /// What executed requests took that open ones may have to know: only what was executed in this freeze, because an
    /// open one has to know what was captured after it.
    pub(crate) fn executed(&self) -> Executed {
        if !self.freeze().noted {
            return Executed::default();
        }
        let [newest, first, second, third] = limbs(&self.executed);
        Executed { newest, taken: [first, second, third] }
    }

    pub(crate) fn set_executed(&mut self, executed: &Executed) {
        let [first, second, third] = executed.taken;
        set_limbs(&mut self.executed, [executed.newest, first, second, third]);
        self.set_freeze(Freeze { noted: true, ..self.freeze() });
    }

    /// For how many seconds freezes refused queueing, up to `now`.
    pub(crate) fn refused_seconds(&self, now: u64) -> u64 {
        let (Freezes { released_at, refused, .. }, freeze) = (self.freezes(), self.freeze());
        if freeze.is_frozen() {
            refused.saturating_add(freeze::refused_seconds(freeze.since, released_at, now))
        } else {
            refused
        }
    }
}

impl Slasher {
    pub(crate) fn _check_stake(&self, operator: Address, max_commitment: u64) -> Outcome {
        let budgets = self.operators.getter(operator).outline();
        require_magnitude(operator, &budgets)?;
        let commitment = budgets.commitment();
        // Before what passes, so that a freeze does not hide it.
        if commitment > max_commitment {
            return Err(ISlasher::CommitmentAboveMax { commitment, maxCommitment: max_commitment }.into());
        }
        self.require_not_frozen(operator)
    }

    pub(crate) fn _refuse_queueing(&self, operator: Address) -> bool {
        let status = self.operators.getter(operator);
        let freeze = status.freeze();
        if !freeze.is_frozen() {
            return false;
        }
        let (now, pause_ended) = (self.vm().block_timestamp(), pauses(&self.queue_pauses).until);
        freeze::refuses_queueing(freeze.since, status.freezes().released_at, pause_ended, now)
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
        self.operators.getter(operator).freeze().is_frozen()
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
