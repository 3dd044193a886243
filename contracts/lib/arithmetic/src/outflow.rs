//! The outflow limit of a token: at most a part of what the protocol owes of it leaves per epoch; a run on it becomes a
//! queue.
//!
//! Virtual scheduling, as in the generic cell rate algorithm (ITU-T I.371): the queue is one number, the time at which
//! all that was queued will have left at the limit's rate. A withdrawal learns its turn when it is queued, first come
//! first served; nobody has to serve the queue, and nothing loops.

use crate::time::EPOCH_SECONDS;
use crate::wide::{mul_div_down, mul_div_up};

/// Fractional bits of a queue's time: amounts that take less than a second must count as well.
const FRACTION_BITS: u32 = 32;

/// Seconds as a queue's time.
fn fixed(seconds: u64) -> u128 {
    // 64 bits shifted by 32.
    u128::from(seconds) << FRACTION_BITS
}

/// Puts `amount` into the queue of a token of which `owed` is owed in all, `percent` of which may leave per epoch. The
/// amount is released at `release` (Unix seconds) and has its turn then or later. `finish` is the queue's time, in
/// 2^-32 seconds.
///
/// Returns the queue's new time, and when the amount has its turn (Unix seconds), both rounded up (against who leaves).
/// The first `percent` of what is owed that leave in an epoch have their turn at their release. `percent` zero is no
/// limit.
pub fn turn(finish: u128, release: u64, amount: u128, owed: u128, percent: u8) -> (u128, u64) {
    if percent == 0 {
        return (finish, release);
    }
    // amount / (owed * percent / 100 per epoch), as a time.
    let hundred_epochs = fixed(EPOCH_SECONDS).saturating_mul(100);
    let at_full_rate = mul_div_up(amount, hundred_epochs, owed.max(1)).unwrap_or(u128::MAX);
    let takes = mul_div_up(at_full_rate, 1, u128::from(percent)).unwrap_or(u128::MAX);
    let starts = finish.max(fixed(release.saturating_sub(EPOCH_SECONDS)));
    let finish = starts.saturating_add(takes).min(FINISH_MAX);
    let seconds = u64::try_from(finish.div_ceil(1 << FRACTION_BITS)).unwrap_or(u64::MAX);
    (finish, seconds.max(release))
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

/// The largest time of a queue: the latest second that 64 bits count.
pub const FINISH_MAX: u128 = (1 << 96) - 1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::MIN_OUTFLOW_PERCENT;

    const RELEASE: u64 = 3_000 * EPOCH_SECONDS;

    #[test]
    fn what_stays_within_the_limit_leaves_at_its_release() {
        let (finish, first) = turn(0, RELEASE, 10, 100, 25);
        let (finish, second) = turn(finish, RELEASE, 15, 100, 25);
        assert_eq!((first, second), (RELEASE, RELEASE));
        let (_, third) = turn(finish, RELEASE, 1, 100, 25);
        assert_eq!(third, RELEASE + EPOCH_SECONDS / 25, "1 of the 25 that leave per epoch");
    }

    #[test]
    fn everything_has_left_after_the_stated_time() {
        let (mut finish, mut last) = (0, 0);
        for _ in 0..100 {
            (finish, last) = turn(finish, RELEASE, 1, 100, MIN_OUTFLOW_PERCENT);
        }
        assert_eq!(last, RELEASE + 9 * EPOCH_SECONDS, "one epoch's worth leaves at the release itself");
    }

    #[test]
    fn an_epoch_without_withdrawals_is_not_saved_up() {
        let later = RELEASE + 20 * EPOCH_SECONDS;
        let (finish, _) = turn(0, RELEASE, 1, 100, 10);
        let (_, last) = turn(finish, later, 30, 100, 10);
        assert_eq!(last, later + 2 * EPOCH_SECONDS);
    }

    #[test]
    fn dust_counts_too() {
        let mut finish = 0;
        for _ in 0..1_000_000 {
            (finish, _) = turn(finish, RELEASE, 1, 10_000_000, 10);
        }
        let (_, next) = turn(finish, RELEASE, 1, 10_000_000, 10);
        assert!(next > RELEASE, "a million small withdrawals have used the limit up");
    }

    #[test]
    fn the_turns_are_in_order() {
        let (finish, first) = turn(0, RELEASE, 70, 100, 30);
        let (_, second) = turn(finish, RELEASE + EPOCH_SECONDS, 1, 100, 30);
        assert!(second > first);
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
        let (finish, turn_at) = turn(u128::MAX, u64::MAX, u128::MAX, 0, 1);
        assert_eq!((finish, turn_at), (FINISH_MAX, u64::MAX));
        assert_eq!(turn(7, 9, 1, 1, 0), (7, 9));
    }

    #[test]
    fn a_queue_reaches_to_the_last_second_that_64_bits_count() {
        assert_eq!(FINISH_MAX >> FRACTION_BITS, u128::from(u64::MAX));
        assert_eq!((FINISH_MAX + 1) >> FRACTION_BITS, u128::from(u64::MAX) + 1);
        assert_eq!(
            turn(FINISH_MAX, RELEASE, 1, 100, 100),
            (FINISH_MAX, u64::MAX),
            "it is full, and takes it all the same"
        );
    }

    #[test]
    fn a_turn_is_rounded_up_to_the_second() {
        // An epoch has a whole number of seconds in a third, and not in an eleventh.
        let (finish, at) = turn(fixed(RELEASE), RELEASE, 1, 3, 100);
        assert_eq!((finish, at), (fixed(RELEASE + EPOCH_SECONDS / 3), RELEASE + EPOCH_SECONDS / 3));
        let (finish, at) = turn(fixed(RELEASE), RELEASE, 1, 11, 100);
        assert!(finish > fixed(RELEASE + EPOCH_SECONDS / 11) && finish < fixed(RELEASE + EPOCH_SECONDS / 11 + 1));
        assert_eq!(at, RELEASE + EPOCH_SECONDS / 11 + 1);
    }

    #[test]
    fn the_smallest_amount_takes_time() {
        let (finish, _) = turn(fixed(RELEASE), RELEASE, 1, u128::MAX, 100);
        assert_eq!(finish, fixed(RELEASE) + 1);
        assert_eq!(turn(finish, RELEASE, 0, 100, 10).0, finish, "and nothing takes none");
    }

    #[test]
    fn no_turn_is_before_the_release() {
        let early = fixed(RELEASE - EPOCH_SECONDS);
        let hundredth = fixed(EPOCH_SECONDS / 100);
        assert_eq!(turn(early, RELEASE, 1, 100, 100), (early + hundredth, RELEASE));
        assert_eq!(turn(0, 0, 0, 1, 100), (0, 0), "nor before time begins");
        assert_eq!(turn(0, 5, 1, 1, 100), (fixed(EPOCH_SECONDS), EPOCH_SECONDS));
    }
}
