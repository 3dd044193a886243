//! Games about a trace: which state is named next, and how time is counted.

/// The number of steps after which the state is named: in the middle of what they differ about, the smaller half first.
/// Nothing is left to name between neighbours.
pub const fn middle(first: u64, last: u64) -> u64 {
    first.saturating_add(last.saturating_sub(first) / 2)
}

/// Whether one step is left, or none: a trace without steps leads nowhere.
pub const fn is_one_step(first: u64, last: u64) -> bool {
    last.saturating_sub(first) <= 1
}

/// Until when (Unix seconds, included) a side can move that has `left` seconds on its clock since `since`.
pub const fn deadline(since: u64, left: u32) -> u64 {
    since.saturating_add(left as u64)
}

/// What is left on a clock with `left` seconds at `since`, at `now`: nothing less than a second is counted, and both
/// clocks together never run for longer than they have. `None` if it ran out.
pub fn left(left: u32, since: u64, now: u64) -> Option<u32> {
    let spent = u32::try_from(now.saturating_sub(since)).ok()?;
    left.checked_sub(spent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_is_halved_to_one_step_in_as_many_moves_as_it_has_bits() {
        for steps in [1, 2, 3, 4, 5, 7, 8, 1_000, (1 << 40) + 1, u64::MAX - 1, u64::MAX] {
            for always_second in [false, true] {
                let (mut first, mut last, mut moves) = (0, steps, 0);
                while !is_one_step(first, last) {
                    let at = middle(first, last);
                    assert!(first < at && at < last, "{first} {at} {last}");
                    if always_second {
                        first = at
                    } else {
                        last = at
                    }
                    moves += 1;
                }
                assert_eq!(last - first, 1);
                assert!(moves <= 64 - (steps - 1).leading_zeros(), "{steps} steps took {moves} moves");
            }
        }
    }

    #[test]
    fn a_trace_without_steps_has_nothing_to_halve() {
        assert!(is_one_step(0, 0));
        assert_eq!((middle(0, 0), middle(7, 7), middle(7, 8)), (0, 7, 7));
        assert_eq!(middle(u64::MAX, 0), u64::MAX, "what cannot be is no panic");
    }

    #[test]
    fn a_clock_runs_out_after_its_last_second() {
        assert_eq!(left(10, 100, 100), Some(10));
        assert_eq!(left(10, 100, 110), Some(0), "the last second is one of its own");
        assert_eq!(left(10, 100, 111), None);
        assert_eq!(deadline(100, 10), 110);
        assert_eq!((left(u32::MAX, 0, u64::MAX), deadline(u64::MAX, 1)), (None, u64::MAX));
    }
}
