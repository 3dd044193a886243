//! Shocks, what follows, and that the search on large networks finds no less than it says.

use fastrand::Rng;
use restake_simulator::allocations::{Edge, Holding, Prize};
use restake_simulator::attack::most_profitable;
use restake_simulator::cascade::Cascade;
use restake_simulator::network::{Grant, Network, Operator, Service, Tier, Token};
use restake_simulator::random::{self, Grants, Size, small};
use restake_simulator::search::profitable_attack;
use restake_simulator::shock::Shock;
use restake_simulator::{Allocations, Bounds};

const ONE: u64 = 1_000_000_000_000_000_000;

/// Small networks side by side are one that is too large to try every set.
#[test]
fn what_the_search_finds_can_be_carried_out_and_is_most_of_what_there_is() {
    let mut rng = Rng::with_seed(3);
    let (mut found, mut existing) = (0, 0);
    for _ in 0..300 {
        let mut network = Allocations::default();
        let mut best = 0;
        for _ in 0..12 {
            let mut part = small(Grants::Tiers, &mut rng);
            let most = most_profitable(&part, 0).unwrap();
            best += most.map_or(0, |attack| attack.profit - attack.cost);
            let services = network.prizes.len();
            let edges = part.holdings.iter_mut().flat_map(|holding| &mut holding.edges);
            edges.for_each(|edge| edge.service += services);
            network.holdings.extend(part.holdings);
            network.prizes.extend(part.prizes);
        }
        existing += best;
        let before = network.value();
        if let Some(attack) = profitable_attack(&network) {
            assert!(attack.profit - attack.cost <= best);
            found += attack.profit - attack.cost;
            network.carry_out(&attack);
            let lost = before - network.value();
            assert!(lost <= attack.cost, "{lost} {attack:?}");
            assert!(attack.services.iter().all(|service| network.prizes[*service].profit == 0));
        }
    }
    println!("{found} of {existing} that there is to gain was found");
    assert!(found * 100 >= existing * 90, "{found} of {existing}");
}

/// One token, three operators with ten each, and two services that share all of their stake.
fn pooled(profit: u128) -> Network {
    let service = |name: &str| Service { name: name.to_owned(), profit, threshold: ONE / 3 * 2, penalty: ONE };
    let grant = |service| Grant { service, budget: ONE, tier: Tier::Shared };
    let operator = |number: usize| Operator {
        name: format!("operator-{number}"),
        magnitude: ONE,
        stakes: vec![10],
        grants: vec![grant(0), grant(1)],
    };
    Network {
        tokens: vec![Token { name: "lsETH".to_owned(), price: ONE }],
        services: vec![service("a"), service("b")],
        operators: (0..3).map(operator).collect(),
        ..Network::default()
    }
}

#[test]
fn an_operator_that_fails_makes_an_attack_worth_it_that_was_not() {
    // Two thirds of thirty are twenty, for twenty. Of the twenty that are left it is fourteen: one operator puts its
    // ten into both services, the other four into each.
    let network = pooled(10);
    assert!(Bounds::of(&Allocations::of(&network)).is_secure());
    let cascade = Cascade::after(&Shock::Operators(vec![0]), &network);
    let lost: Vec<(u128, usize)> = cascade.rounds.iter().map(|round| (round.lost, round.fallen)).collect();
    assert_eq!(lost, [(10, 0), (18, 2)]);
    assert_eq!((cascade.before, cascade.lost()), (30, 28));
    let alone = Cascade::after(&Shock::Operators(vec![]), &network);
    assert_eq!((alone.rounds.len(), alone.lost()), (1, 0));
}

#[test]
fn a_token_that_falls_by_half_makes_the_same_profit_worth_an_attack() {
    let cascade = Cascade::after(&Shock::Price { token: 0, fall: ONE / 2 }, &pooled(10));
    assert_eq!(cascade.rounds.len(), 2);
    assert_eq!(cascade.rounds[0].lost, 15);
    assert!(cascade.rounds[1].profit > cascade.rounds[1].lost);
    let mild = Cascade::after(&Shock::Price { token: 0, fall: ONE / 10 }, &pooled(8));
    assert_eq!((mild.rounds.len(), mild.lost()), (1, 3));
}

#[test]
fn a_service_that_is_taken_over_takes_its_budgets_and_leaves_the_others_less() {
    let mut network = pooled(7);
    network.operators.iter_mut().for_each(|operator| operator.grants[0].budget = ONE / 2);
    let cascade = Cascade::after(&Shock::Service(0), &network);
    assert_eq!((cascade.rounds[0].lost, cascade.rounds[0].fallen, cascade.rounds[0].hit), (15, 1, 3));
    assert_eq!(cascade.rounds.len(), 1, "seven are less than two thirds of fifteen");
    network.services[1].profit = 11;
    let cascade = Cascade::after(&Shock::Service(0), &network);
    assert_eq!(cascade.rounds.len(), 2);
    assert_eq!(cascade.rounds[1].lost, 10);
}

#[test]
fn exclusive_stake_is_lost_to_each_service_and_shared_stake_once() {
    let edge = |service, takes, tier| Edge { service, takes, tier };
    let edges = vec![edge(0, 40, Tier::Exclusive), edge(1, 60, Tier::Shared), edge(2, 60, Tier::Shared)];
    let prize = Prize { profit: 1_000, threshold: ONE, counted: 0 };
    let mut network = Allocations { holdings: vec![Holding { value: 100, room: 60, edges }], prizes: vec![prize; 3] };
    network.count();
    let attack = most_profitable(&network, 0).unwrap().unwrap();
    assert_eq!((attack.profit, attack.cost), (3_000, 100));
    network.carry_out(&attack);
    assert_eq!((network.value(), network.holdings[0].room), (0, 0));
}

#[test]
fn a_random_network_is_one_that_the_protocol_allows() {
    let size = Size { stakers: 5_000, operators: 200, services: 50 };
    let network = random::network(size, ONE / 2, 7);
    assert_eq!(network, random::network(size, ONE / 2, 7), "the same seed");
    assert_ne!(network, random::network(size, ONE / 2, 8));
    assert_eq!((network.stakers.len(), network.operators.len(), network.services.len()), (5_000, 200, 50));
    for operator in &network.operators {
        assert!(operator.granted(Tier::Exclusive) <= ONE, "{operator:?}");
        assert!(operator.degree() <= 2 * u128::from(ONE) && operator.worst_loss() <= ONE.into(), "{operator:?}");
        assert!(operator.grants.iter().all(|grant| grant.service < 50 && grant.budget > 0), "{operator:?}");
    }
    let utilisation = Bounds::of(&Allocations::of(&network)).utilisation;
    assert!(utilisation.abs_diff(u128::from(ONE / 2)) < 1_000, "{utilisation}");
    let staked: u128 = network.positions.iter().map(|position| position.amount).sum();
    let held: u128 = network.operators.iter().flat_map(|operator| &operator.stakes).sum();
    assert_eq!(staked, held);
    let mut stakes: Vec<u128> = network.operators.iter().map(|operator| network.value(operator)).collect();
    stakes.sort_unstable();
    let largest: u128 = stakes.iter().rev().take(20).sum();
    assert!(largest * 2 > held && largest * 5 < held * 4, "a tenth of the operators has most: {largest} of {held}");
}
