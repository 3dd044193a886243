//! Random networks: small ones to try everything on, and large ones.

use crate::allocations::{Allocations, Edge, Holding, Prize};
use crate::bounds::Bounds;
use crate::network::{Grant, Network, Operator, Position, Service, Tier, Token};
use arithmetic::wad::{MAX_COMMITMENT, ONE};
use arithmetic::wide::mul_div_down;
use fastrand::Rng;

/// How large a network shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// How many stakers.
    pub stakers: usize,
    /// How many operators.
    pub operators: usize,
    /// How many services.
    pub services: usize,
}

/// A unit of the token, and of what profits are counted in.
const UNIT: u128 = ONE as u128;

/// How many services an operator serves at most: a budget is at least a hundredth of the magnitude.
const MOST_GRANTS: usize = 16;

/// A network with two tokens, as the protocol allows it: exclusive budgets within the magnitude, all within twice that.
///
/// A few have most of the stake, as in all networks that are known: the k-th operator is chosen, and the k-th service
/// served, about as often as one in k. Profits are such that the network has the `utilisation` (wad), nearly.
pub fn network(size: Size, utilisation: u64, seed: u64) -> Network {
    let mut rng = Rng::with_seed(seed);
    let token = |name: &str| Token { name: name.to_owned(), price: ONE };
    let mut network = Network { tokens: vec![token("lsETH"), token("otherETH")], ..Network::default() };
    network.services = (0..size.services).map(|number| service(number, &mut rng)).collect();
    network.operators = (0..size.operators).map(|number| operator(number, size.services, &mut rng)).collect();
    network.stakers = (0..size.stakers).map(|number| format!("staker-{number}")).collect();
    network.positions.reserve(size.stakers);
    for staker in 0..size.stakers {
        let (operator, token) = (ranked(size.operators, &mut rng), rng.usize(0..2));
        let amount = UNIT.saturating_mul(rng.u128(1..=32)).saturating_add(rng.u128(0..UNIT));
        let Some(stake) = network.operators.get_mut(operator).and_then(|operator| operator.stakes.get_mut(token))
        else {
            break;
        };
        *stake = stake.saturating_add(amount);
        network.positions.push(Position { staker, operator, token, amount });
    }
    declare_profits(&mut network, utilisation, &mut rng);
    network
}

fn service(number: usize, rng: &mut Rng) -> Service {
    let threshold = [ONE / 2, ONE / 3 * 2, ONE][rng.usize(0..3)];
    let penalty = [ONE, ONE / 2][rng.usize(0..2)];
    Service { name: format!("service-{number}"), profit: 0, threshold, penalty }
}

fn operator(number: usize, services: usize, rng: &mut Rng) -> Operator {
    let mut operator =
        Operator { name: format!("operator-{number}"), magnitude: ONE, stakes: vec![0, 0], grants: vec![] };
    for _ in 0..rng.usize(1..=MOST_GRANTS) {
        let service = ranked(services, rng);
        let tier = if rng.bool() { Tier::Exclusive } else { Tier::Shared };
        let (exclusive, shared) = (operator.granted(Tier::Exclusive), operator.granted(Tier::Shared));
        let left = MAX_COMMITMENT.saturating_sub(exclusive).saturating_sub(shared);
        let room = if tier == Tier::Exclusive { left.min(ONE.saturating_sub(exclusive)) } else { left };
        let budget = (ONE / 100).saturating_mul(rng.u64(1..=40)).min(room);
        let is_new = operator.grants.iter().all(|grant| grant.service != service);
        if service < services && is_new && budget > 0 {
            operator.grants.push(Grant { service, budget, tier });
        }
    }
    operator
}

/// Services declare a tenth to nine tenths of what would make an attack on them alone worth it, all of them less by
/// the same part so that the network has the utilisation.
fn declare_profits(network: &mut Network, utilisation: u64, rng: &mut Rng) {
    let mut allocations = Allocations::of(network);
    for prize in &mut allocations.prizes {
        let part = (ONE / 10).saturating_mul(rng.u64(1..=9));
        prize.profit = arithmetic::wad::portion_down(prize.demand(), part).unwrap_or(0);
    }
    let reached = Bounds::of(&allocations).utilisation;
    for (service, prize) in network.services.iter_mut().zip(&allocations.prizes) {
        service.profit = mul_div_down(prize.profit, utilisation.into(), reached).unwrap_or(0);
    }
}

/// A place below `count`, the k-th about as often as one in k: all orders of magnitude are alike. Zero where there is
/// none.
fn ranked(count: usize, rng: &mut Rng) -> usize {
    let Some(orders) = count.checked_ilog2() else { return 0 };
    loop {
        let first = 1usize << rng.u32(0..=orders);
        let place = first.saturating_sub(1).saturating_add(rng.usize(0..first));
        if place < count {
            return place;
        }
    }
}

/// What a small random network is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grants {
    /// Services take all of an operator's stake: the model of Durvasula and Roughgarden.
    AllStake,
    /// Services share parts of an operator's stake: the model of Bar-Zur and Eyal.
    Shared,
    /// Some parts are shared and some are exclusive: this protocol.
    Tiers,
}

/// A small network with small whole numbers, where profits are near what is worth an attack.
pub fn small(grants: Grants, rng: &mut Rng) -> Allocations {
    let (operators, services) = (rng.usize(1..=5), rng.usize(1..=4));
    let holdings: Vec<Holding> = (0..operators).map(|_| holding(grants, services, rng)).collect();
    let thresholds = [ONE / 3, ONE / 2, ONE / 3 * 2, ONE];
    let prize = |rng: &mut Rng| Prize { profit: 0, threshold: thresholds[rng.usize(0..thresholds.len())], counted: 0 };
    let mut allocations = Allocations { holdings, prizes: (0..services).map(|_| prize(rng)).collect() };
    allocations.count();
    for prize in &mut allocations.prizes {
        prize.profit = rng.u128(0..=prize.demand().saturating_add(2));
    }
    allocations
}

fn holding(grants: Grants, services: usize, rng: &mut Rng) -> Holding {
    let value = rng.u128(1..=30);
    let mut holding = Holding { value, room: value, edges: vec![] };
    for service in 0..services {
        if rng.u8(0..4) == 0 {
            continue;
        }
        let is_exclusive = grants == Grants::Tiers && rng.bool();
        let (takes, tier) = match grants {
            Grants::AllStake => (value, Tier::Shared),
            _ if is_exclusive => (rng.u128(0..=holding.room), Tier::Exclusive),
            _ => (rng.u128(0..=value), Tier::Shared),
        };
        if tier == Tier::Exclusive {
            holding.room = holding.room.saturating_sub(takes);
        }
        holding.edges.push(Edge { service, takes, tier });
    }
    let room = holding.room;
    for edge in holding.edges.iter_mut().filter(|edge| edge.tier == Tier::Shared) {
        edge.takes = edge.takes.min(room);
    }
    holding
}
