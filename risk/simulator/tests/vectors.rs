//! What the papers say, in their own examples and on random networks.

use fastrand::Rng;
use restake_simulator::Allocations;
use restake_simulator::all_stake::AllStake;
use restake_simulator::allocations::{Edge, Holding, Prize};
use restake_simulator::attack::most_profitable;
use restake_simulator::exact::{self, Rule, fraction};
use restake_simulator::network::Tier;
use restake_simulator::random::{Grants, small};

const ONE: u64 = 1_000_000_000_000_000_000;

/// Operators with their stake, and services with profit, threshold, and who serves them with all stake.
fn network(stakes: &[u128], services: &[(u128, u64, &[usize])]) -> Allocations {
    let holding = |(place, stake): (usize, &u128)| {
        let served = services.iter().enumerate().filter(|(_, (_, _, operators))| operators.contains(&place));
        let edges = served.map(|(service, _)| Edge { service, takes: *stake, tier: Tier::Shared });
        Holding { value: *stake, room: *stake, edges: edges.collect() }
    };
    let prizes =
        services.iter().map(|(profit, threshold, _)| Prize { profit: *profit, threshold: *threshold, counted: 0 });
    let mut network =
        Allocations { holdings: stakes.iter().enumerate().map(holding).collect(), prizes: prizes.collect() };
    network.count();
    network
}

fn worst_loss(network: &Allocations, lost: u128) -> u128 {
    AllStake::of(network).unwrap().worst_loss(lost)
}

/// Durvasula and Roughgarden, Theorem 2.
#[test]
fn without_slack_the_smallest_shock_can_end_everything() {
    let network = network(&[1, 999], &[(1_000, ONE, &[0, 1])]);
    assert_eq!(exact::utilisation(&network, Rule::Tiers), Some(fraction(1, 1)));
    assert!(most_profitable(&network, 0).unwrap().is_none_or(|attack| !attack.is_profitable()));
    assert_eq!(worst_loss(&network, 0), 0);
    assert_eq!(worst_loss(&network, 1), 1_000);
}

/// Durvasula and Roughgarden, Theorem 3: with slack of a tenth, a shock of a little more than an eleventh takes all,
/// where the bound says that at most a little more than all is lost.
#[test]
fn the_bound_with_slack_is_reached() {
    let network = network(&[1_001, 9_999], &[(10_000, ONE, &[0, 1])]);
    let utilisation = exact::utilisation(&network, Rule::Tiers).unwrap();
    assert_eq!(utilisation, fraction(10, 11));
    assert_eq!(worst_loss(&network, 1_000), 1_000, "an eleventh of the stake");
    assert_eq!(worst_loss(&network, 1_001), 11_000);
    let bound = fraction(1_001, 1) / (fraction(1, 1) - utilisation);
    assert_eq!(bound, fraction(11_011, 1));
}

/// Durvasula and Roughgarden, Theorem 8: small services on a ring, each with two operators.
#[test]
fn small_profits_alone_protect_nobody() {
    let ring: [(u128, u64, &[usize]); 4] =
        [(10, ONE, &[0, 1]), (10, ONE, &[1, 2]), (10, ONE, &[2, 3]), (10, ONE, &[3, 0])];
    let network = network(&[10, 10, 10, 10], &ring);
    assert_eq!(exact::utilisation(&network, Rule::Tiers), Some(fraction(1, 1)));
    assert_eq!(worst_loss(&network, 9), 9);
    assert_eq!(worst_loss(&network, 10), 40);
}

/// Durvasula and Roughgarden, Claim 1, Corollary 2 and Theorem 1.
#[test]
fn on_ten_thousand_networks_of_all_stake_no_cascade_takes_as_much_as_the_bound() {
    let mut rng = Rng::with_seed(240_721_785);
    let (mut bounded, mut worst) = (0, fraction(0, 1));
    for _ in 0..10_000 {
        let mut allocations = small(Grants::AllStake, &mut rng);
        // Every order of attacks is tried: a few operators and services are enough.
        allocations.holdings.truncate(4);
        allocations.prizes.truncate(3);
        allocations.holdings.iter_mut().for_each(|holding| holding.edges.retain(|edge| edge.service < 3));
        allocations.count();
        let all = AllStake::of(&allocations).unwrap();
        let utilisation = exact::utilisation(&allocations, Rule::Tiers).unwrap();
        let one = fraction(1, 1);
        if let Some(least) = all.least_stake_by_profit().filter(|_| allocations.prizes.iter().all(|p| p.counted > 0)) {
            assert!(least >= one.clone() / &utilisation, "the slack that is computed is one: {allocations:?}");
        }
        if utilisation >= one || utilisation == fraction(0, 1) {
            continue;
        }
        // A service that nobody serves is no part of this protocol, and of the paper one that all attacks profit from.
        if allocations.prizes.iter().any(|prize| prize.counted == 0 && prize.profit > 0) {
            continue;
        }
        for lost in 1..=allocations.value() {
            let bound = fraction(lost, 1) / (one.clone() - &utilisation);
            let loss = fraction(all.worst_loss(lost), 1);
            assert!(loss < bound, "{lost}: {loss} {bound} {allocations:?}");
            worst = worst.max(loss / bound);
        }
        bounded += 1;
    }
    println!("{bounded} bounded, largest loss by bound {worst}");
    assert!(bounded > 2_000, "{bounded}");
}

/// Bar-Zur and Eyal's model on ten operators and ten services with half as threshold and a profit of one: the least
/// stake of each operator that withstands a briber's budget after some services took what they can.
#[test]
fn the_least_stake_by_restaking_degree_has_an_optimum_inside() {
    let table: [(u128, usize, [Option<u128>; 5]); 5] = [
        (0, 0, [Some(200), Some(200), Some(200), Some(200), Some(200)]),
        (0, 1, [Some(200), Some(212), Some(225), Some(257), Some(360)]),
        (1, 0, [Some(400), Some(267), Some(220), Some(220), Some(220)]),
        (1, 1, [Some(400), Some(267), Some(250), Some(286), Some(400)]),
        (2, 2, [Some(600), Some(400), Some(333), Some(500), None]),
    ];
    for (budget, byzantine, expected) in table {
        for (tenths, expected) in [10, 15, 20, 30, 50].into_iter().zip(expected) {
            let least = least_stake(tenths, budget, byzantine);
            let hundredths = least.map(|stake| (stake + PROFIT / 200) / (PROFIT / 100));
            assert_eq!(hundredths, expected, "budget {budget}, {byzantine} Byzantine, degree {tenths}/10");
        }
    }
}

/// The profit of each service in the symmetric network.
const PROFIT: u128 = 100_000;

/// The least stake of each operator, found by halving; `None` above ten profits.
fn least_stake(degree_tenths: u128, budget: u128, byzantine: usize) -> Option<u128> {
    let withstands = |stake: u128| {
        let takes = stake * degree_tenths / 100;
        let edges = (0..10).map(|service| Edge { service, takes, tier: Tier::Shared }).collect();
        let holding = Holding { value: stake, room: stake, edges };
        let prize = Prize { profit: PROFIT, threshold: ONE / 2, counted: 0 };
        let mut network = Allocations { holdings: vec![holding; 10], prizes: vec![prize; 10] };
        network.count();
        (0..byzantine).for_each(|service| network.take_over(service));
        most_profitable(&network, budget * PROFIT).unwrap().is_none() && network.value() > 0
    };
    let (mut low, mut high) = (0, 10 * PROFIT);
    if !withstands(high) {
        return None;
    }
    while high - low > 1 {
        let middle = low.midpoint(high);
        if withstands(middle) { high = middle } else { low = middle }
    }
    Some(high)
}
