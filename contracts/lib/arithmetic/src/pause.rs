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
