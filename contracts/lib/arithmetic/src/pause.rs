//! The actions that can be paused, one bit each.

/// Staking.
pub const STAKE: u8 = 1;
/// Delegating idle stake.
pub const DELEGATE: u8 = 2;
/// Queueing a withdrawal.
pub const QUEUE: u8 = 4;
/// Completing a withdrawal, either way.
pub const COMPLETE: u8 = 8;
/// Executing a slash.
pub const EXECUTE: u8 = 16;
/// Opting in to slashing, and raising a budget.
pub const OPT_IN: u8 = 32;

/// The actions whose pause ends by itself: people could not leave, or not be paid, while it lasts.
pub const BOUNDED: u8 = QUEUE | COMPLETE | EXECUTE;
/// All actions.
pub const ALL: u8 = STAKE | DELEGATE | QUEUE | COMPLETE | EXECUTE | OPT_IN;

/// Whether `action` is paused at `now` by `flags`, the bounded ones of which hold until `until` (Unix seconds).
pub const fn is_paused(action: u8, flags: u8, until: u64, now: u64) -> bool {
    flags & action != 0 && (action & BOUNDED == 0 || now < until)
}

/// One action's last pause, and how long those before it lasted in all: what a notice or an expiry that must not run
/// during a pause is moved by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// When it began (Unix seconds).
    pub since: u64,
    /// When it ends or ended (Unix seconds); zero if there never was one.
    pub until: u64,
    /// How long all pauses before it lasted (seconds).
    pub before: u64,
}

impl Window {
    /// Whether the action is paused at `now`.
    pub const fn is_open(&self, now: u64) -> bool {
        self.since <= now && now < self.until
    }

    /// For how many seconds the action was ever paused, up to `now`.
    pub fn elapsed(&self, now: u64) -> u64 {
        self.before.saturating_add(self.until.min(now).saturating_sub(self.since))
    }

    /// For how many seconds between `from` and `to` the action was paused, as far as the last pause tells: earlier ones
    /// ended four weeks before it.
    pub fn overlap(&self, from: u64, to: u64) -> u64 {
        self.elapsed(to).saturating_sub(self.elapsed(from))
    }

    /// From `now` on the action is paused until `until`, or not at all.
    pub fn set(&mut self, paused: bool, until: u64, now: u64) {
        match (self.is_open(now), paused) {
            (true, true) => self.until = until,
            (true, false) => self.until = now,
            (false, true) => *self = Self { since: now, until, before: self.elapsed(now) },
            (false, false) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounded_pause_ends_by_itself_and_another_does_not() {
        for action in [STAKE, DELEGATE, QUEUE, COMPLETE, EXECUTE, OPT_IN] {
            assert!(is_paused(action, action, 10, 9));
            assert!(!is_paused(action, !action, 10, 9), "others are paused");
            assert_eq!(is_paused(action, ALL, 10, 10), action & BOUNDED == 0, "{action}");
        }
        assert_eq!((BOUNDED, ALL), (28, 63));
    }

    #[test]
    fn the_seconds_of_all_pauses_add_up() {
        let mut window = Window::default();
        assert_eq!((window.is_open(0), window.elapsed(100)), (false, 0));
        window.set(true, 70, 10);
        assert_eq!(
            (window.is_open(9), window.is_open(10), window.is_open(69), window.is_open(70)),
            (false, true, true, false)
        );
        assert_eq!((window.elapsed(10), window.elapsed(30), window.elapsed(900)), (0, 20, 60));
        window.set(true, 80, 40);
        assert_eq!((window.since, window.elapsed(900)), (10, 70), "a longer pause is the same one");
        window.set(false, 80, 50);
        assert_eq!((window.is_open(50), window.elapsed(900)), (false, 40), "ended early");
        window.set(false, 99, 60);
        assert_eq!(window.elapsed(900), 40);
        assert_eq!((window.overlap(0, 900), window.overlap(20, 30), window.overlap(45, 900)), (40, 10, 5));
        window.set(true, 200, 100);
        assert_eq!((window.elapsed(100), window.elapsed(150), window.elapsed(900)), (40, 90, 140));
    }
}
