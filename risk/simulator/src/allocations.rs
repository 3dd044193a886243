//! What each service can take from each operator, in units of value: a network as an attacker sees it.

use crate::network::{Grant, Network, Operator, Tier};
use arithmetic::risk;
use arithmetic::wide::mul_div_down;
use rayon::prelude::*;

/// What attacks are made of. An attack picks services and, of each operator, how much of what they can take it puts
/// against each; a service falls where that is its demand. An operator loses what it put against its exclusive
/// grants, and of what it put against shared ones at most its room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allocations {
    /// Of each operator.
    pub holdings: Vec<Holding>,
    /// Of each service.
    pub prizes: Vec<Prize>,
}

/// What an operator has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    /// All its stake.
    pub value: u128,
    /// What its shared grants can take of it together.
    pub room: u128,
    /// What its services can take.
    pub edges: Vec<Edge>,
}

/// What a service can take from an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The place of the service.
    pub service: usize,
    /// How much, by one fault.
    pub takes: u128,
    /// Whether others can take it too.
    pub tier: Tier,
}

/// What a service is to an attacker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prize {
    /// What corrupting it brings.
    pub profit: u128,
    /// The part (wad) of `counted` that must attack.
    pub threshold: u64,
    /// What it can take of all operators.
    pub counted: u128,
}

impl Prize {
    /// How much must attack.
    pub fn demand(&self) -> u128 {
        risk::demand(self.counted, self.threshold)
    }

    /// Whether it has a quorum that could be corrupted, and something to gain by that.
    pub fn is_attackable(&self) -> bool {
        self.counted > 0 && self.profit > 0
    }

    /// What each unit that attacks it brings (wad, rounded up).
    pub fn ratio(&self) -> u128 {
        if self.is_attackable() { risk::ratio(self.profit, self.demand()) } else { 0 }
    }
}

impl Allocations {
    /// Those of a network.
    pub fn of(network: &Network) -> Self {
        let holdings = network.operators.par_iter().map(|operator| Holding::of(network, operator)).collect();
        let prizes = network.services.iter();
        let prizes = prizes.map(|service| Prize { profit: service.profit, threshold: service.threshold, counted: 0 });
        let mut allocations = Self { holdings, prizes: prizes.collect() };
        allocations.count();
        allocations
    }

    /// Sums up what each service can take.
    pub fn count(&mut self) {
        self.prizes.iter_mut().for_each(|prize| prize.counted = 0);
        for edge in self.holdings.iter().flat_map(|holding| &holding.edges) {
            if let Some(prize) = self.prizes.get_mut(edge.service) {
                prize.counted = prize.counted.saturating_add(edge.takes);
            }
        }
    }

    /// All stake.
    pub fn value(&self) -> u128 {
        self.holdings.iter().map(|holding| holding.value).fold(0, u128::saturating_add)
    }
}

impl Holding {
    fn of(network: &Network, operator: &Operator) -> Self {
        let value = network.value(operator);
        // What is taken is rounded down: less stake to attack with makes ratios larger, never smaller.
        let part = |budget: u64| mul_div_down(value, budget.into(), operator.magnitude.into()).unwrap_or(0);
        let shared_room = operator.shared_room();
        let edge = |grant: &Grant| {
            let budget = match grant.tier {
                Tier::Exclusive => grant.budget,
                Tier::Shared => grant.budget.min(shared_room),
            };
            let penalty = network.services.get(grant.service).map_or(0, |service| service.penalty);
            let takes = arithmetic::wad::portion_down(part(budget), penalty).unwrap_or(0);
            Edge { service: grant.service, takes, tier: grant.tier }
        };
        Self { value, room: part(shared_room), edges: operator.grants.iter().map(edge).collect() }
    }

    /// What its shared grants can take, each for itself.
    pub fn shared(&self) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(|edge| edge.tier == Tier::Shared)
    }
}
