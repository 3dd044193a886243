//! What everybody risks: operators, services, and each staker.

use crate::allocations::Allocations;
use crate::network::{Network, Position, Tier};
use arithmetic::wad::portion_up;
use arithmetic::wide::mul_div_up;
use rayon::prelude::*;

/// What the stake of an operator is promised for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfOperator {
    /// The value of its stake.
    pub value: u128,
    /// What services of the exclusive tier can take, all together.
    pub guaranteed: u128,
    /// What services of the shared tier can take, each for itself, in sum.
    pub shared: u128,
    /// All budgets by the magnitude (wad).
    pub degree: u128,
    /// The part of the stake that is lost if every service takes its whole budget (wad).
    pub worst_loss: u128,
}

/// What secures a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfService {
    /// How many operators serve it.
    pub operators: usize,
    /// What it can take that nobody else can.
    pub guaranteed: u128,
    /// What it can take that others can take too.
    pub shared: u128,
}

/// What a staker risks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfStaker {
    /// The value of its positions.
    pub value: u128,
    /// What of that is lost if every service takes its whole budget.
    pub worst_loss: u128,
    /// How often its stake is promised (wad): the degree of its operators, by value.
    pub degree: u128,
    /// How many services can take some of it.
    pub services: usize,
    /// What the service can take that can take the most.
    pub largest: u128,
}

/// Of each operator.
pub fn of_operators(network: &Network, allocations: &Allocations) -> Vec<OfOperator> {
    let pairs = network.operators.par_iter().zip(&allocations.holdings);
    let exposure = pairs.map(|(operator, holding)| {
        let of = |tier| {
            let edges = holding.edges.iter().filter(move |edge| edge.tier == tier);
            edges.map(|edge| edge.takes).fold(0, u128::saturating_add)
        };
        OfOperator {
            value: holding.value,
            guaranteed: of(Tier::Exclusive),
            shared: of(Tier::Shared),
            degree: operator.degree(),
            worst_loss: operator.worst_loss(),
        }
    });
    exposure.collect()
}

/// Of each service.
pub fn of_services(allocations: &Allocations) -> Vec<OfService> {
    let mut services = vec![OfService::default(); allocations.prizes.len()];
    for edge in allocations.holdings.iter().flat_map(|holding| &holding.edges) {
        let Some(service) = services.get_mut(edge.service) else { continue };
        service.operators = service.operators.saturating_add(1);
        let sum = match edge.tier {
            Tier::Exclusive => &mut service.guaranteed,
            Tier::Shared => &mut service.shared,
        };
        *sum = sum.saturating_add(edge.takes);
    }
    services
}

/// Of each staker.
pub fn of_stakers(network: &Network, allocations: &Allocations) -> Vec<OfStaker> {
    let mut positions: Vec<&Position> = network.positions.iter().collect();
    positions.par_sort_by_key(|position| position.staker);
    let operators = of_operators(network, allocations);
    let of = |staker: usize| {
        let first = positions.partition_point(|position| position.staker < staker);
        let own = positions.get(first..).unwrap_or_default().iter().take_while(|position| position.staker == staker);
        of_staker(network, allocations, &operators, own.copied())
    };
    (0..network.stakers.len()).into_par_iter().map(of).collect()
}

fn of_staker<'a>(
    network: &Network,
    allocations: &Allocations,
    operators: &[OfOperator],
    positions: impl Iterator<Item = &'a Position>,
) -> OfStaker {
    let (mut staker, mut promised) = (OfStaker::default(), 0u128);
    let mut by_service: Vec<(usize, u128)> = vec![];
    for position in positions {
        let worth = network.worth(position.token, position.amount);
        let (Some(operator), Some(holding)) =
            (operators.get(position.operator), allocations.holdings.get(position.operator))
        else {
            continue;
        };
        // Losses and degrees are rounded up: nobody risks less than is shown.
        let part = |wad: u128| portion_up(worth, u64::try_from(wad).unwrap_or(u64::MAX)).unwrap_or(u128::MAX);
        staker.value = staker.value.saturating_add(worth);
        staker.worst_loss = staker.worst_loss.saturating_add(part(operator.worst_loss).min(worth));
        promised = promised.saturating_add(part(operator.degree));
        for edge in holding.edges.iter().filter(|edge| edge.takes > 0) {
            let loss = mul_div_up(worth, edge.takes, holding.value).unwrap_or(worth).min(worth);
            match by_service.iter_mut().find(|(service, _)| *service == edge.service) {
                Some((_, sum)) => *sum = sum.saturating_add(loss),
                None => by_service.push((edge.service, loss)),
            }
        }
    }
    staker.degree = mul_div_up(promised, arithmetic::wad::ONE.into(), staker.value).unwrap_or(0);
    staker.services = by_service.len();
    staker.largest = by_service.iter().map(|(_, loss)| *loss).max().unwrap_or(0);
    staker
}
