//! Wads: fractions with 18 decimals, 1e18 = 100 %.

use crate::wide::{mul_div_down, mul_div_up};

/// 100 % as a wad.
pub const ONE: u64 = 1_000_000_000_000_000_000;

/// The highest commitment of an operator, the sum of what all its services may slash: 2e18, a restaking degree of two.
///
/// Degrees above one help only against an attacker with a budget and have an interior optimum near two (Bar-Zur and Eyal, *Elastic
/// Restaking Networks*, ACM CCS 2025): neither one nor unlimited is right.
pub const MAX_COMMITMENT: u64 = 2 * ONE;

/// The largest part of a slash that may be promised to a challenger: 10 %.
///
/// An operator that is about to be caught can challenge itself; what it gets back that way is bounded by this.
pub const MAX_CHALLENGER_SHARE: u64 = ONE / 10;

/// The largest part of rewards that an operator may keep: 20 %.
pub const MAX_COMMISSION: u64 = ONE / 5;

/// `amount * wad`, rounded up: what a slash takes. Rounding is against those who are slashed, so a slash never rounds away to nothing.
///
/// For `wad <= ONE` the result is at most `amount`. `None` if it exceeds 128 bits.
pub fn portion_up(amount: u128, wad: u64) -> Option<u128> {
    mul_div_up(amount, u128::from(wad), u128::from(ONE))
}

/// `amount * wad`, rounded down: what is paid out of an amount. Rounding is against who is paid. `None` if it exceeds 128 bits.
pub fn portion_down(amount: u128, wad: u64) -> Option<u128> {
    mul_div_down(amount, u128::from(wad), u128::from(ONE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_takes_at_least_one_unit_and_at_most_everything() {
        assert_eq!(portion_up(1, 1), Some(1));
        assert_eq!(portion_up(10, ONE), Some(10));
        assert_eq!(portion_up(10, ONE / 3), Some(4), "3.33 rounds up");
        assert_eq!(portion_up(0, ONE), Some(0));
    }

    #[test]
    fn a_payment_rounds_down() {
        assert_eq!(portion_down(10, ONE / 3), Some(3));
        assert_eq!(portion_down(9, ONE / 10), Some(0));
    }
}
