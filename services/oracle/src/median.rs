//! Prices and stake: pure arithmetic.

use alloy::primitives::{U256, U512};

/// A hundred percent in basis points.
const ALL: u64 = 10_000;

/// The lowest price that at least half of the stake does not exceed; none without stake. Whoever has less than half of
/// the stake cannot move it beyond what others reported.
pub fn weighted_median(votes: impl IntoIterator<Item = (U256, u128)>) -> Option<U256> {
    let mut votes: Vec<(U256, u128)> = votes.into_iter().filter(|(_, stake)| *stake > 0).collect();
    votes.sort_unstable();
    let all = sum(votes.iter().map(|(_, stake)| *stake));
    let mut below = U256::ZERO;
    let found = votes.into_iter().find(|(_, stake)| {
        below = below.saturating_add(U256::from(*stake));
        below.saturating_mul(U256::from(2)) >= all
    });
    found.map(|(price, _)| price)
}

/// Whether two prices are at most so many basis points of `own` apart.
pub fn is_within(price: U256, own: U256, deviation: u16) -> bool {
    U512::from(price.abs_diff(own)) * U512::from(ALL) <= U512::from(own) * U512::from(deviation)
}

/// Whether a price has moved by at least so many basis points since `last`.
pub fn has_moved(price: U256, last: U256, deviation: u16) -> bool {
    U512::from(price.abs_diff(last)) * U512::from(ALL) >= U512::from(last) * U512::from(deviation)
}

/// Whether `signed` of `total` is at least `threshold` (basis points). Never where there is no stake.
pub fn is_reached(signed: u128, total: u128, threshold: u16) -> bool {
    let (signed, total) = (U256::from(signed), U256::from(total));
    !total.is_zero() && signed * U256::from(ALL) >= total * U256::from(threshold)
}

fn sum(stakes: impl Iterator<Item = u128>) -> U256 {
    stakes.map(U256::from).fold(U256::ZERO, U256::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn median(votes: &[(u64, u128)]) -> Option<u64> {
        weighted_median(votes.iter().map(|(price, stake)| (U256::from(*price), *stake))).map(|price| price.to())
    }

    #[test]
    fn the_median_weighs_stake_not_heads() {
        assert_eq!(median(&[(100, 1), (101, 1), (102, 1)]), Some(101));
        assert_eq!(median(&[(102, 1), (100, 5), (101, 1)]), Some(100));
        assert_eq!(median(&[(100, 1), (101, 1), (900, 3)]), Some(900));
        assert_eq!(median(&[(7, 1)]), Some(7));
        assert_eq!(median(&[(1, u128::MAX), (2, u128::MAX), (3, u128::MAX)]), Some(2));
    }

    #[test]
    fn an_even_split_is_the_lower_price() {
        assert_eq!(median(&[(100, 2), (200, 2)]), Some(100));
        assert_eq!(median(&[(200, 1), (100, 1), (300, 1), (400, 1)]), Some(200));
    }

    #[test]
    fn who_has_no_stake_says_nothing() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[(5, 0)]), None);
        assert_eq!(median(&[(1, 0), (5, 1), (9, 0)]), Some(5));
    }

    #[test]
    fn less_than_half_of_the_stake_cannot_leave_what_others_reported() {
        for liar in [0, 1, 99, 101, 1_000_000] {
            let median = median(&[(99, 2), (100, 2), (101, 2), (liar, 5)]);
            assert!(median.is_some_and(|price| (99..=101).contains(&price)), "{liar}: {median:?}");
        }
    }

    #[test]
    fn the_deviation_counts_its_edge_as_near_and_as_moved() {
        let price = |number: u64| U256::from(number);
        for (other, near) in [(10_050, true), (10_051, false), (9_950, true), (9_949, false), (10_000, true)] {
            assert_eq!(is_within(price(other), price(10_000), 50), near, "{other}");
        }
        for (other, moved) in [(10_050, true), (10_049, false), (9_950, true), (9_951, false), (10_000, false)] {
            assert_eq!(has_moved(price(other), price(10_000), 50), moved, "{other}");
        }
        assert!(is_within(price(5), price(5), 0) && !is_within(price(6), price(5), 0));
        assert!(!is_within(price(1), U256::ZERO, 10_000) && is_within(U256::ZERO, U256::ZERO, 0));
        assert!(!is_within(U256::MAX, price(1), 10_000) && is_within(U256::MAX, U256::MAX, 0));
        assert!(has_moved(price(7), price(7), 0), "without a deviation everything is news");
    }

    #[test]
    fn a_threshold_is_rounded_up_and_never_reached_without_stake() {
        assert!(is_reached(2, 3, 6_666) && !is_reached(2, 3, 6_667) && is_reached(3, 3, 10_000));
        assert!(!is_reached(0, 0, 1));
        assert!(is_reached(u128::MAX, u128::MAX, 10_000) && !is_reached(u128::MAX - 1, u128::MAX, 10_000));
    }
}
