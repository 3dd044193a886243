//! Epochs: time in steps of [`EPOCH_SECONDS`], counted from the Unix epoch.

use crate::time::{CHECKPOINT_GRACE_SECONDS, EPOCH_SECONDS};

/// How many epochs after the one it was queued in a withdrawal is released.
///
/// Two, so that the time between queueing (at any second of epoch `n`) and release (the first second of `n + 2`) is
/// more than one full epoch.
pub const RELEASE_DELAY_EPOCHS: u64 = 2;

/// How many epochs before it takes effect a change is announced that makes stakers' risk larger.
///
/// Four, so that whoever queues within a week of the announcement has left when it takes effect, even if queueing was
/// paused for that week.
pub const NOTICE_EPOCHS: u64 = 4;

/// How many epochs before they take effect the terms of a service are announced: one more than [`NOTICE_EPOCHS`].
pub const TERMS_NOTICE_EPOCHS: u64 = 5;

/// The epoch that contains `timestamp` (Unix seconds).
pub const fn at(timestamp: u64) -> u64 {
    timestamp / EPOCH_SECONDS
}

/// When a change announced at `timestamp` takes effect: at the start of an epoch, 21 to 28 days later.
pub const fn notice_ends(timestamp: u64) -> u64 {
    start(at(timestamp).saturating_add(NOTICE_EPOCHS))
}

/// When terms announced at `timestamp` take effect: at the start of an epoch, 28 to 35 days later.
pub const fn terms_notice_ends(timestamp: u64) -> u64 {
    start(at(timestamp).saturating_add(TERMS_NOTICE_EPOCHS))
}

/// The last second at which a service can slash by a grant that ended at `timestamp`: the last of the next epoch.
pub const fn can_slash_until(timestamp: u64) -> u64 {
    start(at(timestamp).saturating_add(2)).saturating_sub(1)
}

/// How many epochs after the one of its task all disputes about a fault are over.
///
/// Three, at least 14 days after the task: evidence is good for three of them, and a request of that time that took all
/// that was left of a budget was executed, vetoed or expired nine days later, so what it gives back pays for the next
/// fault.
const DISPUTE_EPOCHS: u64 = 3;

/// From when a fault of a task that was set at `timestamp` freezes nobody any more.
pub const fn disputes_over(timestamp: u64) -> u64 {
    start(at(timestamp).saturating_add(DISPUTE_EPOCHS))
}

/// Until when (excluded) a checkpoint made at `timestamp` signs: three days into the next epoch.
pub const fn checkpoint_expires(timestamp: u64) -> u64 {
    start(at(timestamp).saturating_add(1)).saturating_add(CHECKPOINT_GRACE_SECONDS)
}

/// The epoch from whose first second a withdrawal queued at `timestamp` can be completed.
pub const fn release_of(timestamp: u64) -> u64 {
    at(timestamp).saturating_add(RELEASE_DELAY_EPOCHS)
}

/// The first second (Unix) of `epoch`, or `u64::MAX` for an epoch that lies beyond representable time.
pub const fn start(epoch: u64) -> u64 {
    epoch.saturating_mul(EPOCH_SECONDS)
}

/// The release epochs of the buckets that a slash captured in epoch `captured` still reaches.
///
/// Withdrawals queued in `captured` are released at `captured + 2`, those queued one epoch before at `captured + 1`;
/// anything released at `captured` or earlier had matured when the fault was captured and is never slashed.
pub const fn slashable_releases(captured: u64) -> [u64; 2] {
    [captured.saturating_add(1), captured.saturating_add(RELEASE_DELAY_EPOCHS)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{CHALLENGE_PERIOD_SECONDS, EXECUTION_WINDOW_SECONDS, LONGEST_DISPUTE_SECONDS};

    #[test]
    fn a_withdrawal_always_waits_more_than_one_epoch() {
        for queued in [0, 1, EPOCH_SECONDS - 1, EPOCH_SECONDS, 3 * EPOCH_SECONDS + 17] {
            let waits = start(release_of(queued)) - queued;
            assert!(waits > EPOCH_SECONDS, "queued at {queued} waits {waits}");
            assert!(waits <= 2 * EPOCH_SECONDS);
        }
    }

    #[test]
    fn a_notice_is_longer_than_a_pause_and_the_withdrawal_after_it() {
        for announced in [0, EPOCH_SECONDS - 1, EPOCH_SECONDS, 5 * EPOCH_SECONDS + 17] {
            let ends = notice_ends(announced);
            assert!(start(release_of(announced + EPOCH_SECONDS)) <= ends);
            assert!(ends - announced <= NOTICE_EPOCHS * EPOCH_SECONDS);
        }
    }

    #[test]
    fn disputes_are_over_after_the_requests_of_their_time_have_expired() {
        let longest = LONGEST_DISPUTE_SECONDS + CHALLENGE_PERIOD_SECONDS + EXECUTION_WINDOW_SECONDS;
        for task in [0, EPOCH_SECONDS - 1, EPOCH_SECONDS, 5 * EPOCH_SECONDS + 17] {
            assert!(disputes_over(task) >= task + longest);
            assert!(disputes_over(task) <= task + 3 * EPOCH_SECONDS);
        }
    }

    #[test]
    fn terms_take_effect_at_the_start_of_an_epoch_one_later_than_other_changes() {
        for announced in [0, EPOCH_SECONDS - 1, EPOCH_SECONDS, 5 * EPOCH_SECONDS + 17] {
            assert_eq!(terms_notice_ends(announced), (announced / EPOCH_SECONDS + 5) * EPOCH_SECONDS);
            assert_eq!(terms_notice_ends(announced), notice_ends(announced) + EPOCH_SECONDS);
        }
    }

    #[test]
    fn a_grant_that_ended_slashes_until_the_last_second_of_the_next_epoch() {
        for (ended, last) in [(0, 2), (EPOCH_SECONDS - 1, 2), (EPOCH_SECONDS, 3), (5 * EPOCH_SECONDS + 17, 7)] {
            assert_eq!(can_slash_until(ended), last * EPOCH_SECONDS - 1, "{ended}");
        }
    }

    #[test]
    fn a_checkpoint_signs_for_three_days_of_the_next_epoch() {
        for made in [4 * EPOCH_SECONDS, 5 * EPOCH_SECONDS - 1] {
            assert_eq!(checkpoint_expires(made), 5 * EPOCH_SECONDS + 3 * 24 * 60 * 60);
        }
    }

    #[test]
    fn epochs_change_at_their_first_second() {
        assert_eq!(at(EPOCH_SECONDS - 1), 0);
        assert_eq!(at(EPOCH_SECONDS), 1);
        assert_eq!(start(1), EPOCH_SECONDS);
        assert_eq!((start(u64::MAX), release_of(u64::MAX)), (u64::MAX, at(u64::MAX) + 2), "no time wraps");
    }

    #[test]
    fn a_slash_reaches_what_is_queued_and_not_what_matured() {
        let captured = 10;
        let releases = slashable_releases(captured);
        assert!(releases.contains(&release_of(start(captured))), "queued in the epoch of the capture");
        assert!(releases.contains(&release_of(start(captured - 1))), "queued one epoch earlier");
        assert!(!releases.contains(&release_of(start(captured - 2))), "matured at the start of the captured epoch");
    }
}
