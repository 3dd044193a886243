//! Stake that counts, at any past time.

use crate::storage::{set_time, time, Registry, StoredCheckpoint};
use alloy_primitives::Address;
use arithmetic::checkpoint::{last_at, Checkpoint};
use arithmetic::epoch;
use common::Outcome;
use interfaces::IRegistry;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::StorageVec;

impl Registry {
    /// Weighs one operator again; passes over an operator that does not serve.
    pub(crate) fn update_stake(&mut self, operator: Address) -> Outcome {
        if !self.operators.getter(operator).serves.get() {
            return Ok(());
        }
        let now = self.vm().block_timestamp();
        let weighed = self.weigh(operator)?;
        let admitted = self.is_admitted(operator)?;
        let removed = !admitted && self.refuse(operator);
        if admitted {
            set_time(&mut self.operators.setter(operator).refused_since, 0);
        }
        let stake = self.accepted(&weighed);
        let counts = !removed && stake >= self.minimum_stake.at(now);
        self.count(operator, if counts { stake } else { 0 }, admitted, weighed.open_requests)
    }

    /// Notes that the operator is refused. Returns whether it has been for a full notice, and leaves the total.
    fn refuse(&mut self, operator: Address) -> bool {
        let now = self.vm().block_timestamp();
        let since = time(&self.operators.getter(operator).refused_since);
        if since != 0 {
            return now >= epoch::notice_ends(since);
        }
        set_time(&mut self.operators.setter(operator).refused_since, now);
        self.vm().log(IRegistry::OperatorRefused { operator, effectiveAt: epoch::notice_ends(now) });
        false
    }

    /// Lets `stake` of the operator count from now on, which its signatures carry if it is admitted and not suspended. Its
    /// suspension ends when this service has no open request against it.
    pub(crate) fn count(&mut self, operator: Address, stake: u128, admitted: bool, open_requests: u64) -> Outcome {
        let suspended = time(&self.operators.getter(operator).suspended_since) != 0;
        self.cover_suspension(operator);
        let lifted = suspended && open_requests == 0;
        if lifted {
            set_time(&mut self.operators.setter(operator).suspended_since, 0);
        }
        let (now, signs) = (self.vm().block_timestamp(), admitted && (lifted || !suspended));
        let last = latest(&self.histories.getter(operator));
        if !lifted && !last.is_outdated(now, stake, signs) {
            return Ok(());
        }
        if stake != last.stake {
            // What counted before is part of the total.
            let others = latest(&self.total).stake.saturating_sub(last.stake);
            let stake = others.checked_add(stake).ok_or(IRegistry::StakeTooLarge {})?;
            append(&mut self.total, Checkpoint { time: now, stake, signs: false });
        }
        append(&mut self.histories.setter(operator), Checkpoint { time: now, stake, signs });
        self.vm().log(IRegistry::StakeUpdated { operator, stake, signs });
        Ok(())
    }

    /// Writes into the history that the operator's signatures carry nothing from the beginning of its suspension on, before
    /// anything later is written: when the suspension ends, the history is all that is left of it.
    fn cover_suspension(&mut self, operator: Address) {
        let since = time(&self.operators.getter(operator).suspended_since);
        let last = latest(&self.histories.getter(operator));
        if since != 0 && last.signs && last.time <= since {
            append(&mut self.histories.setter(operator), Checkpoint { time: since, stake: last.stake, signs: false });
        }
    }

    /// As the history will be after the suspension, if there is one.
    pub(crate) fn _stake_at(&self, operator: Address, at: u64) -> u128 {
        let suspended_since = time(&self.operators.getter(operator).suspended_since);
        if suspended_since != 0 && suspended_since <= at {
            return 0;
        }
        checkpoint_at(&self.histories.getter(operator), at).signed_at(at)
    }

    pub(crate) fn _signed_stake_at(&self, signing_keys: &[Address], at: u64) -> Outcome<(u128, u128)> {
        let mut signed = 0u128;
        for signing_key in signing_keys {
            let key = self.keys.getter(*signing_key);
            let operator = key.operator.get();
            // A key without a record ends when it begins.
            let signs = time(&key.from) <= at && at < time(&key.until);
            if signs && time(&self.operators.getter(operator).suspended_since) == 0 {
                let stake = checkpoint_at(&self.histories.getter(operator), at).signed_at(at);
                signed = signed.checked_add(stake).ok_or(IRegistry::StakeTooLarge {})?;
            }
        }
        Ok((signed, checkpoint_at(&self.total, at).stake))
    }
}

/// The last checkpoint that is not later than `time`; nothing counts before the first.
pub(crate) fn checkpoint_at(history: &StorageVec<StoredCheckpoint>, time: u64) -> Checkpoint {
    let time_of = |index| history.getter(index).map_or(0, |checkpoint| checkpoint.time());
    last_at(history.len(), time, time_of).map_or_else(Checkpoint::default, |index| read(history, index))
}

fn latest(history: &StorageVec<StoredCheckpoint>) -> Checkpoint {
    history.len().checked_sub(1).map_or_else(Checkpoint::default, |index| read(history, index))
}

fn read(history: &StorageVec<StoredCheckpoint>, index: usize) -> Checkpoint {
    history.getter(index).map_or_else(Checkpoint::default, |checkpoint| checkpoint.read())
}

/// Adds a checkpoint; one of the same second is overwritten.
fn append(history: &mut StorageVec<StoredCheckpoint>, checkpoint: Checkpoint) {
    let last = history.len().checked_sub(1);
    if let Some(mut stored) = last.and_then(|index| history.setter(index)) {
        if stored.time() == checkpoint.time {
            stored.write(checkpoint);
            return;
        }
    }
    history.grow().write(checkpoint);
}
