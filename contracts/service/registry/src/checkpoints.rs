//! Stake that counts, at any past time.

use crate::storage::{set_time, time, Member, Registry};
use alloy_primitives::Address;
use arithmetic::checkpoint::{Checkpoint, MAX_STAKE};
use arithmetic::epoch;
use common::{Emit, Outcome};
use interfaces::IRegistry;
use stylus_sdk::prelude::*;

impl Registry {
    /// Weighs one operator again; passes over an operator that does not serve.
    pub(crate) fn update_stake(&mut self, operator: Address) -> Outcome {
        if !self.operators.getter(operator).read().serves {
            return Ok(());
        }
        let now = self.vm().block_timestamp();
        let weighed = self.weigh(operator)?;
        let admitted = self.is_admitted(operator)?;
        let removed = !admitted && self.refuse(operator);
        if admitted {
            self.set_refused(operator, 0);
        }
        let accepted = self.accepted(&weighed);
        let enough = if accepted < self.minimum_stake.at(now) { 0 } else { accepted };
        let stake = match (removed, weighed.pending) {
            (true, _) => 0,
            (false, 0) => enough,
            // What open requests ask for may come back by a veto: until they are closed nothing leaves the total.
            (false, _) => enough.max(self.operators.getter(operator).history.last().stake),
        };
        self.count(operator, stake, admitted, weighed.pending)
    }

    /// Notes that the operator is refused. Returns whether it has been for a full notice, and leaves the total.
    fn refuse(&mut self, operator: Address) -> bool {
        let now = self.vm().block_timestamp();
        let since = self.operators.getter(operator).read().refused_epoch;
        if since != 0 {
            return now >= epoch::notice_ends(epoch::start(since));
        }
        self.set_refused(operator, epoch::at(now));
        self.vm().emit(&IRegistry::OperatorRefused { operator, effectiveAt: epoch::notice_ends(now) });
        false
    }

    /// Since which epoch updates find the operator refused; zero for not.
    fn set_refused(&mut self, operator: Address, refused_epoch: u64) {
        let mut stored = self.operators.setter(operator);
        let member = stored.read();
        stored.write(&Member { refused_epoch, ..member });
    }

    /// Lets `stake` of the operator count from now on, which its signatures carry if it is admitted and not suspended.
    /// Its suspension ends when this service has no open request against it.
    pub(crate) fn count(&mut self, operator: Address, stake: u128, admitted: bool, pending: u128) -> Outcome {
        let now = self.vm().block_timestamp();
        let mut stored = self.operators.setter(operator);
        let mut member = stored.read();
        let suspended_since = member.suspended_since;
        let (suspended, lifted) = (suspended_since != 0, suspended_since != 0 && pending == 0);
        let last = stored.history.last();
        let signs = admitted && (lifted || !suspended);
        if !lifted && !last.is_outdated(now, stake, signs) {
            return Ok(());
        }
        // What was not carried during the suspension is written down before anything later is: when the suspension
        // ends, the history is all that is left of it.
        if suspended && last.signs && last.time <= suspended_since {
            let until_then = Checkpoint { time: suspended_since, stake: last.stake, signs: false };
            stored.history.append(&mut member.full_pairs, until_then);
        }
        if lifted {
            member.suspended_since = 0;
        }
        stored.history.append(&mut member.full_pairs, Checkpoint { time: now, stake, signs });
        stored.write(&member);
        if stake != last.stake {
            // What counted before is part of the total.
            let others = self.total.last().stake.saturating_sub(last.stake);
            let total = others.checked_add(stake).filter(|total| *total <= MAX_STAKE);
            let total = total.ok_or(IRegistry::StakeTooLarge {})?;
            let mut full_pairs = time(&self.total_full_pairs);
            self.total.append(&mut full_pairs, Checkpoint { time: now, stake: total, signs: false });
            set_time(&mut self.total_full_pairs, full_pairs);
        }
        self.vm().emit(&IRegistry::StakeUpdated { operator, stake, signs });
        Ok(())
    }

    /// As the history will be after the suspension, if there is one.
    pub(crate) fn _stake_at(&self, operator: Address, at: u64) -> u128 {
        let stored = self.operators.getter(operator);
        let Member { suspended_since, full_pairs, .. } = stored.read();
        if suspended_since != 0 && suspended_since <= at {
            return 0;
        }
        stored.history.at(full_pairs, at).signed_at(at)
    }

    pub(crate) fn _total_stake_at(&self, at: u64) -> u128 {
        self.total.at(time(&self.total_full_pairs), at).stake
    }

    pub(crate) fn _signed_stake_at(&self, signing_keys: &[Address], at: u64) -> Outcome<(u128, u128)> {
        let mut signed = 0u128;
        for signing_key in signing_keys {
            let key = self.keys.getter(*signing_key);
            // A key without a record ends when it begins.
            if at < time(&key.from) || time(&key.until) <= at {
                continue;
            }
            let stored = self.operators.getter(key.operator.get());
            let Member { suspended_since, full_pairs, .. } = stored.read();
            if suspended_since == 0 {
                let stake = stored.history.at(full_pairs, at).signed_at(at);
                signed = signed.checked_add(stake).ok_or(IRegistry::StakeTooLarge {})?;
            }
        }
        Ok((signed, self._total_stake_at(at)))
    }
}
