//! What a service knows of an operator without asking others bounds what the simulator, which knows everything, says.

use arithmetic::exposure::Knowledge;
use arithmetic::grant::{self, NO_END};
use arithmetic::magnitude::Budgets;
use arithmetic::risk::UNBOUNDED;
use arithmetic::wad::ONE;
use fastrand::Rng;
use restake_simulator::network::{Grant, Network, Operator, Service, Tier, Token};
use restake_simulator::{Allocations, Bounds};

/// How many networks are tried.
const NETWORKS: usize = 10_000;

/// A network of two to four services and one to four operators that let some of them slash, in hundredths.
fn network(rng: &mut Rng) -> Network {
    let services = rng.usize(2..=4);
    let service = |rng: &mut Rng| Service {
        name: String::new(),
        profit: u128::from(rng.u32(0..200_000)),
        threshold: ONE / 100 * rng.u64(1..=100),
        penalty: ONE / 100 * rng.u64(1..=100),
    };
    let operator = |rng: &mut Rng| {
        let magnitude = ONE / 100 * rng.u64(20..=100);
        let (mut exclusive, mut committed, mut grants) = (0, 0, vec![]);
        for service in 0..services {
            let tier = if rng.bool() { Tier::Exclusive } else { Tier::Shared };
            let budget = magnitude / 100 * rng.u64(0..=100);
            let taken = if tier == Tier::Exclusive { budget } else { 0 };
            if budget == 0 || exclusive + taken > magnitude || committed + budget > 2 * magnitude {
                continue;
            }
            (exclusive, committed) = (exclusive + taken, committed + budget);
            grants.push(Grant { service, budget, tier });
        }
        // As much as amounts in base units are: what is rounded to units does not show.
        let stake = u128::from(rng.u32(1..1_000_000)) * 1_000_000_000_000;
        Operator { name: String::new(), magnitude, stakes: vec![stake], grants }
    };
    let mut made = Network {
        tokens: vec![Token { name: String::new(), price: ONE }],
        services: (0..services).map(|_| service(rng)).collect(),
        operators: (0..rng.usize(1..=4)).map(|_| operator(rng)).collect(),
        ..Network::default()
    };
    for service in &mut made.services {
        service.profit *= 1_000_000_000_000;
    }
    made
}

/// The books of the Slasher about an operator.
fn books(operator: &Operator) -> Budgets {
    let mut budgets = Budgets { lost: ONE - operator.magnitude, ..Budgets::default() };
    operator.grants.iter().for_each(|grant| budgets.add(grant.budget, grant.tier == Tier::Exclusive, false));
    budgets
}

#[test]
fn no_admitted_operator_of_ten_thousand_random_networks_is_utilised_above_the_cap() {
    let mut rng = Rng::with_seed(19);
    let (mut admitted, mut refused, mut unassumed, mut tight) = (0, 0, 0, 0);
    for number in 0..NETWORKS {
        let network = network(&mut rng);
        let bounds = Bounds::of(&Allocations::of(&network));
        let cap = u128::from(ONE / 100 * rng.u64(1..=200));
        let assumed = cap / 100 * u128::from(rng.u8(0..=100));
        for (operator, utilisation) in network.operators.iter().zip(&bounds.utilisations) {
            let budgets = books(operator);
            for own in &operator.grants {
                let ratio = |grant: &Grant| bounds.ratios.get(grant.service).copied().unwrap_or(UNBOUNDED);
                let others = operator.grants.iter().filter(|grant| grant.service != own.service);
                if others.map(ratio).max().is_some_and(|largest| largest > assumed) {
                    unassumed += 1;
                    continue;
                }
                let penalty = network.services.get(own.service).map_or(ONE, |service| service.penalty);
                let knowledge = Knowledge { ratio: ratio(own), penalty, assumed };
                let granted = grant::Grant {
                    budget: own.budget,
                    full_budget: own.budget,
                    pending: 0,
                    can_slash_until: NO_END,
                    exclusive: own.tier == Tier::Exclusive,
                };
                let bound = knowledge.bounds(&budgets, &granted);
                // What the simulator rounds to whole units of value is a billionth at most.
                let rounded = bound.saturating_add(bound / 1_000_000_000 + 10);
                assert!(rounded >= *utilisation, "{number}: {bound} < {utilisation} of {operator:?}");
                if bound <= cap {
                    admitted += 1;
                    assert!(*utilisation <= cap + cap / 1_000_000_000 + 10, "{number}: {utilisation} > {cap}");
                } else {
                    refused += 1;
                }
                tight += usize::from(bound.abs_diff(*utilisation) <= bound / 1_000_000_000 + 10);
            }
        }
    }
    println!("{admitted} admitted, {refused} refused, {unassumed} beyond what is assumed, {tight} exact");
    assert!(admitted > 1_000 && refused > 1_000 && tight > 1_000, "{admitted} {refused} {tight}");
}
