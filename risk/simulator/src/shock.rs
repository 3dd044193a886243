//! What hits a network, and what attacks leave of it.

use crate::allocations::{Allocations, Edge};
use crate::attack::Attack;
use crate::network::{Network, Tier};
use arithmetic::wad::ONE;

/// What happens at first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shock {
    /// Operators lose all their stake.
    Operators(Vec<usize>),
    /// A token is worth less than before, by a part (wad). Profits stay what they are.
    Price {
        /// The place of the token.
        token: usize,
        /// The part that is lost.
        fall: u64,
    },
    /// Somebody took a service over, who takes all that it can of every operator.
    Service(usize),
}

impl Shock {
    /// The network after it.
    pub fn hit(&self, network: &Network) -> Allocations {
        match self {
            Self::Operators(operators) => {
                let mut allocations = Allocations::of(network);
                operators.iter().for_each(|operator| allocations.fail(*operator));
                allocations.count();
                allocations
            }
            Self::Price { token, fall } => {
                let mut after = network.clone();
                if let Some(token) = after.tokens.get_mut(*token) {
                    let left = ONE.saturating_sub(*fall);
                    let price = arithmetic::wad::portion_down(token.price.into(), left);
                    token.price = price.and_then(|price| u64::try_from(price).ok()).unwrap_or(0);
                }
                Allocations::of(&after)
            }
            Self::Service(service) => {
                let mut allocations = Allocations::of(network);
                allocations.take_over(*service);
                allocations
            }
        }
    }
}

impl Allocations {
    /// An operator loses everything.
    pub fn fail(&mut self, operator: usize) {
        if let Some(holding) = self.holdings.get_mut(operator) {
            (holding.value, holding.room) = (0, 0);
            holding.edges.iter_mut().for_each(|edge| edge.takes = 0);
        }
    }

    /// A service takes all that it can of everybody; nothing is to be gained from it any more.
    pub fn take_over(&mut self, service: usize) {
        for place in 0..self.holdings.len() {
            let edges = self.holdings.get(place).map(|holding| holding.edges.clone()).unwrap_or_default();
            for edge in edges.iter().filter(|edge| edge.service == service) {
                self.take(place, edge, edge.takes);
            }
        }
        self.fall(service);
        self.count();
    }

    /// Services fall, and operators lose what they put in. What is missing after those who put in everything is taken
    /// from the others in their order, unit by unit.
    pub fn carry_out(&mut self, attack: &Attack) {
        let mut missing: Vec<u128> = self.prizes.iter().map(|prize| prize.demand()).collect();
        for place in &attack.saturated {
            let edges = self.holdings.get(*place).map(|holding| holding.edges.clone()).unwrap_or_default();
            let shared = edges.iter().filter(|edge| edge.tier == Tier::Shared);
            for edge in shared.filter(|edge| attack.services.contains(&edge.service)) {
                if let Some(missing) = missing.get_mut(edge.service) {
                    *missing = missing.saturating_sub(edge.takes);
                }
                self.take(*place, edge, edge.takes);
            }
        }
        for place in 0..self.holdings.len() {
            let edges = self.holdings.get(place).map(|holding| holding.edges.clone()).unwrap_or_default();
            for edge in edges.iter().filter(|edge| attack.services.contains(&edge.service)) {
                let is_in_already = edge.tier == Tier::Shared && attack.saturated.contains(&place);
                let Some(missing) = missing.get_mut(edge.service).filter(|_| !is_in_already) else { continue };
                let amount = edge.takes.min(*missing);
                *missing = missing.saturating_sub(amount);
                self.take(place, edge, amount);
            }
        }
        attack.services.iter().for_each(|service| self.fall(*service));
        self.count();
    }

    /// An operator loses `amount` under a grant: under a shared one at most what is left for all of them, which the
    /// others then can take less of.
    fn take(&mut self, operator: usize, grant: &Edge, amount: u128) {
        let Some(holding) = self.holdings.get_mut(operator) else { return };
        let lost = match grant.tier {
            Tier::Exclusive => amount,
            Tier::Shared => amount.min(holding.room),
        };
        holding.value = holding.value.saturating_sub(lost);
        match grant.tier {
            Tier::Exclusive => {
                let own = holding.edges.iter_mut().filter(|edge| edge.service == grant.service);
                own.for_each(|edge| edge.takes = edge.takes.saturating_sub(lost));
            }
            Tier::Shared => {
                holding.room = holding.room.saturating_sub(lost);
                let room = holding.room;
                let shared = holding.edges.iter_mut().filter(|edge| edge.tier == Tier::Shared);
                shared.for_each(|edge| edge.takes = edge.takes.min(room));
            }
        }
    }

    /// Nothing more is to be gained from a service.
    fn fall(&mut self, service: usize) {
        if let Some(prize) = self.prizes.get_mut(service) {
            prize.profit = 0;
        }
    }
}
