use super::*;
use crate::random::{Grants, small};
use fastrand::Rng;

/// What operators lose if they put in what is given, edge by edge.
fn loss(allocations: &Allocations, put: &[Vec<u128>]) -> u128 {
    let losses = allocations.holdings.iter().zip(put).map(|(holding, put)| {
        let of = |tier| {
            let edges = holding.edges.iter().zip(put).filter(move |(edge, _)| edge.tier == tier);
            edges.map(|(_, amount)| *amount).sum::<u128>()
        };
        of(crate::network::Tier::Exclusive) + of(crate::network::Tier::Shared).min(holding.room)
    });
    losses.sum()
}

/// Which services fall if operators put in what is given, and what that brings.
fn gain(allocations: &Allocations, put: &[Vec<u128>]) -> u128 {
    let against = |service: usize| {
        let edges = allocations.holdings.iter().zip(put).flat_map(|(holding, put)| holding.edges.iter().zip(put));
        edges.filter(|(edge, _)| edge.service == service).map(|(_, amount)| *amount).sum::<u128>()
    };
    let prizes = allocations.prizes.iter().enumerate();
    let fallen = prizes.filter(|(place, prize)| prize.is_attackable() && against(*place) >= prize.demand());
    fallen.map(|(_, prize)| prize.profit).sum()
}

/// Calls `look` with everything that operators can put in, unit by unit.
fn for_everything(allocations: &Allocations, mut look: impl FnMut(&[Vec<u128>])) {
    let mut put: Vec<Vec<u128>> = allocations.holdings.iter().map(|holding| vec![0; holding.edges.len()]).collect();
    'all: loop {
        look(&put);
        for (holding, put) in allocations.holdings.iter().zip(&mut put) {
            for (edge, amount) in holding.edges.iter().zip(put) {
                if *amount < edge.takes {
                    *amount += 1;
                    continue 'all;
                }
                *amount = 0;
            }
        }
        return;
    }
}

#[test]
fn no_attack_unit_by_unit_beats_what_trying_sets_of_operators_finds() {
    let mut rng = Rng::with_seed(19);
    let (mut compared, mut profitable) = (0, 0);
    while compared < 300 {
        let allocations = small(Grants::Tiers, &mut rng);
        let edges = allocations.holdings.iter().flat_map(|holding| &holding.edges);
        let ways = edges.map(|edge| edge.takes + 1).fold(1u128, u128::saturating_mul);
        if ways > 20_000 {
            continue;
        }
        let (mut best_net, mut best) = (0i128, Attack::default());
        for_everything(&allocations, |put| {
            let found = Attack { profit: gain(&allocations, put), cost: loss(&allocations, put), ..Attack::default() };
            best_net = best_net.max(found.profit as i128 - found.cost as i128);
            if found.beats(&best) {
                best = found;
            }
        });
        let most = most_profitable(&allocations, 0).unwrap();
        let net = most.map_or(0, |attack| attack.profit as i128 - attack.cost as i128);
        assert_eq!(net, best_net, "{allocations:?}");
        let ratio = best_ratio(&allocations).unwrap().unwrap_or_default();
        assert_eq!(ratio.profit * best.cost, best.profit * ratio.cost, "{allocations:?} {ratio:?} {best:?}");
        compared += 1;
        profitable += usize::from(net > 0);
    }
    assert!(profitable > 30, "{profitable}");
}

#[test]
fn too_many_operators_are_not_tried() {
    let edge = Edge { service: 0, takes: 1, tier: crate::network::Tier::Shared };
    let holding = Holding { value: 1, room: 1, edges: vec![edge] };
    let allocations = Allocations { holdings: vec![holding; MOST_OPERATORS + 1], prizes: vec![] };
    assert_eq!(best_ratio(&allocations), Err(TooMany(MOST_OPERATORS + 1)));
}
