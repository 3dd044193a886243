//! Attacks, all of them: what the cheapest and the most profitable cost, found by trying every set of operators.
//!
//! What an operator loses is concave in what it puts in, so some cheapest attack has operators that put in everything
//! under shared grants, at the price of their room, and others that pay unit by unit. With the first ones chosen, what
//! is missing of each service's demand is paid unit by unit, so services are chosen one by one.

use crate::allocations::{Allocations, Edge, Holding};

/// More operators than this are not tried: that would take minutes.
pub const MOST_OPERATORS: usize = 20;

/// Services that fall together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attack {
    /// The places of operators that put in everything under shared grants.
    pub saturated: Vec<usize>,
    /// The places of the services.
    pub services: Vec<usize>,
    /// What the services bring.
    pub profit: u128,
    /// What operators lose.
    pub cost: u128,
}

impl Attack {
    /// Whether it brings more than it costs.
    pub fn is_profitable(&self) -> bool {
        self.profit > self.cost
    }

    /// Whether its profit by its cost is above another's, exactly. Both products of a small network fit.
    fn beats(&self, other: &Self) -> bool {
        let product = |profit: u128, cost: u128| profit.saturating_mul(cost);
        self.profit > 0 && (other.profit == 0 || product(self.profit, other.cost) > product(other.profit, self.cost))
    }

    /// What is left of its profit after its cost and a briber's money, if that is not less than nothing.
    fn net(&self, budget: u128) -> Option<u128> {
        self.profit.saturating_add(budget).checked_sub(self.cost)
    }
}

/// Why not everything is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} operators are too many to try every set of them: at most {MOST_OPERATORS}")]
pub struct TooMany(pub usize);

/// The attack with the largest profit by cost. `None` where nothing can be gained.
pub fn best_ratio(allocations: &Allocations) -> Result<Option<Attack>, TooMany> {
    let mut best = Attack::default();
    for_each_set(allocations, |saturated, cost, missing| {
        // The best set of services for a ratio takes the best first.
        let mut services: Vec<(usize, u128, u128)> = attackable(allocations, missing).collect();
        services.sort_by(|(_, a, missing_a), (_, b, missing_b)| {
            b.saturating_mul(*missing_a).cmp(&a.saturating_mul(*missing_b))
        });
        let mut attack = Attack { saturated: saturated.to_vec(), cost, ..Attack::default() };
        for (service, profit, missing) in services {
            attack.services.push(service);
            attack.profit = attack.profit.saturating_add(profit);
            attack.cost = attack.cost.saturating_add(missing);
            if attack.beats(&best) {
                best = attack.clone();
            }
        }
    })?;
    Ok((!best.services.is_empty()).then_some(best))
}

/// The attack that leaves an attacker with `budget` the most, if there is one that does not ruin it.
pub fn most_profitable(allocations: &Allocations, budget: u128) -> Result<Option<Attack>, TooMany> {
    let mut best: Option<Attack> = None;
    for_each_set(allocations, |saturated, cost, missing| {
        let mut attack = Attack { saturated: saturated.to_vec(), cost, ..Attack::default() };
        let mut least_bad: Option<(usize, u128, u128)> = None;
        for (service, profit, missing) in attackable(allocations, missing) {
            if profit > missing {
                attack.services.push(service);
                attack.profit = attack.profit.saturating_add(profit);
                attack.cost = attack.cost.saturating_add(missing);
            } else if least_bad.is_none_or(|(_, other, lacking)| missing.abs_diff(profit) < lacking.abs_diff(other)) {
                least_bad = Some((service, profit, missing));
            }
        }
        // An attack is one on something: a budget that nothing is worth is kept.
        if let (true, Some((service, profit, missing))) = (attack.services.is_empty(), least_bad) {
            (attack.services, attack.profit) = (vec![service], profit);
            attack.cost = attack.cost.saturating_add(missing);
        }
        let is_better = attack.net(budget) > best.as_ref().and_then(|best| best.net(budget));
        if !attack.services.is_empty() && is_better {
            best = Some(attack);
        }
    })?;
    Ok(best)
}

/// Calls `look` with every profitable attack, by every set of operators that put in everything, on every set of
/// services.
pub fn for_each_profitable(allocations: &Allocations, mut look: impl FnMut(&Attack)) -> Result<(), TooMany> {
    for_each_set(allocations, |saturated, cost, missing| {
        let services: Vec<(usize, u128, u128)> = attackable(allocations, missing).collect();
        for set in 1u32..1u32.checked_shl(u32::try_from(services.len()).unwrap_or(u32::MAX)).unwrap_or(0) {
            let mut attack = Attack { saturated: saturated.to_vec(), cost, ..Attack::default() };
            for (_, (service, profit, missing)) in services.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1) {
                attack.services.push(*service);
                attack.profit = attack.profit.saturating_add(*profit);
                attack.cost = attack.cost.saturating_add(*missing);
            }
            if attack.is_profitable() {
                look(&attack);
            }
        }
    })
}

/// Services that can be attacked, with their profit and what is missing.
fn attackable(allocations: &Allocations, missing: &[u128]) -> impl Iterator<Item = (usize, u128, u128)> {
    let prizes = allocations.prizes.iter().zip(missing).enumerate();
    prizes
        .filter(|(_, (prize, _))| prize.is_attackable())
        .map(|(place, (prize, lacking))| (place, prize.profit, *lacking))
}

/// Goes through all sets of operators that have something to share: who they are, what they lose, and what is missing
/// of each service's demand.
fn for_each_set(allocations: &Allocations, mut look: impl FnMut(&[usize], u128, &[u128])) -> Result<(), TooMany> {
    let sharing = |holding: &Holding| holding.shared().any(|edge| edge.takes > 0);
    let holdings = allocations.holdings.iter().enumerate().filter(|(_, holding)| sharing(holding));
    let sharers: Vec<(usize, &Holding)> = holdings.collect();
    if sharers.len() > MOST_OPERATORS {
        return Err(TooMany(sharers.len()));
    }
    let demands: Vec<u128> = allocations.prizes.iter().map(|prize| prize.demand()).collect();
    for set in 0u32..1 << sharers.len() {
        let (mut saturated, mut cost, mut missing) = (Vec::new(), 0u128, demands.clone());
        for (bit, (place, holding)) in sharers.iter().enumerate() {
            if set >> bit & 1 == 1 {
                saturated.push(*place);
                cost = cost.saturating_add(holding.room);
                holding.shared().for_each(|edge| take(&mut missing, edge));
            }
        }
        look(&saturated, cost, &missing);
    }
    Ok(())
}

fn take(missing: &mut [u128], edge: &Edge) {
    if let Some(missing) = missing.get_mut(edge.service) {
        *missing = missing.saturating_sub(edge.takes);
    }
}

#[cfg(test)]
mod tests;
