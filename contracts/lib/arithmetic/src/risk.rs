//! What an attack on services costs at least, in ratios of profit to stake.
//!
//! A service falls to operators that put as much of what it can take from them against it as its threshold asks.
//! Its ratio is its profit from corruption by that demand. An operator's utilisation is the largest ratio of its
//! services, or what its shared grants would bring altogether by the stake that all of them share, if that is more:
//! stake under shared grants is lost once, however many services fall with it, stake under exclusive ones is lost to
//! each. With U the largest utilisation and the largest ratio, every attack costs at least its profit by U.
//!
//! Ratios are wads in 128 bits, rounded up: against who says that a network is safe. The largest number means that no
//! bound holds.
//!
//! What an operator's budgets alone say of it, and what a service can say of it without asking others, is in
//! [`crate::exposure`].

use crate::wad::ONE;
use crate::wide::{mul_div_down, mul_div_up};

/// The ratio where no bound holds.
pub const UNBOUNDED: u128 = u128::MAX;

/// How much of `counted` must attack a service with this `threshold` (wad), rounded up as a quorum is; at least one.
pub fn demand(counted: u128, threshold: u64) -> u128 {
    mul_div_up(counted, u128::from(threshold), u128::from(ONE)).unwrap_or(u128::MAX).max(1)
}

/// What each unit brings that attacks a service with this `profit` of which `demand` must attack.
pub fn ratio(profit: u128, demand: u128) -> u128 {
    mul_div_up(profit, u128::from(ONE), demand).unwrap_or(UNBOUNDED)
}

/// What a shared grant adds to the utilisation of its operator: the `ratio` of its service, times what that can take,
/// by `room`, the stake that all shared grants of the operator share.
pub fn shared_part(ratio: u128, takes: u128, room: u128) -> u128 {
    if takes == 0 || ratio == 0 {
        return 0;
    }
    mul_div_up(ratio, takes, room).unwrap_or(UNBOUNDED)
}

/// What an attack costs at least that brings `profit`, where the network's utilisation is `utilisation`, rounded down:
/// against who says that it is expensive.
pub fn least_cost(profit: u128, utilisation: u128) -> u128 {
    match utilisation {
        0 => u128::MAX,
        UNBOUNDED => 0,
        _ => mul_div_down(profit, u128::from(ONE), utilisation).unwrap_or(u128::MAX),
    }
}

/// What is lost at most of all stake, if `lost` of it (wad) is lost at first and **if all stake were lost** with each
/// fault: `lost / (1 - U)`. This is proved for services that take all of an operator's stake, and for nothing else.
/// `None` where the utilisation is one or more, which leaves no bound.
pub fn if_all_stake_were_lost(lost: u64, utilisation: u128) -> Option<u64> {
    let slack = u128::from(ONE).checked_sub(utilisation).filter(|slack| *slack > 0)?;
    let bound = mul_div_up(u128::from(lost), u128::from(ONE), slack)?;
    Some(u64::try_from(bound).unwrap_or(ONE).min(ONE))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAD: u128 = ONE as u128;

    #[test]
    fn the_demand_is_rounded_up_as_a_quorum_is_and_never_nothing() {
        assert_eq!(demand(3, ONE / 2), 2);
        assert_eq!(demand(4, ONE / 2), 2);
        assert_eq!(demand(7, ONE), 7);
        assert_eq!(demand(0, ONE), 1);
        assert_eq!(demand(u128::MAX, ONE), u128::MAX);
    }

    #[test]
    fn a_ratio_is_rounded_up_and_unbounded_where_it_does_not_fit() {
        assert_eq!(ratio(1, 2), WAD / 2);
        assert_eq!(ratio(1, 3), WAD / 3 + 1);
        assert_eq!(ratio(0, 1), 0);
        assert_eq!(ratio(u128::MAX, 1), UNBOUNDED);
        assert_eq!(ratio(1, 0), UNBOUNDED);
    }

    #[test]
    fn a_shared_grant_adds_its_part_and_nothing_where_it_takes_nothing() {
        assert_eq!(shared_part(WAD / 2, 10, 20), WAD / 4);
        assert_eq!(shared_part(1, 1, 3), 1);
        assert_eq!(shared_part(WAD, 0, 0), 0);
        assert_eq!(shared_part(0, 10, 0), 0);
        assert_eq!(shared_part(WAD, 1, 0), UNBOUNDED);
        assert_eq!(shared_part(UNBOUNDED, 2, 1), UNBOUNDED);
    }

    #[test]
    fn an_attack_costs_its_profit_by_the_utilisation_rounded_down() {
        assert_eq!(least_cost(10, WAD / 2), 20);
        assert_eq!(least_cost(10, 3 * WAD), 3);
        assert_eq!(least_cost(10, UNBOUNDED), 0);
        assert_eq!(least_cost(10, 0), u128::MAX);
    }

    #[test]
    fn if_all_stake_were_lost_a_tenth_of_slack_makes_a_thousandth_less_than_a_hundredth() {
        // The abstract of Durvasula and Roughgarden: slack of 10 %, a shock of 0.1 %, less than 1.1 % lost.
        let utilisation = WAD * 10 / 11 + 1;
        let bound = if_all_stake_were_lost(ONE / 1_000, utilisation).unwrap();
        assert!(bound.abs_diff(ONE / 1_000 * 11) <= 100, "{bound}");
        assert_eq!(if_all_stake_were_lost(ONE / 1_000, WAD), None);
        assert_eq!(if_all_stake_were_lost(ONE / 2, WAD * 9 / 10), Some(ONE), "never more than everything");
        assert_eq!(if_all_stake_were_lost(0, 0), Some(0));
    }
}
