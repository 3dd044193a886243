//! The state of an operator: its budgets, its open requests, and whether stake may join or leave it.

use crate::storage::{Slasher, StorageU40, StoredOperator};
use alloy_primitives::{Address, Uint, U16, U32};
use arithmetic::captures::{Captures, Executed};
use arithmetic::freeze;
use arithmetic::magnitude::{Budgets, MIN_MAGNITUDE};
use common::stored::{number, set_number};
use common::Outcome;
use interfaces::{ISlasher, IStrategyManager};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageU16, StorageU32};

impl StoredOperator {
    pub(crate) fn budgets(&self) -> Budgets {
        Budgets {
            lost: number(&self.lost),
            committed: number(&self.committed),
            exclusive: number(&self.exclusive),
            announced_exclusive: number(&self.announced_exclusive),
            announced_shared: number(&self.announced_shared),
            open_shared: number(&self.open_shared),
        }
    }

    pub(crate) fn set_budgets(&mut self, budgets: &Budgets) {
        set_number(&mut self.lost, budgets.lost);
        set_number(&mut self.committed, budgets.committed);
        set_number(&mut self.exclusive, budgets.exclusive);
        set_number(&mut self.announced_exclusive, budgets.announced_exclusive);
        set_number(&mut self.announced_shared, budgets.announced_shared);
        set_number(&mut self.open_shared, budgets.open_shared);
    }

    /// The budgets of an operator of which only the first word was read: what is enough for its commitment.
    pub(crate) fn outline(&self) -> Budgets {
        Budgets { lost: number(&self.lost), committed: number(&self.committed), ..Budgets::default() }
    }

    pub(crate) fn open_requests(&self) -> u64 {
        half(&self.open_requests)
    }

    pub(crate) fn set_open_requests(&mut self, count: u64) {
        set_half(&mut self.open_requests, count);
    }

    pub(crate) fn captures(&self) -> Captures {
        let open = [&self.captured, &self.captured_1, &self.captured_2, &self.captured_3].map(quarter);
        Captures { newest: half(&self.newest_capture), open }
    }

    pub(crate) fn set_captures(&mut self, captures: &Captures) {
        let [first, second, third, fourth] = captures.open;
        set_half(&mut self.newest_capture, captures.newest);
        self.captured.set(U16::from(first));
        self.captured_1.set(U16::from(second));
        self.captured_2.set(U16::from(third));
        self.captured_3.set(U16::from(fourth));
    }

    pub(crate) fn executed(&self) -> Executed {
        Executed {
            newest: number(&self.newest_executed),
            taken: [number(&self.executed), number(&self.executed_1), number(&self.executed_2)],
        }
    }

    pub(crate) fn set_executed(&mut self, executed: &Executed) {
        let [first, second, third] = executed.taken;
        set_number(&mut self.newest_executed, executed.newest);
        set_number(&mut self.executed, first);
        set_number(&mut self.executed_1, second);
        set_number(&mut self.executed_2, third);
    }

    pub(crate) fn released_at(&self) -> u64 {
        time(&self.released_at)
    }

    /// For how many seconds freezes refused queueing, up to `now`.
    pub(crate) fn refused_seconds(&self, now: u64) -> u64 {
        let past = half(&self.refused);
        if self.open_requests() == 0 {
            return past;
        }
        past.saturating_add(freeze::refused_seconds(number(&self.frozen_since), self.released_at(), now))
    }

    /// Ends the freeze.
    pub(crate) fn release(&mut self, now: u64) {
        let refused = self.refused_seconds(now);
        set_half(&mut self.refused, refused);
        set_number(&mut self.frozen_since, 0);
        set_time(&mut self.released_at, now);
    }
}

impl Slasher {
    pub(crate) fn _check_stake(&self, operator: Address, max_commitment: u64) -> Outcome {
        self.require_not_frozen(operator)?;
        let budgets = self.operators.getter(operator).outline();
        require_magnitude(operator, &budgets)?;
        let commitment = budgets.commitment();
        if commitment > max_commitment {
            return Err(ISlasher::CommitmentAboveMax { commitment, maxCommitment: max_commitment }.into());
        }
        Ok(())
    }

    pub(crate) fn _check_queue(&self, operator: Address) -> Outcome {
        let status = self.operators.getter(operator);
        if status.open_requests() == 0 {
            return Ok(());
        }
        let now = self.vm().block_timestamp();
        let pause = self.queue_pauses.read();
        if freeze::refuses_queueing(number(&status.frozen_since), status.released_at(), pause.until, now) {
            return Err(IStrategyManager::OperatorIsFrozen { operator }.into());
        }
        Ok(())
    }

    pub(crate) fn _check_release(&self, operator: Address, release_epoch: u64) -> Outcome {
        let status = self.operators.getter(operator);
        if status.open_requests() != 0 && status.captures().hold(release_epoch) {
            return Err(IStrategyManager::OperatorIsFrozen { operator }.into());
        }
        Ok(())
    }

    pub(crate) fn require_not_frozen(&self, operator: Address) -> Outcome {
        if self.operators.getter(operator).open_requests() == 0 {
            Ok(())
        } else {
            Err(IStrategyManager::OperatorIsFrozen { operator }.into())
        }
    }

    /// For how many seconds queueing with the operator was ever refused or paused.
    pub(crate) fn seconds_without_queueing(&self, operator: Address) -> u64 {
        let now = self.vm().block_timestamp();
        let refused = self.operators.getter(operator).refused_seconds(now);
        refused.saturating_add(self.queue_pauses.read().elapsed(now))
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

/// The last second that 40 bits count: no end.
pub(crate) const NO_END: u64 = (1 << 40) - 1;

/// Reads a time.
pub(crate) fn time(slot: &StorageU40) -> u64 {
    let [value] = *slot.get().as_limbs();
    value
}

/// Writes a time, [`NO_END`] at most.
pub(crate) fn set_time(slot: &mut StorageU40, value: u64) {
    slot.set(Uint::from_limbs([value.min(NO_END)]));
}

fn half(slot: &StorageU32) -> u64 {
    let [value] = *slot.get().as_limbs();
    value
}

/// Writes a number, 2^32 - 1 at most.
fn set_half(slot: &mut StorageU32, value: u64) {
    slot.set(U32::from(u32::try_from(value).unwrap_or(u32::MAX)));
}

fn quarter(slot: &StorageU16) -> u16 {
    let [value] = *slot.get().as_limbs();
    u16::try_from(value).unwrap_or(u16::MAX)
}
