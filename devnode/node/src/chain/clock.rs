//! The time of the chain.
//!
//! The time runs with the wall clock from where it was set. The monotonic clock of the machine drives it, so that a
//! correction of the wall clock cannot turn block timestamps back.

use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The running time of a chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    /// The chain's time since the Unix epoch when `since` was taken.
    base: Duration,
    /// When the clock was started. `None` if it only moves by hand.
    since: Option<Instant>,
    /// The timestamp the next block must have, in seconds.
    next: Option<u64>,
    /// How many seconds each block is younger than its parent, if that is fixed. Between blocks the time then stands
    /// still.
    interval: Option<u64>,
    /// Whether somebody moved the time since the last block.
    moved: bool,
}

/// The time of a chain that is not running: a clock started from it goes on where it stopped.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StoppedClock {
    time: Duration,
    by_hand: bool,
    next: Option<u64>,
    interval: Option<u64>,
}

/// The wanted timestamp lies before the latest block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("timestamp {wanted} is before the timestamp {head} of the latest block")]
pub(crate) struct TimeGoesBack {
    wanted: u64,
    head: u64,
}

/// What the wall clock shows, since the Unix epoch.
pub(crate) fn wall_time() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

impl StoppedClock {
    /// The wall clock's time.
    pub(crate) fn wall() -> Self {
        Self { time: wall_time(), by_hand: false, next: None, interval: None }
    }

    /// The same clock set to `timestamp`, in seconds since the Unix epoch.
    pub(crate) fn set(self, timestamp: u64) -> Self {
        Self { time: Duration::from_secs(timestamp), next: None, ..self }
    }

    /// The same clock, moving only by hand or not.
    pub(crate) fn by_hand(self, by_hand: bool) -> Self {
        Self { by_hand, ..self }
    }

    /// The same clock after it would have run for a while, if it runs.
    pub(crate) fn after(self, passed: Duration) -> Self {
        let stands = self.by_hand || self.interval.is_some();
        let time = if stands { self.time } else { self.time.saturating_add(passed) };
        Self { time, ..self }
    }

    /// Whether it is where `before` would be after a while, as far as blocks tell.
    pub(crate) fn goes_on_from(&self, before: Self, passed: Duration) -> bool {
        let Self { time, by_hand, next, interval } = before.after(passed);
        (self.by_hand, self.next, self.interval) == (by_hand, next, interval)
            && self.time.abs_diff(time) < Duration::from_secs(1)
    }

    /// Seconds since the Unix epoch.
    pub(crate) fn timestamp(&self) -> u64 {
        self.time.as_secs()
    }

    /// Lets it run.
    pub(crate) fn start(self) -> Clock {
        let Self { time, by_hand, next, interval } = self;
        Clock { base: time, since: (!by_hand).then(Instant::now), next, interval, moved: false }
    }
}

impl Clock {
    fn now(&self) -> Duration {
        let since = self.since.filter(|_| self.interval.is_none());
        self.base.saturating_add(since.map(|since| since.elapsed()).unwrap_or_default())
    }

    /// The clock as it stands, to be started again later.
    pub(crate) fn stop(&self) -> StoppedClock {
        StoppedClock { time: self.now(), by_hand: self.since.is_none(), next: self.next, interval: self.interval }
    }

    /// The timestamp of a block that would be mined now on a block with the timestamp `head`.
    pub(crate) fn next_timestamp(&self, head: u64) -> u64 {
        let now = self.now().as_secs().max(head);
        self.next.unwrap_or_else(|| now.saturating_add(self.interval.unwrap_or_default())).max(head)
    }

    /// Follows a block that was mined: its timestamp is used up.
    pub(crate) fn mined(&mut self, timestamp: u64) {
        self.next = None;
        self.moved = false;
        if self.interval.is_some() {
            self.go_on_from(timestamp);
        }
    }

    /// Moves the time forward, but not the timestamp that was set for the next block.
    pub(crate) fn advance(&mut self, seconds: u64) {
        self.base = self.base.saturating_add(Duration::from_secs(seconds));
        self.moved = true;
    }

    /// Whether somebody moved the time since the last block.
    pub(crate) fn was_moved(&self) -> bool {
        self.moved
    }

    /// Gives the next block this timestamp, from where the time then goes on.
    pub(crate) fn set_next(&mut self, timestamp: u64, head: u64) -> Result<(), TimeGoesBack> {
        self.set(timestamp, head)?;
        self.next = Some(timestamp);
        Ok(())
    }

    /// Goes on from this timestamp. Returns how many seconds that is ahead of the time until now.
    pub(crate) fn set(&mut self, timestamp: u64, head: u64) -> Result<u64, TimeGoesBack> {
        if timestamp < head {
            return Err(TimeGoesBack { wanted: timestamp, head });
        }
        let ahead = timestamp.saturating_sub(self.now().as_secs());
        self.next = None;
        self.moved = true;
        self.go_on_from(timestamp);
        Ok(ahead)
    }

    /// Makes every block younger than its parent by this many seconds. The first such block is the one after the block
    /// with the timestamp `head`.
    pub(crate) fn set_interval(&mut self, seconds: u64, head: u64) {
        self.go_on_from(head);
        self.interval = Some(seconds);
    }

    /// Lets the time run again, from where it stands. Returns whether there was an interval.
    pub(crate) fn remove_interval(&mut self) -> bool {
        let had_one = self.interval.take().is_some();
        if had_one {
            self.since = self.since.map(|_| Instant::now());
        }
        had_one
    }

    fn go_on_from(&mut self, timestamp: u64) {
        self.base = Duration::from_secs(timestamp);
        self.since = self.since.map(|_| Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, StoppedClock};
    use std::time::{Duration, Instant};

    #[test]
    fn a_clock_by_hand_moves_only_when_told() {
        let mut clock = StoppedClock::wall().set(1_000).by_hand(true).start();
        assert_eq!(clock.next_timestamp(0), 1_000);
        clock.advance(50);
        assert_eq!(clock.next_timestamp(0), 1_050);
        assert_eq!(clock.next_timestamp(0), 1_050);
    }

    #[test]
    fn a_block_is_never_older_than_its_parent() {
        let clock = StoppedClock::wall().set(1_000).by_hand(true).start();
        assert_eq!(clock.next_timestamp(2_000), 2_000);
    }

    #[test]
    fn the_asked_timestamp_is_for_one_block_and_time_goes_on_from_it() {
        let mut clock = StoppedClock::wall().set(1_000).by_hand(true).start();
        clock.set_next(5_000, 1_000).expect("not before the head");
        clock.advance(1);
        assert_eq!(clock.next_timestamp(1_000), 5_000);
        clock.mined(5_000);
        assert_eq!(clock.next_timestamp(5_000), 5_001);
    }

    #[test]
    fn time_does_not_go_back() {
        let mut clock = StoppedClock::wall().set(1_000).by_hand(true).start();
        let error = clock.set_next(999, 1_000).expect_err("before the head");
        assert_eq!(error.to_string(), "timestamp 999 is before the timestamp 1000 of the latest block");
        clock.set_next(1_000, 1_000).expect("the same second is fine");
    }

    #[test]
    fn a_stopped_clock_goes_on_where_it_stopped() {
        let mut clock = StoppedClock::wall().set(1_000).by_hand(true).start();
        clock.advance(7);
        assert_eq!(clock.stop().start().next_timestamp(0), 1_007);
    }

    #[test]
    fn a_running_clock_goes_on_from_the_timestamp_that_was_set() {
        // It has been running for a minute.
        let since = Instant::now().checked_sub(Duration::from_secs(60));
        let mut clock = Clock { base: Duration::from_secs(1_000), since, next: None, interval: None, moved: false };
        assert!((1_060..1_090).contains(&clock.next_timestamp(0)));
        clock.set_next(5_000, 0).expect("not before the head");
        clock.mined(5_000);
        assert!((5_000..5_030).contains(&clock.next_timestamp(0)), "the minute before does not count");
    }

    #[test]
    fn with_an_interval_only_blocks_move_the_time() {
        // It has been running for a minute.
        let since = Instant::now().checked_sub(Duration::from_secs(60));
        let mut clock = Clock { base: Duration::from_secs(1_000), since, next: None, interval: None, moved: false };
        clock.set_interval(10, 1_000);
        let since = clock.since.and_then(|since| since.checked_sub(Duration::from_secs(60)));
        clock.since = since;
        assert_eq!(clock.next_timestamp(1_000), 1_010, "another minute has passed");
        clock.mined(1_010);
        assert_eq!(clock.next_timestamp(1_010), 1_020);
        clock.advance(5);
        assert_eq!(clock.next_timestamp(1_010), 1_025);
        assert_eq!(clock.stop().after(Duration::from_secs(60)).start().next_timestamp(1_010), 1_025);
        assert!(clock.remove_interval());
        assert!((1_015..1_045).contains(&clock.next_timestamp(1_010)));
        assert!(!clock.remove_interval());
    }

    #[test]
    fn only_a_clock_that_runs_goes_on_while_nobody_looks() {
        let clock = StoppedClock::wall().set(1_000);
        let hour = Duration::from_secs(3_600);
        assert_eq!(clock.after(hour).timestamp(), 4_600);
        assert_eq!(clock.by_hand(true).after(hour).timestamp(), 1_000);
    }

    #[test]
    fn the_end_of_time_saturates() {
        let mut clock = StoppedClock::wall().set(u64::MAX).by_hand(true).start();
        clock.advance(u64::MAX);
        assert_eq!(clock.next_timestamp(0), u64::MAX);
    }
}
