//! Rewards that stream into a pool's price, so that joining just before one is paid and leaving just after gains nothing.
//!
//! A stream is linear: what remains is spread evenly over the time that is left. Every touch of the pool releases what is due since the last one; what rounds away
//! stays in the stream and comes with its end, so that nothing is lost.

use crate::pool::{MAX_AMOUNT, Pool, PoolError};
use crate::time::EPOCH_SECONDS;
use crate::wide::{mul_div_down, mul_div_up};

/// Rewards on their way into one pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stream {
    /// Base units that have not been released.
    pub remaining: u128,
    /// Until when they were released (Unix seconds).
    pub updated: u64,
    /// When the last of them is due (Unix seconds).
    pub ends: u64,
}

impl Stream {
    /// What is due at `now` and not released, rounded down (against the stakers, until the end).
    pub fn due(&self, now: u64) -> u128 {
        if now >= self.ends {
            return self.remaining;
        }
        let (passed, length) = (now.saturating_sub(self.updated), self.ends.saturating_sub(self.updated));
        // The quotient is at most `remaining`, and the length is not zero: `now` lies before the end.
        mul_div_down(self.remaining, u128::from(passed), u128::from(length)).unwrap_or(0)
    }

    /// Moves what is due into the pool's assets. Returns how much.
    ///
    /// Never raises a share above one base unit, as all of [`Pool`] relies on: what exceeds that stays in the stream. While a pool has no shares its stream stands
    /// still. What could not be released when it was due is spread over another epoch: it must not wait for whoever joins next, to be theirs at once.
    pub fn release(&mut self, pool: &mut Pool, now: u64) -> u128 {
        if pool.shares == 0 {
            // A stream that was not at its end has as much time left as it had.
            let left = self.ends.saturating_sub(self.updated);
            self.ends = now.saturating_add(if left == 0 { EPOCH_SECONDS } else { left });
            self.updated = now;
            return 0;
        }
        let due = self.due(now);
        let released = due.min(pool.shares.saturating_sub(pool.assets));
        if released < due {
            self.ends = now.saturating_add(EPOCH_SECONDS);
        }
        // At most the pool's shares, which are bounded.
        pool.assets = pool.assets.saturating_add(released);
        self.remaining = self.remaining.saturating_sub(released);
        self.updated = now;
        released
    }

    /// Adds a reward at `now`, up to which the stream has been released. Alone it lasts one epoch; with what remains, the time left is the mean of both, weighted by
    /// amount and rounded up: a tiny reward cannot hold up a large one, nor a large one be rushed by a stream that is about to end.
    ///
    /// # Errors
    /// [`PoolError::Zero`], [`PoolError::TooLarge`]; the stream is unchanged then.
    pub fn add(&mut self, amount: u128, now: u64) -> Result<(), PoolError> {
        if amount == 0 {
            return Err(PoolError::Zero);
        }
        let total = self.remaining.checked_add(amount).filter(|sum| *sum <= MAX_AMOUNT).ok_or(PoolError::TooLarge)?;
        let left = self.ends.saturating_sub(now);
        let weighted = |part: u128, seconds: u64| {
            mul_div_up(part, u128::from(seconds), total).and_then(|share| u64::try_from(share).ok())
        };
        let length = weighted(self.remaining, left)
            .zip(weighted(amount, EPOCH_SECONDS))
            .and_then(|(old, new)| old.checked_add(new))
            .ok_or(PoolError::TooLarge)?;
        let ends = now.checked_add(length).ok_or(PoolError::TooLarge)?;
        *self = Self { remaining: total, updated: now, ends };
        Ok(())
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

    #[test]
    fn a_reward_is_released_evenly_and_whole() {
        let (mut pool, mut stream) = (pool_of(1_000), Stream::default());
        stream.add(700, NOW).unwrap();
        assert_eq!(stream.due(NOW), 0);
        assert_eq!(stream.release(&mut pool, NOW + EPOCH_SECONDS / 7), 100);
        assert_eq!(stream.release(&mut pool, NOW + EPOCH_SECONDS / 7), 0, "not twice");
        assert_eq!(stream.due(NOW + EPOCH_SECONDS - 1), 599, "rounded down until the end");
        assert_eq!(stream.release(&mut pool, NOW + EPOCH_SECONDS), 600);
        assert_eq!((pool.assets, stream.remaining), (1_700, 0));
    }

    #[test]
    fn frequent_touches_lose_nothing() {
        let (mut pool, mut stream) = (pool_of(10), Stream::default());
        stream.add(3, NOW).unwrap();
        for second in 0..=EPOCH_SECONDS / 100 {
            stream.release(&mut pool, NOW + second * 100);
        }
        assert_eq!((pool.assets, stream.remaining), (13, 0));
    }

    #[test]
    fn a_tiny_reward_does_not_hold_up_a_large_one() {
        let mut stream = Stream::default();
        stream.add(1_000_000, NOW).unwrap();
        let mut pool = pool_of(1_000_000);
        let later = NOW + EPOCH_SECONDS - 100;
        stream.release(&mut pool, later);
        let before = stream.ends;
        stream.add(1, later).unwrap();
        assert!(stream.ends - before < 3_700, "one of 166 parts takes an epoch: {stream:?}");
    }

    #[test]
    fn an_empty_pool_stops_the_stream() {
        let mut stream = Stream::default();
        stream.add(100, NOW).unwrap();
        let mut pool = Pool::default();
        assert_eq!(stream.release(&mut pool, NOW + EPOCH_SECONDS), 0);
        pool.deposit(1).unwrap();
        assert_eq!(stream.release(&mut pool, NOW + EPOCH_SECONDS), 0, "the newcomer earned nothing yet");
        assert_eq!(stream.release(&mut pool, NOW + 2 * EPOCH_SECONDS), 100);
    }

    #[test]
    fn a_share_is_never_worth_more_than_one_unit() {
        let (mut pool, mut stream) = (pool_of(1), Stream::default());
        stream.add(SHARES_PER_ASSET * 2, NOW).unwrap();
        stream.release(&mut pool, NOW + EPOCH_SECONDS);
        assert_eq!((pool.assets, pool.shares), (SHARES_PER_ASSET, SHARES_PER_ASSET));
        assert_eq!(stream.remaining, SHARES_PER_ASSET + 1, "the rest waits for more stake");
    }

    #[test]
    fn what_could_not_be_released_is_not_there_at_once_for_who_joins_next() {
        let (mut pool, mut stream) = (pool_of(1), Stream::default());
        stream.add(SHARES_PER_ASSET * 5, NOW).unwrap();
        let end = NOW + EPOCH_SECONDS;
        // A slash makes room for the rest, which does not undo it at once.
        stream.release(&mut pool, end);
        pool.slash(1, 2).unwrap();
        assert_eq!(stream.release(&mut pool, end), 0);
        assert_eq!(stream.due(end + EPOCH_SECONDS / 2), SHARES_PER_ASSET * 2, "half of the rest after half an epoch");
        // And after everybody left.
        let (mut pool, mut stream) = (pool_of(1), Stream::default());
        stream.add(SHARES_PER_ASSET * 5, NOW).unwrap();
        stream.release(&mut pool, end);
        let all = pool.shares;
        pool.redeem(all).unwrap();
        stream.release(&mut pool, end + 3 * EPOCH_SECONDS);
        pool.deposit(SHARES_PER_ASSET * 100).unwrap();
        assert_eq!(stream.release(&mut pool, end + 3 * EPOCH_SECONDS), 0);
    }

    #[test]
    fn a_stream_whose_end_came_while_it_could_not_flow_takes_another_epoch() {
        let mut stream = Stream { remaining: 10, updated: NOW, ends: NOW };
        let mut pool = Pool::default();
        stream.release(&mut pool, NOW + 5);
        assert_eq!((stream.updated, stream.ends), (NOW + 5, NOW + 5 + EPOCH_SECONDS));
    }

    #[test]
    fn what_cannot_be_added_changes_nothing() {
        let mut stream = Stream { remaining: 5, updated: NOW, ends: NOW + 9 };
        let before = stream;
        assert_eq!(stream.add(0, NOW), Err(PoolError::Zero));
        assert_eq!(stream.add(MAX_AMOUNT, NOW), Err(PoolError::TooLarge));
        assert_eq!(stream, before);
    }
}
