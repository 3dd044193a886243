//! The protocol's times are those of its documentation.

use arithmetic::time;

const DAY: u64 = 86_400;

#[test]
fn the_times_are_those_that_the_documentation_names() {
    for (name, seconds, days) in [
        ("an epoch", time::EPOCH_SECONDS, 7),
        ("the challenge period", time::CHALLENGE_PERIOD_SECONDS, 2),
        ("the time to execute a slash", time::EXECUTION_WINDOW_SECONDS, 7),
        ("the stream of rewards of the LiquidStakingToken", time::REWARD_STREAM_SECONDS, 1),
        ("the longest pause", time::LONGEST_PAUSE_SECONDS, 7),
        ("the time between two pauses", time::PAUSE_INTERVAL_SECONDS, 28),
        ("the longest dispute", time::LONGEST_DISPUTE_SECONDS, 3),
        ("the time for which a checkpoint signs in the next epoch", time::CHECKPOINT_GRACE_SECONDS, 3),
        ("the notice of a grant", time::GRANT_NOTICE_SECONDS, 28),
        ("the time until what was announced lapses", time::LAPSE_SECONDS, 7),
        ("the longest time for which a freeze refuses queueing", time::LONGEST_QUEUE_REFUSAL_SECONDS, 9),
        ("the time for which queueing is open after that", time::QUEUE_OPEN_SECONDS, 1),
    ] {
        assert_eq!(seconds, days * DAY, "{name}");
    }
}
