//! The bounds hold against every attack on small networks.

use fastrand::Rng;
use restake_simulator::allocations::{Edge, Holding, Prize};
use restake_simulator::attack::{best_ratio, most_profitable};
use restake_simulator::exact::{self, Rule, fraction};
use restake_simulator::network::Tier;
use restake_simulator::random::{Grants, small};
use restake_simulator::{Allocations, Bounds};

/// How many networks of each kind are tried.
const NETWORKS: usize = 10_000;

const WAD: u128 = 1_000_000_000_000_000_000;

#[test]
fn an_attack_on_ten_thousand_random_networks_costs_at_least_its_profit_by_the_utilisation() {
    for grants in [Grants::AllStake, Grants::Shared, Grants::Tiers] {
        let mut rng = Rng::with_seed(6_2);
        let (mut attacked, mut secure, mut closest) = (0, 0, fraction(0, 1));
        for number in 0..NETWORKS {
            let allocations = small(grants, &mut rng);
            let bounds = Bounds::of(&allocations);
            let utilisation = exact::utilisation(&allocations, Rule::Tiers).unwrap();
            // What the chain computes is the same, rounded up.
            let (numerator, denominator) = (utilisation.numer(), utilisation.denom());
            let wad = u128::try_from(numerator * WAD / denominator).unwrap();
            assert!((wad..=wad + 10).contains(&bounds.utilisation), "{number}: {bounds:?} {utilisation}");
            if bounds.is_secure() {
                secure += 1;
                let attack = most_profitable(&allocations, 0).unwrap();
                assert!(attack.is_none_or(|attack| !attack.is_profitable()), "{number}: {allocations:?}");
            }
            let Some(attack) = best_ratio(&allocations).unwrap() else { continue };
            attacked += 1;
            assert!(exact::holds(&utilisation, &attack), "{number}: {attack:?} of {allocations:?}");
            let least = arithmetic::risk::least_cost(attack.profit, bounds.utilisation);
            assert!(attack.cost >= least, "{number}: {attack:?} costs less than {least}");
            closest = closest.max(exact::gain(&attack).unwrap() / utilisation);
        }
        println!("{grants:?}: {attacked} with attacks, {secure} secure, largest gain by utilisation {closest}");
        assert!(attacked > NETWORKS * 9 / 10 && secure > NETWORKS / 10, "{attacked} {secure}");
        assert_eq!(closest, fraction(1, 1), "the bound is tight");
    }
}

/// Two services share the half that an exclusive grant leaves: the rule for networks without exclusive grants divides
/// by all stake, and calls this secure.
#[test]
fn dividing_by_all_stake_misses_an_attack_where_a_grant_is_exclusive() {
    let edge = |service, takes, tier| Edge { service, takes, tier };
    let edges = vec![edge(0, 50, Tier::Exclusive), edge(1, 50, Tier::Shared), edge(2, 50, Tier::Shared)];
    let prize = |profit| Prize { profit, threshold: 1_000_000_000_000_000_000, counted: 0 };
    let mut allocations = Allocations {
        holdings: vec![Holding { value: 100, room: 50, edges }],
        prizes: vec![prize(0), prize(40), prize(40)],
    };
    allocations.count();
    let attack = most_profitable(&allocations, 0).unwrap().unwrap();
    assert_eq!((attack.profit, attack.cost, attack.services), (80, 50, vec![1, 2]));
    assert_eq!(exact::utilisation(&allocations, Rule::Elastic), Some(fraction(4, 5)), "said to be secure");
    assert_eq!(exact::utilisation(&allocations, Rule::Tiers), Some(fraction(8, 5)));
    assert_eq!(Bounds::of(&allocations).utilisation, WAD * 8 / 5);
}

#[test]
fn an_operator_without_shared_grants_is_utilised_as_much_as_its_service_with_the_largest_ratio() {
    let edge = |service, takes| Edge { service, takes, tier: Tier::Exclusive };
    let prize = |profit| Prize { profit, threshold: 1_000_000_000_000_000_000, counted: 0 };
    let mut allocations = Allocations {
        holdings: vec![
            Holding { value: 100, room: 0, edges: vec![edge(0, 60), edge(1, 40)] },
            Holding { value: 100, room: 40, edges: vec![edge(0, 60)] },
        ],
        prizes: vec![prize(60), prize(30)],
    };
    allocations.count();
    let bounds = Bounds::of(&allocations);
    assert_eq!(bounds.ratios, [WAD / 2, WAD / 4 * 3]);
    assert_eq!(bounds.utilisations, [WAD / 4 * 3, WAD / 2]);
    assert_eq!(bounds.utilisation, WAD / 4 * 3);
}
