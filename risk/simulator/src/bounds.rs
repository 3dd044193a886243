//! The utilisation of services, operators and the network, as the chain would compute it: in wads, rounded up.

use crate::allocations::{Allocations, Holding};
use arithmetic::risk;
use rayon::prelude::*;

/// What bounds the attacks on a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// What each unit that attacks a service brings, by service.
    pub ratios: Vec<u128>,
    /// By operator.
    pub utilisations: Vec<u128>,
    /// The largest of all.
    pub utilisation: u128,
}

impl Bounds {
    /// Those of a network.
    pub fn of(allocations: &Allocations) -> Self {
        let ratios: Vec<u128> = allocations.prizes.iter().map(|prize| prize.ratio()).collect();
        let utilisations: Vec<u128> =
            allocations.holdings.par_iter().map(|holding| utilisation(holding, &ratios)).collect();
        let utilisation = ratios.iter().chain(&utilisations).copied().max().unwrap_or(0);
        Self { ratios, utilisations, utilisation }
    }

    /// Whether no attack is profitable, by this bound.
    pub fn is_secure(&self) -> bool {
        self.utilisation <= arithmetic::wad::ONE.into()
    }
}

/// The largest ratio of an operator's services, or what its shared grants would bring by the stake that they share.
fn utilisation(holding: &Holding, ratios: &[u128]) -> u128 {
    let ratio = |service: usize| ratios.get(service).copied().unwrap_or(0);
    let largest = holding.edges.iter().map(|edge| ratio(edge.service)).max().unwrap_or(0);
    let parts = holding.shared().map(|edge| risk::shared_part(ratio(edge.service), edge.takes, holding.room));
    largest.max(parts.fold(0, u128::saturating_add))
}
