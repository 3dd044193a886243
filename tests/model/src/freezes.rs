//! Freezes: when stake may be queued for withdrawal, when what was queued may leave, and for how long neither was
//! possible.

use crate::requests::State;
use crate::{Answer, Mistake, Protocol, revert};
use alloy_primitives::Address;
use arithmetic::epoch;
use arithmetic::pause::{EXECUTE, QUEUE};
use arithmetic::time::{LONGEST_QUEUE_REFUSAL_SECONDS, QUEUE_OPEN_SECONDS};
use interfaces::ISlasher::CommitmentAboveMax;
use interfaces::IStrategyManager::OperatorIsFrozen;

/// A time for which an operator was frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freeze {
    /// When its first request was opened (Unix seconds).
    pub since: u64,
    /// When its last one was closed; none while it is open.
    pub until: Option<u64>,
}

impl Protocol {
    /// Whether an operator is frozen: whether it has an open request.
    pub fn is_frozen(&self, operator: Address) -> bool {
        self.requests.open(operator).next().is_some()
    }

    /// When an operator was released last; zero if it never was.
    pub fn released_at(&self, operator: Address) -> u64 {
        self.freezes(operator).iter().filter_map(|freeze| freeze.until).next_back().unwrap_or(0)
    }

    /// All freezes of an operator, oldest first.
    pub fn freezes(&self, operator: Address) -> &[Freeze] {
        self.requests.freezes.get(&operator).map_or(&[], Vec::as_slice)
    }

    /// Whether withdrawals from an operator may not be queued at a time from now on, if nothing happens until then: it
    /// is frozen, not yet for nine days, and neither was it released nor did a pause of queueing end in the last 24
    /// hours.
    pub fn refuses_queueing(&self, operator: Address, at: u64) -> bool {
        let freezes = self.freezes(operator);
        let Some(Freeze { since, until: None }) = freezes.last() else { return false };
        if self.mistake == Mistake::FreezesWithoutWindows {
            return true;
        }
        let released = self.released_at(operator);
        let open = |since: u64| since != 0 && (since..since + QUEUE_OPEN_SECONDS).contains(&at);
        at < since + LONGEST_QUEUE_REFUSAL_SECONDS && !open(released) && !open(self.governance.pause_ended(QUEUE))
    }

    /// For how many seconds up to now queueing out of an operator was ever refused, beside the 24 hours after a
    /// release; or paused, which counts by itself.
    pub fn refused_seconds(&self, operator: Address) -> u64 {
        if self.mistake == Mistake::NoticeIgnoresRefusals {
            return 0;
        }
        let refused: u64 = self.refusals(operator).map(|(_, seconds)| seconds).sum();
        refused + self.governance.paused_seconds(QUEUE, self.now)
    }

    /// The same for freezes that have ended, without pauses.
    pub(crate) fn refused_before(&self, operator: Address) -> u64 {
        let ended = self.refusals(operator).filter(|(freeze, _)| freeze.until.is_some());
        ended.map(|(_, seconds)| seconds).sum()
    }

    /// All freezes of an operator, and for how long each refused queueing.
    fn refusals(&self, operator: Address) -> impl Iterator<Item = (Freeze, u64)> {
        let freezes = self.freezes(operator);
        freezes.iter().enumerate().map(move |(place, freeze)| {
            let released = place.checked_sub(1).and_then(|before| freezes[before].until);
            let begins = freeze.since.max(released.map_or(0, |time| time + QUEUE_OPEN_SECONDS));
            let ends = freeze.until.unwrap_or(self.now).min(freeze.since + LONGEST_QUEUE_REFUSAL_SECONDS);
            (*freeze, ends.saturating_sub(begins))
        })
    }

    /// Whether an open request reaches what is released in an epoch: one that was captured in the three epochs before.
    /// All of those have expired nine days after the release, and the time for which executing was paused since.
    pub fn holds_release(&self, operator: Address, release: u64) -> bool {
        let start = epoch::start(release);
        let paused = |time: u64| self.governance.paused_seconds(EXECUTE, time);
        let expired = start + LONGEST_QUEUE_REFUSAL_SECONDS + paused(self.now.max(start)) - paused(start);
        let everything = self.mistake == Mistake::FreezesHoldEverything;
        let reaches = |captured: u64| captured < release && captured + 3 >= release;
        let mut open = self.requests.open(operator);
        open.any(|request| everything || reaches(request.captured) && self.now < expired)
    }

    /// Stake may join: the operator is not frozen, something is left of it, and it is committed to no more than the
    /// staker accepts. Idle stake is with nobody.
    pub(crate) fn check_stake(&self, operator: Address, max_commitment: u64) -> Answer {
        if operator.is_zero() {
            return Ok(());
        }
        self.require_magnitude(operator)?;
        let commitment = self.commitment(operator);
        if commitment > max_commitment && self.mistake != Mistake::NoMaxCommitment {
            return revert(CommitmentAboveMax { commitment, maxCommitment: max_commitment });
        }
        self.require_not_frozen(operator)
    }

    pub(crate) fn check_queue(&self, operator: Address) -> Answer {
        if self.refuses_queueing(operator, self.now) { revert(OperatorIsFrozen { operator }) } else { Ok(()) }
    }

    pub(crate) fn check_release(&self, operator: Address, release: u64) -> Answer {
        if self.holds_release(operator, release) { revert(OperatorIsFrozen { operator }) } else { Ok(()) }
    }

    pub(crate) fn require_not_frozen(&self, operator: Address) -> Answer {
        if self.is_frozen(operator) { revert(OperatorIsFrozen { operator }) } else { Ok(()) }
    }

    /// Notes that a request was opened or closed.
    pub(crate) fn note_freeze(&mut self, operator: Address) {
        let (now, frozen) = (self.now, self.is_frozen(operator));
        let freezes = self.requests.freezes.entry(operator).or_default();
        match freezes.last_mut().filter(|freeze| freeze.until.is_none()) {
            Some(freeze) if !frozen => freeze.until = Some(now),
            None if frozen => freezes.push(Freeze { since: now, until: None }),
            _ => {}
        }
    }

    /// The requests of a service against an operator that are open.
    pub fn open_of(&self, operator: Address, service: Address) -> impl Iterator<Item = &crate::Request> {
        self.requests.all.iter().filter(move |request| {
            request.operator == operator && request.service == service && request.state == State::Open
        })
    }
}
