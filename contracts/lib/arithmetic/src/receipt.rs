//! The price of a receipt token: assets that all base units of the supply own alike.
//!
//! A receipt starts at one base unit of assets each. The price counts [`VIRTUAL`] base units of supply and as many of assets that nobody owns: whoever raises
//! the price gives nearly all of it to them and not to the few tokens it holds itself, so there is nothing to gain for a first depositor. Amounts are rounded against
//! who acts, so no round trip profits.

use crate::wad;
use crate::wide::mul_div_down;

/// Base units of assets and of supply that are counted and nobody owns.
pub const VIRTUAL: u128 = 1_000_000;

/// Below one part in this many of the initial price nothing is minted, which keeps the supply within 128 bits.
const DEPLETED: u128 = 1_000_000;

/// What is minted for `amount`, rounded down (against the depositor). `None` if it exceeds 128 bits or the price is below a millionth of the initial one.
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

/// `tokens` at the price of the supply, rounded down. Below the initial price nothing virtual is counted: it would promise more than there is.
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
}
