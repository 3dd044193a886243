//! The price of a receipt token: assets that all base units of the supply own alike.
//!
//! A receipt starts at one base unit of assets each. The price counts [`VIRTUAL`] base units of supply and as many of
//! assets that nobody owns: whoever raises the price gives nearly all of it to them and not to the few tokens it holds
//! itself, so there is nothing to gain for a first depositor. Amounts are rounded against who acts, so no round trip
//! profits.

use crate::wad;
use crate::wide::mul_div_down;

/// Base units of assets and of supply that are counted and nobody owns.
pub const VIRTUAL: u128 = 1_000_000;

/// Below one part in this many of the initial price nothing is minted, which keeps the supply within 128 bits.
const DEPLETED: u128 = 1_000_000;

/// What is minted for `amount`, rounded down (against the depositor). `None` if it exceeds 128 bits or the price is
/// below a millionth of the initial one.
pub fn minted(amount: u128, assets: u128, supply: u128) -> Option<u128> {
    let (assets, supply) = (assets.checked_add(VIRTUAL)?, supply.checked_add(VIRTUAL)?);
    if assets.saturating_mul(DEPLETED) < supply {
        return None;
    }
    mul_div_down(amount, supply, assets)
}

/// What `tokens` of `supply` are worth, rounded down (against the owner). `None` if there are not that many.
pub fn worth(tokens: u128, assets: u128, supply: u128) -> Option<u128> {
    if tokens > supply {
        return None;
    }
    priced(tokens, assets, supply)
}

/// What one whole token is worth (wad), rounded down.
pub fn rate(assets: u128, supply: u128) -> Option<u128> {
    priced(u128::from(wad::ONE), assets, supply)
}

/// `tokens` at the price of the supply, rounded down. Below the initial price nothing virtual is counted: it would
/// promise more than there is.
fn priced(tokens: u128, assets: u128, supply: u128) -> Option<u128> {
    if assets < supply {
        return mul_div_down(tokens, assets, supply);
    }
    mul_div_down(tokens, assets.checked_add(VIRTUAL)?, supply.checked_add(VIRTUAL)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ETHER: u128 = 1_000_000_000_000_000_000;

    #[test]
    fn a_receipt_starts_at_one_to_one_and_stays_there_without_gains_and_losses() {
        assert_eq!(minted(5, 0, 0), Some(5));
        assert_eq!(minted(ETHER + 7, 5, 5), Some(ETHER + 7));
        assert_eq!(worth(ETHER, 3 * ETHER, 3 * ETHER), Some(ETHER));
        assert_eq!(rate(0, 0), Some(ETHER));
        assert_eq!(rate(ETHER, ETHER), Some(ETHER));
    }

    #[test]
    fn a_round_trip_never_profits() {
        for (assets, supply) in [(0, 0), (1, 7), (7, 1), (ETHER, 3), (3, ETHER / 1_000), (3 * ETHER + 1, 2 * ETHER)] {
            for amount in [1, 2, 999, ETHER / 3] {
                let Some(tokens) = minted(amount, assets, supply) else { continue };
                let back = worth(tokens, assets + amount, supply + tokens).unwrap();
                assert!(back <= amount, "{amount} into {assets}/{supply} paid {back}");
            }
        }
    }

    #[test]
    fn what_all_tokens_are_worth_is_there() {
        for (assets, supply) in [(1, 1), (1, 7), (7, 1), (ETHER, 3), (ETHER - 1, ETHER), (3 * ETHER + 1, 2 * ETHER)] {
            assert!(worth(supply, assets, supply).unwrap() <= assets);
        }
        assert_eq!(worth(8, 7, 7), None);
    }

    #[test]
    fn a_first_depositor_gains_nothing_by_raising_the_price() {
        // One base unit, a gift of a thousand tokens, and a victim.
        let (gift, victim) = (1_000 * ETHER, ETHER);
        let tokens = minted(victim, 1 + gift, 1).unwrap();
        let attacker = worth(1, 1 + gift + victim, 1 + tokens).unwrap();
        let kept = worth(tokens, 1 + gift + victim, 1 + tokens).unwrap();
        assert!(attacker < gift / 500_000, "{attacker}");
        assert!(victim - kept <= 2 * gift / VIRTUAL, "the victim loses what two base units are worth at most: {kept}");
    }

    #[test]
    fn nothing_is_minted_at_a_millionth_of_the_initial_price() {
        assert_eq!(minted(1, 0, ETHER), None);
        assert_eq!(minted(1, ETHER / 1_000_000, ETHER), Some(999_999));
        assert_eq!(minted(1, ETHER / 1_000_000 - VIRTUAL, ETHER), None);
    }

    #[test]
    fn receipts_are_minted_down_to_a_millionth_of_the_initial_price() {
        // With what nobody owns: a million of assets, and a million times as many base units of supply.
        let supply = VIRTUAL * DEPLETED - VIRTUAL;
        assert_eq!(minted(1, 0, supply), Some(DEPLETED));
        assert_eq!(minted(1, 0, supply + 1), None);
        assert_eq!(minted(1, 1, supply + DEPLETED), Some(DEPLETED));
        assert_eq!(minted(1, 1, supply + DEPLETED + 1), None);
    }

    #[test]
    fn the_price_is_one_where_assets_and_supply_are_equal_from_both_sides() {
        assert_eq!(worth(5, 10, 10), Some(5));
        assert_eq!(worth(10, 9, 10), Some(9), "below, all that is there belongs to the holders");
        assert_eq!(worth(10, 11, 10), Some(10), "above, what nobody owns has its part");
        assert_eq!(worth(10, 10 + 2 * VIRTUAL, 10), Some(29));
    }

    #[test]
    fn all_tokens_can_be_redeemed_and_not_one_more() {
        assert_eq!(worth(7, 7, 7), Some(7));
        assert_eq!(worth(8, 7, 7), None);
        assert_eq!(worth(0, 0, 0), Some(0));
        assert_eq!(worth(1, 0, 7), Some(0), "of nothing");
    }

    #[test]
    fn the_rate_is_what_a_whole_token_is_worth() {
        for (assets, supply) in [(2 * ETHER, ETHER), (ETHER, 2 * ETHER), (7 * ETHER, 3 * ETHER)] {
            assert_eq!(rate(assets, supply), worth(ETHER, assets, supply));
        }
        assert_eq!(rate(ETHER, 2 * ETHER), Some(ETHER / 2));
    }

    #[test]
    fn what_exceeds_128_bits_is_refused() {
        assert_eq!(minted(1, u128::MAX, 0), None);
        assert_eq!(minted(1, 0, u128::MAX), None);
        assert_eq!(minted(u128::MAX, 1, 2), None);
        assert_eq!(worth(1, u128::MAX, 1), None);
        assert_eq!(rate(u128::MAX, 0), None);
    }
}
