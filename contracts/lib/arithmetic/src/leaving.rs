//! The withdrawal of a position that is on its way, as far as it shares the position's word.
//!
//! Most stakers have one withdrawal from an operator on its way at a time. It is kept in the word that changes anyway
//! when it is queued, so it needs no new one. A withdrawal of a later release, while that one was not taken, has a word
//! of its own beside it; so has one in a bucket that a slash emptied once. No release has both.

use crate::pool::Position;

/// The last release that is kept in the word: 15 bits, some six hundred years from now.
pub const LAST_RELEASE: u64 = (1 << 15) - 1;

/// What is kept of withdrawals in the word of a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Leaving {
    /// Shares of a bucket that no slash has emptied yet, as they were queued; zero for none.
    pub shares: u128,
    /// The epoch at which they are released; without any, the last one of which a withdrawal may be beside.
    pub release: u64,
    /// Whether withdrawals may have words of their own: of later releases than `release`, or without shares of it.
    pub beside: bool,
}

impl Leaving {
    /// The withdrawal that is released at `release`, if it is kept here. Otherwise it has a word of its own.
    pub fn of(&self, release: u64) -> Option<Position> {
        (self.shares != 0 && self.release == release).then_some(Position { shares: self.shares, generation: 0 })
    }

    /// Whether what is queued now, into a bucket of `generation`, is kept here.
    pub fn takes(&self, release: u64, generation: u32) -> bool {
        if generation != 0 || release > LAST_RELEASE {
            false
        } else if self.shares != 0 {
            self.release == release
        } else {
            !self.beside || self.release < release
        }
    }

    /// Keeps all `shares` of a withdrawal, which [`Leaving::takes`] allows.
    pub fn keep(&mut self, release: u64, shares: u128) {
        // What is beside is of earlier releases then, and not asked for here.
        let beside = self.beside && self.shares != 0;
        *self = Self { shares, release, beside };
    }

    /// Notes that what is queued now has a word of its own. What was kept of the same bucket was emptied by a slash.
    pub fn pass(&mut self, release: u64) {
        if self.shares == 0 || self.release == release {
            *self = Self { shares: 0, release: release.min(LAST_RELEASE), beside: true };
        }
        self.beside = true;
    }

    /// Forgets what is kept, which was taken while `latest` is the release of what is queued.
    pub fn forget(&mut self, latest: u64) {
        let release = if self.beside { latest.min(LAST_RELEASE) } else { 0 };
        *self = Self { shares: 0, release, beside: self.beside };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;
    use std::collections::BTreeMap;

    /// A staker's withdrawals, each where it is kept.
    #[derive(Default)]
    struct Words {
        leaving: Leaving,
        own: BTreeMap<u64, Position>,
    }

    impl Words {
        fn of(&self, release: u64) -> Position {
            self.leaving.of(release).or_else(|| self.own.get(&release).copied()).unwrap_or_default()
        }

        fn queue(&mut self, release: u64, generation: u32, shares: u128) {
            let before = if self.of(release).generation == generation { self.of(release).shares } else { 0 };
            if self.leaving.takes(release, generation) {
                self.leaving.keep(release, before + shares);
            } else {
                self.leaving.pass(release);
                self.own.insert(release, Position { shares: before + shares, generation });
            }
        }

        fn take(&mut self, release: u64, latest: u64) {
            if self.leaving.of(release).is_some() {
                self.leaving.forget(latest);
            } else {
                self.own.remove(&release);
            }
        }
    }

    #[test]
    fn one_withdrawal_at_a_time_needs_no_word_of_its_own() {
        let mut words = Words::default();
        for release in [3, 5, 6] {
            words.queue(release, 0, 7);
            words.queue(release, 0, 8);
            assert_eq!(words.of(release), Position { shares: 15, generation: 0 });
            words.take(release, release + 2);
            assert_eq!(words.leaving, Leaving::default());
        }
        assert!(words.own.is_empty());
    }

    #[test]
    fn releases_beyond_the_word_have_words_of_their_own() {
        let mut words = Words::default();
        words.queue(LAST_RELEASE + 1, 0, 7);
        assert_eq!(words.of(LAST_RELEASE + 1).shares, 7);
        assert_eq!(words.of(LAST_RELEASE).shares, 0);
    }

    /// Whatever is queued, emptied by slashes and taken, in whatever order: each release has what a book without words
    /// says, and none is in two places.
    #[test]
    fn every_withdrawal_is_found_where_it_is_kept() {
        let mut seed = 7u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for _ in 0..2_000 {
            let (mut words, mut book, mut generations) = (Words::default(), BTreeMap::new(), BTreeMap::new());
            let mut now = 0u64;
            for _ in 0..40 {
                let (latest, any) = (now + 2, now.saturating_sub(3) + random(6));
                match random(6) {
                    0 => now += 1,
                    1 => {
                        // A slash empties a bucket.
                        *generations.entry(any).or_insert(0) += 1;
                        book.remove(&any);
                    }
                    2 if any <= now && book.remove(&any).is_some() => words.take(any, latest),
                    _ => {
                        let generation = generations.get(&latest).copied().unwrap_or(0);
                        words.queue(latest, generation, 1);
                        *book.entry(latest).or_insert(0u128) += 1;
                    }
                }
                for release in 0..=now + 3 {
                    let generation = generations.get(&release).copied().unwrap_or(0);
                    let kept = words.of(release);
                    let counts = if kept.generation == generation { kept.shares } else { 0 };
                    assert_eq!(counts, book.get(&release).copied().unwrap_or(0), "{words:?}", words = words.leaving);
                    let twice = words.leaving.of(release).is_some() && words.own.contains_key(&release);
                    assert!(!twice, "{release} is in two places");
                }
            }
        }
    }
}
