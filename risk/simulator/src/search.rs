//! Attacks on networks that are too large to try everything: what is found can be carried out, what is not found may
//! exist. Bounds say what cannot.

use crate::allocations::{Allocations, Holding};
use crate::attack::{Attack, most_profitable};
use crate::bounds::Bounds;
use arithmetic::wad::ONE;
use rayon::prelude::*;

/// Up to so many operators, every set of them is tried.
const FEW: usize = 10;

/// How often all operators are gone through at most.
const PASSES: usize = 50;

/// A profitable attack, the most profitable that is found. Where the bounds say that there is none, none is looked for.
pub fn profitable_attack(allocations: &Allocations) -> Option<Attack> {
    let bounds = Bounds::of(allocations);
    if bounds.is_secure() {
        return None;
    }
    if allocations.holdings.len() <= FEW {
        return most_profitable(allocations, 0).ok().flatten().filter(Attack::is_profitable);
    }
    // From nobody, from everybody, and from those who could gain.
    let everybody = vec![true; allocations.holdings.len()];
    let nobody = vec![false; allocations.holdings.len()];
    let tempted = bounds.utilisations.iter().map(|utilisation| *utilisation > u128::from(ONE)).collect();
    let found = [nobody, everybody, tempted].into_par_iter().map(|set| improve(allocations, set));
    found.filter(Attack::is_profitable).max_by_key(|attack| attack.profit.saturating_sub(attack.cost))
}

/// Lets operators put in everything, or take it back, one at a time, as long as that is an improvement.
fn improve(allocations: &Allocations, mut set: Vec<bool>) -> Attack {
    let mut missing: Vec<Missing> = allocations.prizes.iter().map(Missing::of).collect();
    for (holding, _) in allocations.holdings.iter().zip(&set).filter(|(_, is_in)| **is_in) {
        put(&mut missing, holding, true);
    }
    for _ in 0..PASSES {
        let mut is_better = false;
        for (holding, is_in) in allocations.holdings.iter().zip(&mut set) {
            // What its services bring with it in, and without.
            let before = worth(&missing, holding);
            put(&mut missing, holding, !*is_in);
            let after = worth(&missing, holding);
            let (with, without) = if *is_in { (before, after) } else { (after, before) };
            let shall_be_in = with.saturating_sub(without) > holding.room;
            if shall_be_in == *is_in {
                put(&mut missing, holding, *is_in);
            } else {
                (*is_in, is_better) = (shall_be_in, true);
            }
        }
        if !is_better {
            break;
        }
    }
    attack(allocations, &set, &missing)
}

/// What is missing of a service's demand.
struct Missing {
    demand: u128,
    put_in: u128,
    profit: u128,
}

impl Missing {
    fn of(prize: &crate::allocations::Prize) -> Self {
        let profit = if prize.is_attackable() { prize.profit } else { 0 };
        Self { demand: prize.demand(), put_in: 0, profit }
    }

    fn amount(&self) -> u128 {
        self.demand.saturating_sub(self.put_in)
    }

    fn gain(&self) -> u128 {
        self.profit.saturating_sub(self.amount())
    }
}

fn put(missing: &mut [Missing], holding: &Holding, is_in: bool) {
    for edge in holding.shared() {
        if let Some(missing) = missing.get_mut(edge.service) {
            let sum =
                if is_in { missing.put_in.checked_add(edge.takes) } else { missing.put_in.checked_sub(edge.takes) };
            missing.put_in = sum.unwrap_or(missing.put_in);
        }
    }
}

fn worth(missing: &[Missing], holding: &Holding) -> u128 {
    let gains = holding.shared().filter_map(|edge| missing.get(edge.service)).map(Missing::gain);
    gains.fold(0, u128::saturating_add)
}

fn attack(allocations: &Allocations, set: &[bool], missing: &[Missing]) -> Attack {
    let mut attack = Attack::default();
    for (place, (holding, _)) in allocations.holdings.iter().zip(set).enumerate().filter(|(_, (_, is_in))| **is_in) {
        attack.saturated.push(place);
        attack.cost = attack.cost.saturating_add(holding.room);
    }
    for (place, missing) in missing.iter().enumerate().filter(|(_, missing)| missing.gain() > 0) {
        attack.services.push(place);
        attack.profit = attack.profit.saturating_add(missing.profit);
        attack.cost = attack.cost.saturating_add(missing.amount());
    }
    attack
}
