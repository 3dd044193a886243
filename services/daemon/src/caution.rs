//! From when on a key signs after a start. What the record does not know may have been signed by another copy, or after
//! the backup that the record is from; so nothing is signed at first, and old tasks are not signed at all.
//!
//! After a start a round is listened to. A signature of the own key that the record lacks is
//!
//! * of a task that is older than the start: the record is older than what was signed. It is taken into the record,
//!   and one more round is listened to;
//! * of a task that is younger: another copy signs now, and this one stops, whenever it notices.
//!
//! Then only tasks are signed that were set after the start. Two copies that start at once on two machines are not kept
//! apart by this: both hear nothing.

/// The state of a key after a start. Times are the chain's (Unix seconds).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caution {
    started: u64,
    round: u64,
    /// Until when it is listened, this second included.
    until: u64,
}

/// What a signature of the own key that the record lacks means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unrecorded {
    /// The record is older than what was signed: take it into the record. One more round is listened to.
    Restored,
}

/// Another copy signs with the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "another copy signs with this key: it signed a task of {task_time}, after the start of this one at {started}; \
     this one stops, so that they do not give two answers"
)]
pub struct AnotherCopy {
    /// When the task was set that the other one signed.
    pub task_time: u64,
    /// When this one was started.
    pub started: u64,
}

impl Caution {
    /// A start at `now`, where rounds take so many seconds.
    pub fn new(now: u64, round: u64) -> Self {
        Self { started: now, round, until: now.saturating_add(round) }
    }

    /// When it started.
    pub fn started(&self) -> u64 {
        self.started
    }

    /// Whether nothing is signed yet.
    pub fn is_listening(&self, now: u64) -> bool {
        now <= self.until
    }

    /// Whether a task that was set at `task_time` may be signed now.
    pub fn may_sign(&self, task_time: u64, now: u64) -> bool {
        !self.is_listening(now) && task_time > self.started
    }

    /// A signature of the own key was seen that the record lacks.
    ///
    /// # Errors
    /// [`AnotherCopy`] if it was made by one that runs now.
    pub fn unrecorded(&mut self, task_time: u64, now: u64) -> Result<Unrecorded, AnotherCopy> {
        if task_time > self.started {
            return Err(AnotherCopy { task_time, started: self.started });
        }
        self.until = self.until.max(now.saturating_add(self.round));
        Ok(Unrecorded::Restored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_start_a_round_is_listened_to_and_only_younger_tasks_are_signed() {
        let caution = Caution::new(1_000, 60);
        assert!(caution.is_listening(1_000) && caution.is_listening(1_060) && !caution.is_listening(1_061));
        assert!(!caution.may_sign(1_060, 1_060), "the round is not over");
        assert!(caution.may_sign(1_060, 1_061) && caution.may_sign(1_001, 1_061));
        assert!(!caution.may_sign(1_000, 1_061), "it may have been signed before the start");
        assert!(!caution.may_sign(940, 9_999));
    }

    #[test]
    fn what_a_backup_lacks_is_taken_in_and_one_more_round_is_listened_to() {
        let mut caution = Caution::new(1_000, 60);
        assert_eq!(caution.unrecorded(1_000, 1_030), Ok(Unrecorded::Restored));
        assert!(caution.is_listening(1_090) && !caution.is_listening(1_091));
        assert_eq!(caution.unrecorded(10, 1_500), Ok(Unrecorded::Restored), "however late it is noticed");
        assert!(!caution.may_sign(1_480, 1_560) && caution.may_sign(1_480, 1_561));
    }

    #[test]
    fn another_copy_that_runs_is_noticed_and_nothing_is_signed() {
        let mut caution = Caution::new(1_000, 60);
        assert_eq!(caution.unrecorded(1_001, 1_010), Err(AnotherCopy { task_time: 1_001, started: 1_000 }));
        assert!(Caution::new(1_000, 60).unrecorded(9_000, 9_001).is_err(), "also long after the start");
    }

    #[test]
    fn a_clock_that_ends_listens_for_ever() {
        let caution = Caution::new(u64::MAX - 5, 60);
        assert!(caution.is_listening(u64::MAX));
    }
}
