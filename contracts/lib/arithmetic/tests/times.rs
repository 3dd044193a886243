//! The protocol's times are those of its documentation.

use arithmetic::time::{
    CHALLENGE_PERIOD_SECONDS, EPOCH_SECONDS, EXECUTION_WINDOW_SECONDS, LONGEST_PAUSE_SECONDS, PAUSE_INTERVAL_SECONDS,
    REWARD_STREAM_SECONDS,
};

const DAY: u64 = 86_400;

#[test]
fn the_times_are_those_that_the_documentation_names() {
    for (name, seconds, days) in [
        ("an epoch", EPOCH_SECONDS, 7),
        ("the challenge period", CHALLENGE_PERIOD_SECONDS, 2),
        ("the time to execute a slash", EXECUTION_WINDOW_SECONDS, 7),
        ("the stream of rewards of the LiquidStakingToken", REWARD_STREAM_SECONDS, 1),
        ("the longest pause", LONGEST_PAUSE_SECONDS, 7),
        ("the time between two pauses", PAUSE_INTERVAL_SECONDS, 28),
    ] {
        assert_eq!(seconds, days * DAY, "{name}");
    }
}
