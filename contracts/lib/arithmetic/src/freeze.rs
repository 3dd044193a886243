//! When the stakers of a frozen operator can queue withdrawals, and notices that do not run while they cannot.

use crate::time::{
    CHALLENGE_PERIOD_SECONDS, EXECUTION_WINDOW_SECONDS, GRANT_NOTICE_SECONDS, LAPSE_SECONDS,
    LONGEST_QUEUE_REFUSAL_SECONDS, QUEUE_OPEN_SECONDS,
};

/// Whether queueing is refused at `now` with an operator that is frozen since `frozen_since` and was released before at
/// `released_at`, where the last pause of queueing ended at `pause_ended` (all Unix seconds, zero for never): for nine
/// days in a row at most, and not in the first 24 hours after a release or a pause.
pub fn refuses_queueing(frozen_since: u64, released_at: u64, pause_ended: u64, now: u64) -> bool {
    let open = |since: u64| since != 0 && since <= now && now < since.saturating_add(QUEUE_OPEN_SECONDS);
    let longest = frozen_since.saturating_add(LONGEST_QUEUE_REFUSAL_SECONDS);
    now < longest && !open(released_at) && !open(pause_ended)
}

/// For how many seconds up to `now` a freeze that began at `frozen_since` refused queueing, where the operator was
/// released before at `released_at`. Hours in which it was open only because a pause had ended count as well, in favour
/// of stakers.
pub fn refused_seconds(frozen_since: u64, released_at: u64, now: u64) -> u64 {
    let opened = if released_at == 0 { 0 } else { released_at.saturating_add(QUEUE_OPEN_SECONDS) };
    let ends = frozen_since.saturating_add(LONGEST_QUEUE_REFUSAL_SECONDS).min(now);
    ends.saturating_sub(frozen_since.max(opened))
}

/// When the notice of what was announced at `announced_at` ends, if queueing was refused or paused for `refused`
/// seconds since: 28 days later, and so much.
pub fn notice_ends(announced_at: u64, refused: u64) -> u64 {
    announced_at.saturating_add(GRANT_NOTICE_SECONDS).saturating_add(refused)
}

/// When what was announced lapses whose notice ended at `ended`: one epoch later.
pub fn lapses(ended: u64) -> u64 {
    ended.saturating_add(LAPSE_SECONDS)
}

/// From when a request has expired that can be executed from `executable_at`, if executing was paused for `paused`
/// seconds since its capture.
pub fn expires(executable_at: u64, paused: u64) -> u64 {
    executable_at.saturating_add(EXECUTION_WINDOW_SECONDS).saturating_add(paused)
}

/// From when a request can be executed that was captured at `captured_at`.
pub fn executable(captured_at: u64) -> u64 {
    captured_at.saturating_add(CHALLENGE_PERIOD_SECONDS)
}

/// When a request was captured that can be executed from `executable_at`.
pub fn captured(executable_at: u64) -> u64 {
    executable_at.saturating_sub(CHALLENGE_PERIOD_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 24 * 60 * 60;
    const T: u64 = 1_000 * DAY;

    #[test]
    fn queueing_is_refused_for_nine_days_in_a_row_at_most() {
        assert!(refuses_queueing(T, 0, 0, T));
        assert!(refuses_queueing(T, 0, 0, T + 9 * DAY - 1));
        assert!(!refuses_queueing(T, 0, 0, T + 9 * DAY));
        assert!(!refuses_queueing(T, 0, 0, T + 60 * DAY), "a storm does not close it again");
    }

    #[test]
    fn queueing_is_open_for_a_day_after_a_release_and_after_a_pause() {
        for (released, paused) in [(T, 0), (0, T), (T, T - 5 * DAY)] {
            assert!(!refuses_queueing(T, released, paused, T), "{released} {paused}");
            assert!(!refuses_queueing(T, released, paused, T + DAY - 1));
            assert!(refuses_queueing(T, released, paused, T + DAY));
        }
        assert!(refuses_queueing(T, 0, T + 1, T), "a pause that has not ended yet opens nothing");
    }

    #[test]
    fn the_seconds_of_refusal_are_counted() {
        assert_eq!(refused_seconds(T, 0, T), 0);
        assert_eq!(refused_seconds(T, 0, T + DAY), DAY);
        assert_eq!(refused_seconds(T, 0, T + 20 * DAY), 9 * DAY);
        assert_eq!(refused_seconds(T, T, T + 20 * DAY), 8 * DAY);
        assert_eq!(refused_seconds(T, T - 3 * DAY, T + 2 * DAY), 2 * DAY);
        assert_eq!(refused_seconds(T, T, T + DAY / 2), 0);
    }

    #[test]
    fn a_notice_runs_28_days_and_lapses_an_epoch_later() {
        assert_eq!(notice_ends(T, 0), T + 28 * DAY);
        assert_eq!(notice_ends(T, 5), T + 28 * DAY + 5);
        assert_eq!(lapses(T), T + 7 * DAY);
    }

    #[test]
    fn a_request_lives_for_nine_days_and_the_pauses_meanwhile() {
        assert_eq!(expires(executable(T), 0), T + 9 * DAY);
        assert_eq!(expires(executable(T), 7 * DAY), T + 16 * DAY);
        assert_eq!(captured(executable(T)), T);
    }
}
