//! Times as people read them.

use std::time::{Duration, UNIX_EPOCH};

/// A Unix time in seconds as `2026-01-31 12:00:00 UTC`.
pub fn at(seconds: u64) -> String {
    match UNIX_EPOCH.checked_add(Duration::from_secs(seconds)) {
        // Later than year 9999 is no time that anybody waits for.
        Some(time) if seconds < 253_402_300_800 => {
            let text = humantime::format_rfc3339_seconds(time).to_string();
            format!("{} UTC", text.trim_end_matches('Z').replace('T', " "))
        }
        _ => "never".to_owned(),
    }
}

/// A time, and how far it is from `now`: `2026-01-31 12:00:00 UTC (in 2days)`.
pub fn seen_from(seconds: u64, now: u64) -> String {
    if at(seconds) == "never" {
        return at(seconds);
    }
    let distance = humantime::format_duration(Duration::from_secs(seconds.abs_diff(now)));
    if seconds > now { format!("{} (in {distance})", at(seconds)) } else { format!("{} ({distance} ago)", at(seconds)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_date_and_how_far_it_is() {
        assert_eq!(at(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(at(1_755_129_600), "2025-08-14 00:00:00 UTC");
        assert_eq!(seen_from(1_755_129_600, 1_755_129_600 - 86_400 - 60), "2025-08-14 00:00:00 UTC (in 1day 1m)");
        assert_eq!(seen_from(1_755_129_600, 1_755_129_600 + 5), "2025-08-14 00:00:00 UTC (5s ago)");
        assert_eq!(at(u64::MAX), "never");
    }
}
