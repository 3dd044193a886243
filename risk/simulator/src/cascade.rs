//! What follows from a shock: attacks that became worth it, and others that those make worth it.

use crate::allocations::Allocations;
use crate::bounds::Bounds;
use crate::network::Network;
use crate::search::profitable_attack;
use crate::shock::Shock;

/// What happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cascade {
    /// The value of all stake before.
    pub before: u128,
    /// The shock, and each attack after it.
    pub rounds: Vec<Round>,
}

/// The network after the shock, or after an attack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// How many services fell in it.
    pub fallen: usize,
    /// How many operators lost something.
    pub hit: usize,
    /// What the attackers gained.
    pub profit: u128,
    /// What was lost in it.
    pub lost: u128,
    /// What is left of all stake.
    pub left: u128,
    /// The utilisation of what is left.
    pub utilisation: u128,
}

impl Cascade {
    /// Lets a shock hit a network, and then carries out the most profitable attack that is found, until none is. What
    /// is lost is what can be lost at least: the worst order of attacks may take more.
    pub fn after(shock: &Shock, network: &Network) -> Self {
        let initial = Allocations::of(network);
        let mut allocations = shock.hit(network);
        let fallen = usize::from(matches!(shock, Shock::Service(_)));
        let mut cascade = Self { before: initial.value(), rounds: vec![Round::of(&initial, &allocations, fallen, 0)] };
        // Each attack ends at least one service.
        for _ in 0..network.services.len() {
            let Some(attack) = profitable_attack(&allocations) else { break };
            let earlier = allocations.clone();
            allocations.carry_out(&attack);
            cascade.rounds.push(Round::of(&earlier, &allocations, attack.services.len(), attack.profit));
        }
        cascade
    }

    /// What was lost of all stake, the shock included.
    pub fn lost(&self) -> u128 {
        self.rounds.iter().map(|round| round.lost).fold(0, u128::saturating_add)
    }
}

impl Round {
    fn of(before: &Allocations, after: &Allocations, fallen: usize, profit: u128) -> Self {
        let holdings = before.holdings.iter().zip(&after.holdings);
        let losses = holdings.map(|(before, after)| before.value.saturating_sub(after.value));
        let (hit, lost) = losses.fold((0usize, 0u128), |(hit, sum), lost| {
            (hit.saturating_add(usize::from(lost > 0)), sum.saturating_add(lost))
        });
        let utilisation = Bounds::of(after).utilisation;
        Self { fallen, hit, profit, lost, left: after.value(), utilisation }
    }
}
