//! Wads: fractions with 18 decimals, 1e18 = 100 %.

use crate::wide::{mul_div_down, mul_div_up};

/// 100 % as a wad.
pub const ONE: u64 = 1_000_000_000_000_000_000;

/// The highest commitment of an operator, the sum of what all its services may slash: 2e18, a restaking degree of two.
///
/// Degrees above one help only against an attacker with a budget and have an interior optimum near two (Bar-Zur and
/// Eyal, *Elastic Restaking Networks*, ACM CCS 2025): neither one nor unlimited is right.
pub const MAX_COMMITMENT: u64 = 2 * ONE;

/// The largest part of a slash that may be promised to a challenger: 10 %.
///
/// An operator that is about to be caught can challenge itself; what it gets back that way is bounded by this.
pub const MAX_CHALLENGER_SHARE: u64 = ONE / 10;

/// The largest part of rewards that an operator may keep: 20 %.
pub const MAX_COMMISSION: u64 = ONE / 5;

/// `amount * wad`, rounded up: what a slash takes. Rounding is against those who are slashed, so a slash never rounds
/// away to nothing.
///
/// For `wad <= ONE` the result is at most `amount`. `None` if it exceeds 128 bits.
pub fn portion_up(amount: u128, wad: u64) -> Option<u128> {
    mul_div_up(amount, u128::from(wad), u128::from(ONE))
}

/// `amount * wad`, rounded down: what is paid out of an amount. Rounding is against who is paid. `None` if it exceeds
/// 128 bits.
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

    #[test]
    fn the_bounds_are_twice_the_whole_a_tenth_and_a_fifth() {
        assert_eq!(portion_down(100, MAX_COMMITMENT), Some(200));
        assert_eq!(portion_down(100, MAX_CHALLENGER_SHARE), Some(10));
        assert_eq!(portion_down(100, MAX_COMMISSION), Some(20));
    }

    #[test]
    fn the_two_roundings_differ_by_one_unit_and_only_where_something_is_rounded() {
        for (amount, wad) in [(0, 0), (7, 0), (7, ONE), (10, ONE / 2), (u128::MAX, ONE)] {
            assert_eq!(portion_up(amount, wad), portion_down(amount, wad), "{amount} {wad}");
        }
        for (amount, wad) in [(1, 1), (1, ONE - 1), (11, ONE / 2), (u128::MAX, ONE - 1)] {
            let (up, down) = (portion_up(amount, wad).unwrap(), portion_down(amount, wad).unwrap());
            assert_eq!(up, down + 1, "{amount} {wad}");
        }
    }

    #[test]
    fn what_exceeds_128_bits_has_no_portion() {
        assert_eq!(portion_up(u128::MAX, ONE + 1), None);
        assert_eq!(portion_down(u128::MAX, MAX_COMMITMENT), None);
        assert_eq!(portion_up(u128::MAX / 2, MAX_COMMITMENT), Some(u128::MAX - 1));
    }
}
