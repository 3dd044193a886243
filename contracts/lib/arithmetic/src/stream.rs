//! Rewards that stream into a pool's price, so that joining just before one is paid and leaving just after gains
//! nothing.
//!
//! A stream is linear: what remains is spread evenly over the time that is left. Every touch of the pool releases what
//! is due since the last one, but by no more than a tenth of the pool's assets in an epoch ([`MAX_RELEASE_PART`]); the
//! rest stays in the stream and goes on, so that nothing is lost. What a whole pool of dust can be brought to in one
//! step is therefore dust: from the initial price to the one at which a share is worth one base unit, where nothing
//! more can be released, a pool takes 138 epochs at least.

use crate::pool::{MAX_AMOUNT, Pool, PoolError};
use crate::time::EPOCH_SECONDS;
use crate::wide::{mul_div_down, mul_div_up};

/// A stream releases at most one part in this many of the pool's assets in an epoch: a tenth.
pub const MAX_RELEASE_PART: u128 = 10;

/// In this time a pool may get as much as it has.
const DOUBLING_SECONDS: u128 = EPOCH_SECONDS as u128 * MAX_RELEASE_PART;

/// What flows is counted in this many parts of a base unit.
const PARTS: u128 = 1 << u16::BITS;

/// Rewards on their way into one pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stream {
    /// Base units that have not been released.
    pub remaining: u128,
    /// Until when they were released (Unix seconds).
    pub updated: u64,
    /// When the last of them is due (Unix seconds): released then, unless it is more than the pool may get.
    pub ends: u64,
    /// What has flowed and is less than a base unit, in parts of 2^-16; it is part of what remains. With it a stream
    /// flows however often it is touched, and no time has to stand still for that, which would count for whoever joins
    /// next.
    pub carry: u16,
}

impl Stream {
    /// What is due at `now` and not released, rounded down (against the stakers, until the end).
    pub fn due(&self, now: u64) -> u128 {
        self.due_parts(now).saturating_add(u128::from(self.carry)) / PARTS
    }

    /// The largest reward that can be added: with all that streams a share would be worth one base unit.
    pub fn room(&self, pool: &Pool) -> u128 {
        pool.shares.saturating_sub(pool.assets).saturating_sub(self.remaining)
    }

    /// Moves what is due into the pool's assets, a tenth of them an epoch at most, and at most one epoch's at once.
    /// Returns how much.
    ///
    /// Never raises a share above one base unit, as all of [`Pool`] relies on. What could not be released when it was
    /// due is spread over the time in which the pool as it is now could take it, at most another epoch: it must not
    /// wait for whoever joins next, to be theirs at once. While a pool has no shares its stream stands still.
    #[inline(never)]
    pub fn release(&mut self, pool: &mut Pool, now: u64) -> u128 {
        if pool.shares == 0 {
            // A stream that was not at its end has as much time left as it had.
            let left = self.ends.saturating_sub(self.updated);
            let ends = now.saturating_add(if left == 0 { EPOCH_SECONDS } else { left });
            *self = Self { remaining: self.remaining, updated: now, ends, carry: 0 };
            return 0;
        }
        let (due, allowed) = (self.due_parts(now), self.allowed_parts(pool, now));
        // At most what remains.
        let flowed = due.min(allowed).saturating_add(u128::from(self.carry));
        let room = pool.shares.saturating_sub(pool.assets);
        let released = (flowed / PARTS).min(room);
        // At most the pool's shares, which are bounded.
        pool.assets = pool.assets.saturating_add(released);
        self.remaining = self.remaining.saturating_sub(released);
        self.updated = now;
        // Below 16 bits.
        self.carry = u16::try_from(flowed % PARTS).unwrap_or(0);
        if allowed < due || released < flowed / PARTS {
            self.ends = self.ends.max(now.saturating_add(self.time_in(pool)));
        }
        released
    }

    /// Adds a reward at `now`, up to which the stream has been released. Alone it lasts one epoch; with what remains,
    /// the time left is the mean of both, weighted by amount: a large reward is not rushed by a stream that is about to
    /// end. Rounded down: one base unit cannot hold up a stream by a second, however often it comes.
    ///
    /// # Errors
    /// [`PoolError::Zero`], [`PoolError::TooLarge`]; the stream is unchanged then.
    pub fn add(&mut self, amount: u128, now: u64) -> Result<(), PoolError> {
        if amount == 0 {
            return Err(PoolError::Zero);
        }
        let total = self.remaining.checked_add(amount).filter(|sum| *sum <= MAX_AMOUNT).ok_or(PoolError::TooLarge)?;
        let left = self.ends.saturating_sub(now);
        // An amount that lasts an epoch instead of what is left moves the end by its part of the difference.
        let longer = mul_div_down(amount, u128::from(EPOCH_SECONDS.saturating_sub(left)), total);
        let longer = longer.and_then(|seconds| u64::try_from(seconds).ok()).ok_or(PoolError::TooLarge)?;
        let ends = now.checked_add(left).and_then(|end| end.checked_add(longer)).ok_or(PoolError::TooLarge)?;
        *self = Self { remaining: total, updated: now, ends, carry: self.carry };
        Ok(())
    }

    /// What remains and has not flowed, in parts: at most 128 bits, for 112 bits of base units.
    fn rest_parts(&self) -> u128 {
        self.remaining.saturating_mul(PARTS).saturating_sub(u128::from(self.carry))
    }

    /// What is due for the time since the last release, in parts, rounded down.
    fn due_parts(&self, now: u64) -> u128 {
        let rest = self.rest_parts();
        if now >= self.ends {
            return rest;
        }
        let (passed, length) = (now.saturating_sub(self.updated), self.ends.saturating_sub(self.updated));
        // The quotient is at most the rest, and the length is not zero: `now` lies before the end.
        mul_div_down(rest, u128::from(passed), u128::from(length)).unwrap_or(0)
    }

    /// What the pool may get for the time since the last release, in parts, rounded down.
    fn allowed_parts(&self, pool: &Pool, now: u64) -> u128 {
        let passed = now.saturating_sub(self.updated).min(EPOCH_SECONDS);
        // At most a tenth of 112 bits times 16 bits.
        mul_div_down(pool.assets, u128::from(passed).saturating_mul(PARTS), DOUBLING_SECONDS).unwrap_or(0)
    }

    /// The time in which `pool` may get what remains (seconds, rounded up), at most an epoch.
    fn time_in(&self, pool: &Pool) -> u64 {
        mul_div_up(self.rest_parts(), DOUBLING_SECONDS, pool.assets.saturating_mul(PARTS))
            .and_then(|seconds| u64::try_from(seconds).ok())
            .map_or(EPOCH_SECONDS, |seconds| seconds.min(EPOCH_SECONDS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::SHARES_PER_ASSET;

    const NOW: u64 = 1_000_000;

    fn pool_of(assets: u128) -> Pool {
        let mut pool = Pool::default();
        pool.deposit(assets).unwrap();
        pool
    }

    /// A fixed linear congruential sequence: the cases are the same in each run.
    fn sequence(seed: u64) -> impl Iterator<Item = u64> {
        let step = |x: &u64| Some(x.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f));
        core::iter::successors(Some(seed), step).map(|x| x >> 33)
    }

    #[test]
    fn a_reward_is_released_evenly_and_whole() {
        let (mut pool, mut stream) = (pool_of(10_000), Stream::default());
        stream.add(700, NOW).unwrap();
        assert_eq!(stream.due(NOW), 0);
        assert_eq!(stream.release(&mut pool, NOW + EPOCH_SECONDS / 7), 100);
        assert_eq!(stream.release(&mut pool, NOW + EPOCH_SECONDS / 7), 0, "not twice");
        assert_eq!(stream.due(NOW + EPOCH_SECONDS - 1), 599, "rounded down until the end");
        assert_eq!(stream.release(&mut pool, NOW + EPOCH_SECONDS), 600);
        assert_eq!((pool.assets, stream.remaining), (10_700, 0));
    }

    #[test]
    fn frequent_touches_lose_nothing() {
        let (mut pool, mut stream) = (pool_of(100), Stream::default());
        stream.add(3, NOW).unwrap();
        for second in 0..=EPOCH_SECONDS / 100 {
            stream.release(&mut pool, NOW + second * 100);
        }
        assert_eq!((pool.assets, stream.remaining), (103, 0));
    }

    #[test]
    fn no_more_than_a_tenth_of_a_pool_is_released_in_an_epoch_and_the_rest_goes_on() {
        let (mut pool, mut stream) = (pool_of(1_000), Stream::default());
        stream.add(250, NOW).unwrap();
        assert_eq!(stream.release(&mut pool, NOW + EPOCH_SECONDS / 2), 50);
        assert_eq!(stream.release(&mut pool, NOW + EPOCH_SECONDS), 52, "a tenth of what is there now");
        assert_eq!(stream.release(&mut pool, NOW + 2 * EPOCH_SECONDS), 110);
        assert_eq!((pool.assets, stream.remaining), (1_212, 38));
        let last = stream.ends;
        assert_eq!(stream.release(&mut pool, last), 38, "what is left takes as long as the pool may get it");
        assert!(last < NOW + 3 * EPOCH_SECONDS, "{last}");
        assert_eq!((pool.assets, stream.remaining), (1_250, 0), "nothing is lost");
    }

    #[test]
    fn a_reward_of_exactly_a_tenth_ends_with_its_epoch_however_often_it_is_touched() {
        for step in [1_001, 77_777, EPOCH_SECONDS] {
            let (mut pool, mut stream) = (pool_of(1_000_000_007), Stream::default());
            stream.add(100_000_000, NOW).unwrap();
            let mut now = NOW;
            while now < NOW + EPOCH_SECONDS {
                now = (now + step).min(NOW + EPOCH_SECONDS);
                stream.release(&mut pool, now);
            }
            assert!(stream.remaining <= 1_000, "{step}: {stream:?}");
        }
    }

    #[test]
    fn a_stream_that_nobody_touched_for_ten_epochs_releases_one_epochs_tenth_at_once() {
        let (mut pool, mut stream) = (pool_of(1_000), Stream::default());
        stream.add(5_000, NOW).unwrap();
        let later = NOW + 10 * EPOCH_SECONDS;
        assert_eq!(stream.release(&mut pool, later), 100);
        assert_eq!(stream.release(&mut pool, later), 0, "not once more by touching again");
        // Somebody large joins now, and leaves again a second later.
        pool.deposit(1_000_000_000).unwrap();
        assert!(stream.release(&mut pool, later + 1) <= 4_900 / u128::from(EPOCH_SECONDS) + 1);
        assert_eq!(stream.ends, later + EPOCH_SECONDS, "the rest takes another epoch");
    }

    #[test]
    fn dust_in_front_of_a_reward_does_not_brick_the_pool() {
        // One base unit, a reward of a millionth of a token, one second.
        let (mut pool, mut stream) = (pool_of(1), Stream::default());
        assert_eq!(stream.room(&pool), SHARES_PER_ASSET - 1, "more is refused");
        stream.add(SHARES_PER_ASSET - 1, NOW).unwrap();
        assert_eq!(stream.room(&pool), 0);
        assert_eq!(stream.release(&mut pool, NOW + 1), 0);
        // Somebody stakes a token: there is room for a reward of any size, and it comes.
        let token = 1_000_000_000_000_000_000;
        pool.deposit(token).unwrap();
        assert!(stream.room(&pool) > token * (SHARES_PER_ASSET - 2));
        stream.add(token / 20, NOW + 1).unwrap();
        stream.release(&mut pool, NOW + 1 + EPOCH_SECONDS);
        assert!(pool.assets > token + token / 20 - 1);
    }

    #[test]
    fn no_pool_of_dust_is_brought_to_where_it_has_no_room_in_less_than_138_epochs() {
        for dust in [1, 9, 10, 1_000] {
            let (mut pool, mut stream) = (pool_of(dust), Stream::default());
            let mut now = NOW;
            while pool.assets < pool.shares {
                let room = stream.room(&pool);
                if room != 0 {
                    stream.add(room, now).unwrap();
                }
                now += EPOCH_SECONDS / 50;
                stream.release(&mut pool, now);
                assert!(now - NOW < 1_000 * EPOCH_SECONDS, "{dust}: it gets there");
            }
            assert!(now - NOW >= 138 * EPOCH_SECONDS, "{dust}: {}", (now - NOW) / EPOCH_SECONDS);
        }
    }

    #[test]
    fn who_stakes_dust_into_an_emptied_pool_gets_a_tenth_of_the_dust() {
        let (mut pool, mut stream) = (pool_of(1_000_000), Stream::default());
        stream.add(80_000, NOW).unwrap();
        stream.release(&mut pool, NOW + EPOCH_SECONDS / 2);
        let all = pool.shares;
        pool.redeem(all).unwrap();
        stream.release(&mut pool, NOW + 5 * EPOCH_SECONDS);
        pool.deposit(100).unwrap();
        assert_eq!(stream.release(&mut pool, NOW + 6 * EPOCH_SECONDS), 10);
        assert_eq!(stream.remaining, 39_990);
    }

    #[test]
    fn time_in_which_dust_got_nothing_does_not_count_for_who_joins_next() {
        // Somebody keeps a stream with one base unit, touches it or not, and then joins with much.
        for touches in [0, 1, 1_000] {
            let (mut pool, mut stream) = (pool_of(1), Stream::default());
            stream.add(999_000, NOW).unwrap();
            let joins = NOW + 3 * EPOCH_SECONDS / 4;
            for touch in 1..=touches {
                stream.release(&mut pool, NOW + (joins - NOW) / touches * touch);
            }
            stream.release(&mut pool, joins);
            pool.deposit(1_000_000_000_000).unwrap();
            assert_eq!(stream.release(&mut pool, joins), 0, "{touches}");
            let in_a_second = stream.release(&mut pool, joins + 1);
            assert!(in_a_second <= 999_000 / u128::from(EPOCH_SECONDS / 4) + 1, "{touches}: {in_a_second}");
        }
    }

    #[test]
    fn many_touches_a_second_and_one_each_second_starve_no_pool() {
        // A tenth of 1,000,000 units in an epoch is a sixth of a unit a second.
        let (mut often, mut stream) = (pool_of(1_000_000), Stream::default());
        stream.add(900_000, NOW).unwrap();
        for second in 1..=EPOCH_SECONDS / 8 {
            stream.release(&mut often, NOW + second);
            assert_eq!(stream.release(&mut often, NOW + second), 0);
        }
        let got = often.assets - 1_000_000;
        assert!((12_498..=12_579).contains(&got), "an eighth of a tenth, or with its own growth e^(0.1/8): {got}");
        // A stream that is as fine is not late either.
        let (mut often, mut stream) = (pool_of(1_000_000), Stream::default());
        stream.add(80_000, NOW).unwrap();
        for second in 1..=EPOCH_SECONDS / 8 {
            stream.release(&mut often, NOW + second);
        }
        assert!((9_990..=10_000).contains(&(often.assets - 1_000_000)), "{often:?}");
        // And the smallest pools lose their part of 2^-16 of a unit a touch.
        let (mut dust, mut stream) = (pool_of(1_000), Stream::default());
        stream.add(900_000, NOW).unwrap();
        for second in 1..=EPOCH_SECONDS / 8 {
            stream.release(&mut dust, NOW + second);
        }
        assert!(dust.assets >= 1_011, "{dust:?}");
    }

    #[test]
    fn touching_again_in_the_same_second_changes_nothing() {
        let (mut pool, mut stream) = (pool_of(1_000), Stream::default());
        stream.add(51, NOW).unwrap();
        let now = NOW + EPOCH_SECONDS / 2;
        assert_eq!(stream.release(&mut pool, now), 25);
        assert_ne!(stream.carry, 0, "and half a base unit");
        // More than the pool may get until the end: that moves when it is due, and not for a touch.
        stream.add(500, now).unwrap();
        let (before, there) = (stream, pool);
        assert_eq!(stream.release(&mut pool, now), 0);
        assert_eq!((stream, pool), (before, there));
    }

    #[test]
    fn what_finds_no_room_is_spread_over_the_time_in_which_the_pool_could_get_it() {
        let mut pool = Pool { assets: 1_000, shares: 1_005, ..Pool::default() };
        let mut stream = Stream::default();
        stream.add(50, NOW).unwrap();
        let now = NOW + EPOCH_SECONDS;
        assert_eq!(stream.release(&mut pool, now), 5);
        assert_eq!(stream.ends, now + (EPOCH_SECONDS * 450).div_ceil(1_005), "at a tenth of 1,005 in an epoch");
        // Who joins then gets what is due from then on.
        pool.deposit(1_005).unwrap();
        pool.shares *= 2;
        assert_eq!(stream.release(&mut pool, now), 0);
        let ends = stream.ends;
        assert_eq!(stream.release(&mut pool, ends), 45);
    }

    #[test]
    fn a_tiny_reward_never_moves_the_end_of_a_large_one() {
        let mut stream = Stream::default();
        stream.add(1_000_000_000_000, NOW).unwrap();
        let (mut pool, ends) = (pool_of(100_000_000_000_000), stream.ends);
        for second in (0..EPOCH_SECONDS).step_by(6) {
            stream.release(&mut pool, NOW + second);
            stream.add(1, NOW + second).unwrap();
            assert_eq!(stream.ends, ends, "{second}");
            // The very last seconds' rest is as tiny as what is added.
            if stream.remaining < 1_000_000_000 {
                break;
            }
        }
        stream.release(&mut pool, ends);
        assert_eq!(stream.remaining, 0);
    }

    #[test]
    fn a_large_reward_is_not_rushed_by_a_stream_that_is_about_to_end() {
        let (mut pool, mut stream) = (pool_of(1_000_000_000), Stream::default());
        stream.add(1_000, NOW).unwrap();
        let later = NOW + EPOCH_SECONDS - 1;
        stream.release(&mut pool, later);
        stream.add(10_000_000, later).unwrap();
        assert!(stream.ends > later + EPOCH_SECONDS - 100, "{stream:?}");
        // Nor by one that is past its end because the pool could not take it: that alone lasts another epoch.
        let (mut pool, mut stream) = (pool_of(1_000), Stream::default());
        stream.add(5_000, NOW).unwrap();
        stream.release(&mut pool, NOW + 3 * EPOCH_SECONDS);
        stream.add(5_000, NOW + 3 * EPOCH_SECONDS).unwrap();
        assert_eq!(stream.ends, NOW + 4 * EPOCH_SECONDS);
    }

    #[test]
    fn an_empty_pool_stops_the_stream() {
        let mut stream = Stream::default();
        stream.add(100, NOW).unwrap();
        let mut pool = Pool::default();
        assert_eq!(stream.release(&mut pool, NOW + EPOCH_SECONDS), 0);
        pool.deposit(1_000).unwrap();
        assert_eq!(stream.release(&mut pool, NOW + EPOCH_SECONDS), 0, "the newcomer earned nothing yet");
        assert_eq!(stream.release(&mut pool, NOW + 2 * EPOCH_SECONDS), 100);
    }

    #[test]
    fn a_share_is_never_worth_more_than_one_unit() {
        // A pool at the cap, to which more streams than it has room for: others left since it was added.
        let mut pool = Pool { assets: 990, shares: 1_000, ..Pool::default() };
        let mut stream = Stream { remaining: 50, updated: NOW, ends: NOW + EPOCH_SECONDS, carry: 0 };
        assert_eq!(stream.room(&pool), 0);
        assert_eq!(stream.release(&mut pool, NOW + EPOCH_SECONDS), 10);
        assert_eq!(stream.release(&mut pool, NOW + 9 * EPOCH_SECONDS), 0);
        assert_eq!((pool.assets, pool.shares, stream.remaining), (1_000, 1_000, 40), "the rest waits");
        // A slash makes room for the rest, which does not undo it at once.
        pool.slash(1, 2).unwrap();
        assert_eq!(stream.release(&mut pool, NOW + 9 * EPOCH_SECONDS), 0);
        assert_eq!(stream.release(&mut pool, NOW + 10 * EPOCH_SECONDS), 40);
    }

    #[test]
    fn a_wiped_pool_that_starts_again_gets_its_stream_by_tenths() {
        let (mut pool, mut stream) = (pool_of(1_000), Stream::default());
        stream.add(100, NOW).unwrap();
        pool.slash(1, 1).unwrap();
        stream.release(&mut pool, NOW + 8 * EPOCH_SECONDS);
        assert_eq!((pool.assets, pool.shares), (0, 0));
        pool.deposit(50).unwrap();
        assert_eq!(stream.release(&mut pool, NOW + 9 * EPOCH_SECONDS), 5);
        assert_eq!(stream.release(&mut pool, NOW + 10 * EPOCH_SECONDS), 5, "five and a half");
        assert_eq!(stream.release(&mut pool, NOW + 11 * EPOCH_SECONDS), 6, "and the half that was carried over");
    }

    #[test]
    fn a_stream_whose_end_came_while_it_could_not_flow_takes_another_epoch() {
        let mut stream = Stream { remaining: 10, updated: NOW, ends: NOW, carry: 9 };
        let mut pool = Pool::default();
        stream.release(&mut pool, NOW + 5);
        let expected = Stream { remaining: 10, updated: NOW + 5, ends: NOW + 5 + EPOCH_SECONDS, carry: 0 };
        assert_eq!(stream, expected);
    }

    #[test]
    fn what_cannot_be_added_changes_nothing() {
        let mut stream = Stream { remaining: 5, updated: NOW, ends: NOW + 9, carry: 3 };
        let before = stream;
        assert_eq!(stream.add(0, NOW), Err(PoolError::Zero));
        assert_eq!(stream.add(MAX_AMOUNT, NOW), Err(PoolError::TooLarge));
        assert_eq!(stream, before);
    }

    #[test]
    fn the_largest_numbers_overflow_nothing() {
        let mut pool = Pool { assets: MAX_AMOUNT - 1, shares: MAX_AMOUNT, ..Pool::default() };
        let mut stream = Stream::default();
        stream.add(MAX_AMOUNT, NOW).unwrap();
        assert_eq!(stream.release(&mut pool, NOW + 5 * EPOCH_SECONDS), 1);
        assert_eq!(stream.room(&pool), 0);
        let mut pool = Pool { assets: MAX_AMOUNT / 2, shares: MAX_AMOUNT, ..Pool::default() };
        assert_eq!(stream.release(&mut pool, u64::MAX), MAX_AMOUNT / 2 / MAX_RELEASE_PART + 1, "with what was carried");
        assert_eq!(stream.ends, u64::MAX);
    }

    /// Everything that happens to a pool and its stream, in random order, with what must hold after each step.
    #[test]
    fn whatever_happens_nothing_is_lost_and_no_epoch_brings_more_than_its_tenth() {
        for seed in 0..300 {
            let mut random = sequence(seed).skip(3);
            let mut next = |below: u64| random.next().unwrap() % below;
            let scale = [1, 1_000, 1_000_000, 1_000_000_000_000][usize::try_from(next(4)).unwrap()];
            let (mut pool, mut stream, mut now) = (Pool::default(), Stream::default(), NOW);
            let (mut came, mut left) = (0u128, 0u128);
            for _ in 0..200 {
                let passed =
                    [0, 1, 60, 3_600, EPOCH_SECONDS / 3, 12 * EPOCH_SECONDS][usize::try_from(next(6)).unwrap()];
                now += passed;
                let (before, due, ended) = (pool, stream.due(now), stream.ends);
                let released = stream.release(&mut pool, now);
                let epoch = u128::from(passed.min(EPOCH_SECONDS));
                assert!(released <= before.assets * epoch / DOUBLING_SECONDS + 1, "{seed}: {released} {before:?}");
                assert!(released <= due && pool.assets <= pool.shares, "{seed}: {pool:?}");
                assert_eq!(stream.release(&mut pool, now), 0, "{seed}: twice in a second");
                assert!(stream.ends >= ended && stream.ends <= ended.max(now.saturating_add(EPOCH_SECONDS)), "{seed}");
                assert!(stream.remaining == 0 || stream.ends > now, "{seed}: {stream:?} at {now}");

                let amount = 1 + u128::from(next(1_000)) * scale;
                match next(5) {
                    0 => came += pool.deposit(amount).map_or(0, |_| amount),
                    1 => left += pool.redeem(pool.shares / u128::from(1 + next(3))).unwrap_or(0),
                    2 => left += pool.slash(1, 1 + next(9)).unwrap(),
                    3 if pool.shares != 0 && amount <= stream.room(&pool) => {
                        stream.add(amount, now).unwrap();
                        came += amount;
                        assert!(stream.ends <= now + EPOCH_SECONDS, "{seed}");
                    }
                    _ => {}
                }
                assert_eq!(came, left + pool.assets + stream.remaining, "{seed}: nothing is lost");
                assert!(pool.assets <= pool.shares, "{seed}: {pool:?}");
            }
        }
    }
}
