//! The protocol's fixed times, in seconds.
//!
//! They are constants and not parameters: every guarantee about leaving in time is derived from them, and on Stylus,
//! which has no immutables, a constant is also the only value that costs no storage read.

/// One epoch: 7 days. A withdrawal waits between one and two epochs, so stake stays slashable for at least one epoch
/// after it asked to leave.
pub const EPOCH_SECONDS: u64 = 7 * 24 * 60 * 60;

/// The challenge period: 2 days between a proven fault (freeze) and the moment from which anyone may execute its slash.
pub const CHALLENGE_PERIOD_SECONDS: u64 = 2 * 24 * 60 * 60;

/// How long a slash request can be executed once its challenge period is over: 7 days, then it has expired.
pub const EXECUTION_WINDOW_SECONDS: u64 = 7 * 24 * 60 * 60;

/// Rewards of the LiquidStakingToken raise its rate evenly over one day.
pub const REWARD_STREAM_SECONDS: u64 = 24 * 60 * 60;

/// The longest pause of exits and slashes: 7 days, then they resume by themselves.
pub const LONGEST_PAUSE_SECONDS: u64 = 7 * 24 * 60 * 60;

/// The shortest time between the end of one such pause and the beginning of the next: 28 days.
pub const PAUSE_INTERVAL_SECONDS: u64 = 28 * 24 * 60 * 60;

/// How long evidence of a task is good at most, games included: 3 days. A checkpoint counts for three days into the
/// next epoch; with three days of dispute and one to act that is one epoch, the shortest way out.
pub const LONGEST_DISPUTE_SECONDS: u64 = 3 * 24 * 60 * 60;

/// How long into the next epoch a checkpoint of a Registry signs: 3 days.
pub const CHECKPOINT_GRACE_SECONDS: u64 = 3 * 24 * 60 * 60;

/// The notice of a grant or a raise: 28 days, and the time for which queueing was refused or paused meanwhile.
pub const GRANT_NOTICE_SECONDS: u64 = 28 * 24 * 60 * 60;

/// How long what was announced can be put into force after its notice, before it lapses: one epoch.
pub const LAPSE_SECONDS: u64 = EPOCH_SECONDS;

/// How long queueing is refused in a row while an operator is frozen: 9 days, the challenge period and the execution
/// window.
pub const LONGEST_QUEUE_REFUSAL_SECONDS: u64 = CHALLENGE_PERIOD_SECONDS + EXECUTION_WINDOW_SECONDS;

/// How long queueing is never refused after an operator was released, and after a pause of queueing: 24 hours.
pub const QUEUE_OPEN_SECONDS: u64 = 24 * 60 * 60;
