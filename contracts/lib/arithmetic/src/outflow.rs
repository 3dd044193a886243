//! The outflow limit of a token: at most a part of what the protocol owes of it leaves per epoch; a run on it becomes a
//! queue.
//!
//! A withdrawal learns its turn when it is queued; nobody has to serve the queue, and nothing loops. The queue is an
//! amount, the backlog: what is owed to those whose turn has not come. It is never more than all that is owed, so
//! nobody waits longer than all of that needs to leave, whatever was queued, slashed, staked again or listed before.

use crate::time::EPOCH_SECONDS;
use crate::wide::{mul_div_down, mul_div_up};

/// Fractional bits of a queue's time, so that a thousand small amounts do not round to a thousand seconds.
const FRACTION_BITS: u32 = 32;

/// A hundred epochs as a queue's time: how long everything takes at one percent an epoch.
const HUNDRED_EPOCHS: u128 = fixed(EPOCH_SECONDS).saturating_mul(100);

/// The latest time of a queue: the latest second that 64 bits count.
pub const ENDS_MAX: u128 = fixed(u64::MAX);

/// Seconds as a queue's time.
const fn fixed(seconds: u64) -> u128 {
    // 64 bits shifted by 32. (`From` is not const.)
    (seconds as u128) << FRACTION_BITS
}

/// The outflow queue of a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// What is owed to those whose turn has not come, at `begins` (base units).
    pub backlog: u128,
    /// One epoch before the release of what was queued last (Unix seconds).
    pub begins: u64,
    /// When the backlog, which drains evenly, is gone (2^-32 seconds since 1970).
    pub ends: u128,
}

impl Queue {
    /// Puts something into the queue of a token of which `owed` base units are owed in all, `percent` of which may
    /// leave per epoch. It is released at `release` (Unix seconds); `unqueued` base units of it were in no queue before
    /// and make the backlog longer.
    ///
    /// Returns when it has its turn (Unix seconds, rounded up: against who leaves). The first `percent` of what is owed
    /// that leave in an epoch have their turn at their release, and everybody at most 100 / `percent` - 1 epochs after
    /// it. `percent` zero is no limit.
    pub fn join(&mut self, release: u64, unqueued: u128, owed: u128, percent: u8) -> u64 {
        if percent == 0 {
            return release;
        }
        // What leaves in the epoch before the release leaves at the release.
        let begins = release.saturating_sub(EPOCH_SECONDS).max(self.begins);
        let left = self.left(begins).min(owed);
        let backlog = left.saturating_add(unqueued).min(owed);
        let more = backlog.saturating_sub(left);

        let per_hundred_epochs = owed.saturating_mul(u128::from(percent)).max(1);
        let takes = |amount: u128| mul_div_up(amount, HUNDRED_EPOCHS, per_hundred_epochs).unwrap_or(ENDS_MAX);
        let turn = fixed(begins).saturating_add(takes(backlog)).div_ceil(1 << FRACTION_BITS);

        // What drains evenly leaves after half of the time on average. The end is where that mean is the one of all who
        // wait, by amount: those before, and `more` between `left` and `backlog` at today's speed. So an amount moves
        // it as much as it weighs, and a base unit that was queued when little was owed moves nothing.
        let rest = self.ends.saturating_sub(fixed(begins));
        let lasts = mul_div_up(left, rest, backlog.max(1)).unwrap_or(ENDS_MAX);
        let twice_mean = takes(left.saturating_add(backlog));
        let lasts = lasts.saturating_add(mul_div_up(more, twice_mean, backlog.max(1)).unwrap_or(ENDS_MAX));
        let ends = fixed(begins).saturating_add(lasts).min(ENDS_MAX);
        *self = Self { backlog, begins, ends };
        u64::try_from(turn).unwrap_or(u64::MAX).max(release)
    }

    /// What is left of the backlog at `time` (Unix seconds), rounded up (against who comes).
    fn left(&self, time: u64) -> u128 {
        let whole = self.ends.saturating_sub(fixed(self.begins));
        let rest = self.ends.saturating_sub(fixed(time)).min(whole);
        mul_div_up(self.backlog, rest, whole.max(1)).unwrap_or(self.backlog)
    }
}

/// The turn of two amounts that leave together, from the turn of each (Unix seconds): their mean, weighted by amount,
/// so that one base unit moves nothing. Rounded up (against who leaves), by less than a second.
pub fn merged([(first, at), (second, and_at)]: [(u128, u64); 2]) -> u64 {
    let total = first.saturating_add(second).max(1);
    // The part of a distance is at most the distance.
    let part = |distance: u64, rounded: fn(u128, u128, u128) -> Option<u128>| {
        rounded(second, u128::from(distance), total).and_then(|part| u64::try_from(part).ok()).unwrap_or(distance)
    };
    if and_at >= at {
        at.saturating_add(part(and_at.saturating_sub(at), mul_div_up))
    } else {
        at.saturating_sub(part(at.saturating_sub(and_at), mul_div_down))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::MIN_OUTFLOW_PERCENT;

    const RELEASE: u64 = 3_000 * EPOCH_SECONDS;

    #[test]
    fn what_stays_within_the_limit_leaves_at_its_release() {
        let mut queue = Queue::default();
        assert_eq!(queue.join(RELEASE, 10, 100, 25), RELEASE);
        assert_eq!(queue.join(RELEASE, 15, 100, 25), RELEASE);
        assert_eq!(queue.join(RELEASE, 1, 100, 25), RELEASE + EPOCH_SECONDS / 25, "1 of the 25 that leave per epoch");
    }

    #[test]
    fn everything_has_left_after_the_stated_time() {
        let (mut queue, mut last) = (Queue::default(), 0);
        for _ in 0..100 {
            last = queue.join(RELEASE, 1, 100, MIN_OUTFLOW_PERCENT);
        }
        assert_eq!(last, RELEASE + 9 * EPOCH_SECONDS, "one epoch's worth leaves at the release itself");
        assert_eq!(queue.join(RELEASE, 50, 100, MIN_OUTFLOW_PERCENT), last, "whatever is queued again");
    }

    #[test]
    fn who_grows_the_pool_and_then_leaves_waits_for_what_is_owed_now() {
        let mut queue = Queue::default();
        assert_eq!(queue.join(RELEASE, 50, 50, 10), RELEASE + 9 * EPOCH_SECONDS);
        assert_eq!(queue.join(RELEASE, 950, 1_000, 10), RELEASE + 9 * EPOCH_SECONDS, "9 epochs, not 18");
    }

    #[test]
    fn what_was_in_the_queue_already_makes_it_no_longer() {
        let mut queue = Queue::default();
        queue.join(RELEASE, 300, 1_000, 10);
        assert_eq!(queue.join(RELEASE, 0, 1_000, 10), RELEASE + 2 * EPOCH_SECONDS, "behind the 300");
        assert_eq!(queue.join(RELEASE, 100, 1_000, 10), RELEASE + 3 * EPOCH_SECONDS, "and 100 behind it");
    }

    #[test]
    fn the_backlog_drains() {
        let mut queue = Queue::default();
        queue.join(RELEASE, 500, 1_000, 10);
        let later = RELEASE + 2 * EPOCH_SECONDS;
        assert_eq!(queue.join(later, 0, 1_000, 10), later + 2 * EPOCH_SECONDS, "300 are left");
        assert_eq!(
            queue,
            Queue { backlog: 300, begins: later - EPOCH_SECONDS, ends: fixed(later + 2 * EPOCH_SECONDS) }
        );
        let much_later = RELEASE + 9 * EPOCH_SECONDS;
        assert_eq!(queue.join(much_later, 100, 1_000, 10), much_later, "an epoch without withdrawals is not saved up");
        assert_eq!(queue.join(much_later, 100, 1_000, 10), much_later + EPOCH_SECONDS);
    }

    #[test]
    fn the_end_is_where_the_last_leaves_at_a_constant_speed() {
        let mut queue = Queue::default();
        for (amount, backlog) in [(100, 100), (250, 350), (50, 400)] {
            queue.join(RELEASE, amount, 1_000, 10);
            let ends = RELEASE - EPOCH_SECONDS + EPOCH_SECONDS * backlog / 100;
            assert_eq!(queue.ends >> FRACTION_BITS, u128::from(ends));
        }
    }

    #[test]
    fn a_base_unit_queued_when_little_was_owed_keeps_nobody_waiting() {
        let mut queue = Queue::default();
        assert_eq!(queue.join(RELEASE, 1, 1, 10), RELEASE + 9 * EPOCH_SECONDS, "all that was owed");
        let next = RELEASE + EPOCH_SECONDS;
        let first = queue.join(next, 500_000, 1_000_000, 10);
        assert_eq!(first, next + 4 * EPOCH_SECONDS + 7, "seconds, by which one base unit delays 500,000");
        let later = next + 5 * EPOCH_SECONDS;
        assert_eq!(queue.join(later, 1_000, 1_000_000, 10), later, "the 500,000 have left by then");
    }

    #[test]
    fn an_old_queue_weighs_what_it_holds() {
        // 50 of 50 leave within ten epochs, 5 in each; then 950 more are owed, and 100 of them leave in each.
        let mut queue = Queue::default();
        queue.join(RELEASE, 50, 50, 10);
        queue.join(RELEASE, 50, 1_000, 10);
        // Half of them leave after 5 epochs on average, the others after 0.75.
        assert_eq!(queue.ends, fixed(RELEASE - EPOCH_SECONDS) + fixed(EPOCH_SECONDS) * 23 / 4);
    }

    #[test]
    fn nobody_waits_longer_than_everything_needs() {
        // Everybody's amounts, growth, losses and changes of the limit, from a fixed seed (xorshift).
        let (mut queue, mut seed, mut release) = (Queue::default(), 88_172_645_463_325_252u64, RELEASE);
        for _ in 0..100_000 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let owed = u128::from(seed % 1_000_003) * u128::from(seed >> 40);
            let unqueued = u128::from(seed >> 20) % (owed + 1) * u128::from(seed % 3);
            let percent = MIN_OUTFLOW_PERCENT + u8::try_from(seed % 91).unwrap();
            let turn = queue.join(release, unqueued, owed, percent);
            let bound = (100 * EPOCH_SECONDS).div_ceil(u64::from(percent)) - EPOCH_SECONDS;
            assert!(turn >= release && turn <= release + bound, "{seed} {turn} {release}");
            assert!(queue.backlog <= owed);
            release += EPOCH_SECONDS * (seed >> 10 & 1);
        }
    }

    #[test]
    fn dust_counts_too() {
        let mut queue = Queue::default();
        for _ in 0..1_000_000 {
            queue.join(RELEASE, 1, 10_000_000, 10);
        }
        let ends = queue.ends >> FRACTION_BITS;
        assert!(ends < u128::from(RELEASE + 2), "and rounds to no second each: {ends}");
        assert!(queue.join(RELEASE, 1, 10_000_000, 10) > RELEASE, "a million small withdrawals have used the limit up");
    }

    #[test]
    fn what_leaves_together_has_the_mean_turn_and_one_unit_moves_nothing() {
        assert_eq!(merged([(0, 0), (5, RELEASE)]), RELEASE, "alone");
        assert_eq!(merged([(30, RELEASE), (10, RELEASE + 400)]), RELEASE + 100);
        assert_eq!(merged([(30, RELEASE + 400), (10, RELEASE)]), RELEASE + 300, "also to an earlier one");
        assert_eq!(merged([(3, RELEASE), (1, RELEASE + 1)]), RELEASE + 1, "rounded up");
        let (mut amount, mut turn_at) = (1_000_000_000_000, RELEASE);
        for _ in 0..1_000 {
            turn_at = merged([(amount, turn_at), (1, RELEASE + 1_000 * EPOCH_SECONDS)]);
            amount += 1;
        }
        assert_eq!(turn_at, RELEASE + 1_000, "a second each, and no more");
        assert_eq!(merged([(0, 7), (0, 9)]), 7);
        assert_eq!(merged([(u128::MAX, u64::MAX), (u128::MAX, 0)]), 0, "beyond all amounts, and no panic");
    }

    #[test]
    fn extreme_numbers_do_not_overflow() {
        let mut queue = Queue { backlog: u128::MAX, begins: u64::MAX, ends: u128::MAX };
        assert_eq!(queue.join(u64::MAX, u128::MAX, 0, 1), u64::MAX);
        assert_eq!(queue.backlog, 0, "nothing is owed");
        let mut queue = Queue { backlog: u128::MAX, begins: 0, ends: u128::MAX };
        assert_eq!(queue.join(RELEASE, u128::MAX, u128::MAX, 1), RELEASE + 99 * EPOCH_SECONDS);
        assert!(queue.ends <= ENDS_MAX);
        let before = Queue { backlog: 5, begins: 6, ends: 7 };
        let mut queue = before;
        assert_eq!((queue.join(9, 1, 1, 0), queue), (9, before), "without a limit nothing is queued");
    }

    #[test]
    fn a_queue_reaches_to_the_last_second_that_64_bits_count() {
        assert_eq!(ENDS_MAX >> FRACTION_BITS, u128::from(u64::MAX));
        const { assert!(ENDS_MAX < 1 << 112, "it fits its field") };
    }

    #[test]
    fn a_turn_is_rounded_up_to_the_second() {
        // An epoch has a whole number of seconds in a third, and not in an eleventh.
        let join = |owed| Queue::default().join(RELEASE, owed, owed, 40);
        assert_eq!(join(1), RELEASE + EPOCH_SECONDS * 3 / 2);
        let after = |owed| {
            let mut queue = Queue::default();
            queue.join(RELEASE, owed, owed, 100);
            queue.join(RELEASE, 0, owed * 11, 10)
        };
        assert_eq!(after(1), RELEASE, "1 of the 1.1 that leave in an epoch");
        let mut queue = Queue::default();
        assert_eq!(queue.join(RELEASE, 14, 11, 100), RELEASE, "no more than all of it");
        assert_eq!(queue.join(RELEASE, 0, 11, 90), RELEASE + EPOCH_SECONDS.div_ceil(9));
        assert_eq!(queue.join(RELEASE, 0, 11, 70), RELEASE + (EPOCH_SECONDS * 3).div_ceil(7));
    }

    #[test]
    fn no_turn_is_before_the_release() {
        assert_eq!(Queue::default().join(RELEASE, 1, 100, 100), RELEASE);
        assert_eq!(Queue::default().join(0, 0, 1, 100), 0, "nor before time begins");
        assert_eq!(Queue::default().join(5, 1, 1, 100), EPOCH_SECONDS);
    }
}
