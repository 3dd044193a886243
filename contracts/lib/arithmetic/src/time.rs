//! The protocol's fixed times, in seconds.
//!
//! They are constants and not parameters: every guarantee about leaving in time is derived from them, and on Stylus, which has no immutables, a
//! constant is also the only value that costs no storage read.

/// One epoch: 7 days. A withdrawal waits between one and two epochs, so stake stays slashable for at least one epoch after it asked to leave.
pub const EPOCH_SECONDS: u64 = 7 * 24 * 60 * 60;

/// The challenge period: 2 days between a proven fault (freeze) and the moment from which anyone may execute its slash.
pub const CHALLENGE_PERIOD_SECONDS: u64 = 2 * 24 * 60 * 60;

/// How long a slash request can be executed once its challenge period is over: 7 days, then it has expired.
pub const EXECUTION_WINDOW_SECONDS: u64 = 7 * 24 * 60 * 60;

/// Rewards of the LiquidStakingToken raise its rate evenly over one day.
pub const REWARD_STREAM_SECONDS: u64 = 24 * 60 * 60;

/// The longest pause of exits and freezes: 7 days, then they resume by themselves.
pub const LONGEST_PAUSE_SECONDS: u64 = 7 * 24 * 60 * 60;

/// The shortest time between the end of one such pause and the beginning of the next: 28 days.
pub const PAUSE_INTERVAL_SECONDS: u64 = 28 * 24 * 60 * 60;

/// The longest time between a fault and the end of its dispute: one epoch, for which leaving stake stays slashable, less a day in which to act.
pub const LONGEST_DISPUTE_SECONDS: u64 = EPOCH_SECONDS - 24 * 60 * 60;
