//! Checkpoints: the stake of an operator from a time on, and whether its signatures carry it.

use crate::epoch;

/// What counts from `time` (Unix seconds) on, until the next checkpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// When it was made.
    pub time: u64,
    /// The weighted stake, which counts in the total.
    pub stake: u128,
    /// Whether signatures carry the stake.
    pub signs: bool,
}

impl Checkpoint {
    /// The stake that signatures for a task of `time` carry by this checkpoint, the last one that is not later: none
    /// three days into the next epoch, because what was weighed before may have left since.
    pub fn signed_at(&self, time: u64) -> u128 {
        if self.signs && time < epoch::checkpoint_expires(self.time) { self.stake } else { 0 }
    }

    /// Whether a checkpoint at `now` says more than this one: another stake, or whether it signs, or that it holds in a
    /// later epoch, too.
    pub fn is_outdated(&self, now: u64, stake: u128, signs: bool) -> bool {
        self.stake != stake || self.signs != signs || epoch::at(self.time) != epoch::at(now)
    }
}

/// The last of `count` checkpoints that is not later than `time`, where `time_of` tells the times of them in ascending
/// order; `None` if all are later.
///
/// Searched from the end in growing steps, then by bisection: questions are about recent times, and then a long history
/// costs no more than a short one.
pub fn last_at(count: u64, time: u64, time_of: impl Fn(u64) -> u64) -> Option<u64> {
    // Whatever is before `low` is not later than `time`, whatever is from `high` on is.
    let (mut low, mut high, mut step) = (0, count, Some(1u64));
    while low < high {
        let index = match step {
            Some(step) => high.saturating_sub(step),
            None => low.midpoint(high),
        };
        if time_of(index) <= time {
            low = index.saturating_add(1);
            step = None;
        } else {
            high = index;
            step = step.map(|step| step.saturating_mul(2));
        }
    }
    low.checked_sub(1)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::cell::Cell;

    const WEEK: u64 = 604_800;
    const DAY: u64 = 86_400;

    #[test]
    fn a_checkpoint_signs_until_three_days_into_the_next_epoch() {
        for made in [5 * WEEK, 5 * WEEK + 1, 6 * WEEK - 1] {
            let checkpoint = Checkpoint { time: made, stake: 7, signs: true };
            assert_eq!(checkpoint.signed_at(6 * WEEK + 3 * DAY - 1), 7, "made at {made}");
            assert_eq!(checkpoint.signed_at(6 * WEEK + 3 * DAY), 0, "made at {made}");
        }
    }

    #[test]
    fn what_does_not_sign_carries_nothing() {
        let checkpoint = Checkpoint { time: 5 * WEEK, stake: 7, signs: false };
        assert_eq!(checkpoint.signed_at(5 * WEEK), 0);
    }

    #[test]
    fn a_checkpoint_is_renewed_once_an_epoch_and_replaced_by_a_different_one() {
        let checkpoint = Checkpoint { time: 5 * WEEK, stake: 7, signs: true };
        assert!(!checkpoint.is_outdated(6 * WEEK - 1, 7, true));
        assert!(checkpoint.is_outdated(6 * WEEK, 7, true));
        assert!(checkpoint.is_outdated(5 * WEEK, 8, true));
        assert!(checkpoint.is_outdated(5 * WEEK, 7, false));
    }

    #[test]
    fn the_search_finds_what_a_scan_finds() {
        let time_of = |index: u64| 10 + 3 * index + index % 2;
        for count in 0..40u64 {
            for time in 0..150 {
                let scanned = (0..count).rfind(|index| time_of(*index) <= time);
                assert_eq!(last_at(count, time, time_of), scanned, "{count} at {time}");
            }
        }
    }

    #[test]
    fn a_recent_time_costs_no_more_in_a_long_history() {
        for count in [1u64, 10, 1_000, 1_000_000] {
            let reads = Cell::new(0);
            let time_of = |index: u64| {
                reads.set(reads.get() + 1);
                index
            };
            let last = count - 1;
            assert_eq!(last_at(count, last, time_of), Some(count - 1));
            assert_eq!(reads.get(), 1, "of {count}");
            reads.set(0);
            assert_eq!(last_at(count, last.saturating_sub(5), time_of), Some(count.saturating_sub(6)));
            assert!(reads.get() <= 6, "{} reads of {count}", reads.get());
        }
    }
}
