//! The model of Durvasula and Roughgarden (*Robust Restaking Networks*, ITCS 2025), tried by brute force: services take
//! all stake of an operator that attacks, and an operator attacks with all or nothing.

use crate::allocations::Allocations;
use num_rational::BigRational;
use std::collections::HashMap;

/// A set of operators, or of services, by place.
type Set = u32;

/// A small network in which each grant is for all of an operator's stake.
pub struct AllStake {
    stakes: Vec<u128>,
    services: Vec<Service>,
}

struct Service {
    profit: u128,
    threshold: u64,
    operators: Set,
}

impl AllStake {
    /// A network as this model sees it. `None` where a grant is for less than all stake, or the network is too large.
    pub fn of(allocations: &Allocations) -> Option<Self> {
        let is_small = allocations.holdings.len() <= 8 && allocations.prizes.len() <= 8;
        let mut edges =
            allocations.holdings.iter().flat_map(|holding| holding.edges.iter().map(move |edge| (holding, edge)));
        if !is_small || edges.any(|(holding, edge)| edge.takes != holding.value || holding.room != holding.value) {
            return None;
        }
        let stakes = allocations.holdings.iter().map(|holding| holding.value).collect();
        let operators = |service: usize| {
            let serves = |place: &usize| {
                allocations
                    .holdings
                    .get(*place)
                    .is_some_and(|holding| holding.edges.iter().any(|e| e.service == service))
            };
            (0..allocations.holdings.len()).filter(serves).fold(0, |set, place| set | 1 << place)
        };
        let prizes = allocations.prizes.iter().enumerate();
        let services = prizes.map(|(place, prize)| Service {
            profit: prize.profit,
            threshold: prize.threshold,
            operators: operators(place),
        });
        Some(Self { stakes, services: services.collect() })
    }

    /// The least stake of a coalition that attacks something, by what it gains: one more than the slack. `None` where
    /// nothing can be gained.
    pub fn least_stake_by_profit(&self) -> Option<BigRational> {
        let mut least: Option<BigRational> = None;
        for coalition in self.sets(self.everybody()) {
            let reached = (0..self.services.len()).filter(|place| self.attacks(coalition, *place, self.everybody()));
            let profit: u128 = reached.map(|place| self.profit(1 << place)).sum();
            if profit > 0 {
                let ratio = crate::exact::fraction(self.stake(coalition), profit);
                least = Some(least.map_or(ratio.clone(), |least| least.min(ratio)));
            }
        }
        least
    }

    /// What is lost at most if operators with `lost` of the stake or less fail, and coalitions attack, one after the
    /// other, whenever that is profitable.
    pub fn worst_loss(&self, lost: u128) -> u128 {
        let mut known = HashMap::new();
        let shocks = self.sets(self.everybody()).into_iter().filter(|failed| self.stake(*failed) <= lost);
        let losses = shocks.map(|failed| {
            let rest = self.everybody() & !failed;
            self.stake(failed).saturating_add(self.cascade(rest, full(self.services.len()), &mut known))
        });
        // The shock counts with what was asked, also where no operators have exactly that.
        losses.map(|loss| loss.max(lost)).max().unwrap_or(lost)
    }

    /// The most that operators that are left lose in attacks on services that are left.
    fn cascade(&self, operators: Set, services: Set, known: &mut HashMap<(Set, Set), u128>) -> u128 {
        if let Some(loss) = known.get(&(operators, services)) {
            return *loss;
        }
        let mut worst = 0;
        for coalition in self.sets(operators).into_iter().filter(|coalition| *coalition != 0) {
            let stake = self.stake(coalition);
            for attacked in self.sets(services).into_iter().filter(|attacked| self.profit(*attacked) > stake) {
                let mut places = (0..self.services.len()).filter(|place| attacked >> place & 1 == 1);
                if places.all(|place| self.attacks(coalition, place, operators)) {
                    let later = self.cascade(operators & !coalition, services & !attacked, known);
                    worst = worst.max(stake.saturating_add(later));
                }
            }
        }
        known.insert((operators, services), worst);
        worst
    }

    /// Whether a coalition has the part of a service's stake that it takes, where `operators` are left.
    fn attacks(&self, coalition: Set, service: usize, operators: Set) -> bool {
        self.services.get(service).is_some_and(|service| {
            let served = self.stake(service.operators & operators);
            let needed = arithmetic::wad::portion_up(served, service.threshold).unwrap_or(u128::MAX);
            self.stake(service.operators & coalition) >= needed
        })
    }

    fn everybody(&self) -> Set {
        full(self.stakes.len())
    }

    fn sets(&self, within: Set) -> Vec<Set> {
        (0..=within).filter(|set| set & !within == 0).collect()
    }

    fn stake(&self, operators: Set) -> u128 {
        let stakes = self.stakes.iter().enumerate().filter(|(place, _)| operators >> place & 1 == 1);
        stakes.map(|(_, stake)| *stake).sum()
    }

    fn profit(&self, services: Set) -> u128 {
        let services = self.services.iter().enumerate().filter(|(place, _)| services >> place & 1 == 1);
        services.map(|(_, service)| service.profit).sum()
    }
}

/// The first `count` places.
fn full(count: usize) -> Set {
    (0..count).fold(0, |set, place| set | 1 << place)
}
