//! Checkpoints: the stake of an operator from a time on, and whether its signatures carry it. They are stored two in a
//! word, so that every other one needs no new word.

use crate::epoch;

/// Most that a checkpoint can say: 87 bits.
pub const MAX_STAKE: u128 = (1 << 87) - 1;

/// The latest time of a checkpoint: 40 bits.
const MAX_TIME: u128 = (1 << 40) - 1;

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

    /// From the lowest bits: its time (40 bits), whether it signs (1), its stake (87). Larger numbers count as the
    /// largest.
    fn to_bits(self) -> u128 {
        u128::from(self.time).min(MAX_TIME) | (u128::from(self.signs) << 40) | (self.stake.min(MAX_STAKE) << 41)
    }

    fn from_bits(bits: u128) -> Self {
        let time = u64::try_from(bits & MAX_TIME).unwrap_or(u64::MAX);
        Self { time, stake: bits >> 41, signs: (bits >> 40) & 1 != 0 }
    }
}

/// Two checkpoints in a row, in one word. Where there is one only, it is the newer; one of time zero is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// The one before.
    pub older: Checkpoint,
    /// The last one.
    pub newer: Checkpoint,
}

impl Pair {
    /// The last of both that is not later than `time`.
    pub fn at(&self, time: u64) -> Option<Checkpoint> {
        [self.newer, self.older].into_iter().find(|checkpoint| checkpoint.time != 0 && checkpoint.time <= time)
    }

    /// Adds a checkpoint, which is not earlier than the last; one of the same second is overwritten. Returns the pair
    /// that has no room any more, if it was full.
    pub fn append(&mut self, checkpoint: Checkpoint) -> Option<Self> {
        let before = *self;
        if before.newer.time == 0 || before.newer.time == checkpoint.time {
            self.newer = checkpoint;
            None
        } else if before.older.time == 0 {
            *self = Self { older: before.newer, newer: checkpoint };
            None
        } else {
            *self = Self { older: Checkpoint::default(), newer: checkpoint };
            Some(before)
        }
    }

    /// Reads the four 64-bit numbers of a word, lowest first: the older in the lower half.
    pub fn from_limbs([a, b, c, d]: [u64; 4]) -> Self {
        let half = |low: u64, high: u64| Checkpoint::from_bits((u128::from(high) << 64) | u128::from(low));
        Self { older: half(a, b), newer: half(c, d) }
    }

    /// Writes them.
    pub fn to_limbs(&self) -> [u64; 4] {
        let low = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).unwrap_or(u64::MAX);
        let [older, newer] = [self.older.to_bits(), self.newer.to_bits()];
        [low(older), low(older >> 64), low(newer), low(newer >> 64)]
    }
}

/// What counts at `time`, by the `last` pair and the `count` full ones before, which `read` reads; nothing before the
/// first checkpoint.
pub fn counts_at(last: &Pair, count: u64, time: u64, read: impl Fn(u64) -> Pair) -> Checkpoint {
    let before = || last_at(count, time, |index| read(index).older.time).and_then(|index| read(index).at(time));
    last.at(time).or_else(before).unwrap_or_default()
}

/// The last of `count` things that is not later than `time`, where `time_of` tells their times in ascending order;
/// `None` if all are later.
///
/// Searched from the end in growing steps, then by bisection: questions are about recent times, and then a long history
/// costs no more than a short one.
fn last_at(count: u64, time: u64, time_of: impl Fn(u64) -> u64) -> Option<u64> {
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
    fn a_pair_is_read_as_it_was_written() {
        let (time, stake) = ((1 << 40) - 1, MAX_STAKE);
        let many = [(0, 0, false), (1, 1, true), (time, 0, false), (0, stake, false), (time, stake, true)];
        let many = many.map(|(time, stake, signs)| Checkpoint { time, stake, signs });
        for older in many {
            for newer in many {
                let pair = Pair { older, newer };
                assert_eq!(Pair::from_limbs(pair.to_limbs()), pair);
            }
        }
        let written = Pair { older: many[1], newer: many[4] }.to_limbs();
        assert_eq!(written, [1 | (3 << 40), 0, u64::MAX, u64::MAX], "time, whether it signs, stake");
    }

    /// Histories of all lengths, in which some checkpoints are of the same second.
    #[test]
    fn a_history_in_pairs_says_what_a_list_says() {
        let (mut seed, mut most) = (7u64, 0);
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for length in 0..60 {
            let (mut last, mut full, mut list) = ([0; 4], std::vec::Vec::new(), std::vec::Vec::<Checkpoint>::new());
            let mut now = 1;
            for _ in 0..length {
                now += random(4);
                let checkpoint = Checkpoint { time: now, stake: random(1 << 30).into(), signs: random(2) == 0 };
                let mut pair = Pair::from_limbs(last);
                full.extend(pair.append(checkpoint).map(|pair| pair.to_limbs()));
                last = pair.to_limbs();
                if list.last().is_some_and(|last| last.time == now) {
                    list.pop();
                }
                list.push(checkpoint);
                assert_eq!(Pair::from_limbs(last).newer, checkpoint);
            }
            assert_eq!(full.len(), list.len().saturating_sub(1) / 2, "every other checkpoint fills a word");
            most = most.max(full.len());
            for time in (0..now + 3).chain([u64::MAX]) {
                let read = |index| Pair::from_limbs(full[usize::try_from(index).unwrap()]);
                let count = u64::try_from(full.len()).unwrap();
                let found = counts_at(&Pair::from_limbs(last), count, time, read);
                let listed = list.iter().rfind(|checkpoint| checkpoint.time <= time);
                assert_eq!(found, listed.copied().unwrap_or_default(), "{length} at {time}");
            }
        }
        assert!(most > 15, "{most} pairs");
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
