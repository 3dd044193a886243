//! A hunt for networks that break a rule: for rules that are proved for other models than this protocol's.

use crate::allocations::Allocations;
use crate::attack::{Attack, for_each_profitable, most_profitable};
use crate::exact::{self, Rule, fraction};
use crate::random::{Grants, small};
use fastrand::Rng;
use num_rational::BigRational;

/// What is held against random networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Where the utilisation is at most one, no attack is profitable.
    Secure(Rule),
    /// Where operators fail, all that follows takes less than what they had by one minus the utilisation.
    LossAfterFailures,
    /// The same where a service takes all that it can.
    LossAfterTakeover,
}

/// What a hunt brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hunt {
    /// How many networks the claim says something about.
    pub tried: usize,
    /// For how many of them it is wrong.
    pub broken: usize,
    /// The smallest of these.
    pub smallest: Option<Counterexample>,
}

/// A network for which a claim is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterexample {
    /// The network before anything happens.
    pub network: Allocations,
    /// The operators, or the service, that fail at first.
    pub failed: Vec<usize>,
    /// What is carried out then.
    pub attacks: Vec<Attack>,
    /// What is lost, and what the claim allows.
    pub lost: u128,
    /// What the claim allows.
    pub allowed: BigRational,
}

/// Holds a claim against so many random networks.
pub fn hunt(claim: Claim, grants: Grants, networks: usize, seed: u64) -> Hunt {
    let (mut rng, mut hunt) = (Rng::with_seed(seed), Hunt::default());
    for _ in 0..networks {
        let network = small(grants, &mut rng);
        let rule = if let Claim::Secure(rule) = claim { rule } else { Rule::Tiers };
        let Some(utilisation) = exact::utilisation(&network, rule) else { continue };
        let found = match claim {
            Claim::Secure(_) if utilisation <= fraction(1, 1) => profit(&network),
            Claim::LossAfterFailures | Claim::LossAfterTakeover if utilisation < fraction(1, 1) => {
                loss(claim, &network, &utilisation)
            }
            _ => continue,
        };
        hunt.tried = hunt.tried.saturating_add(1);
        if let Some(found) = found {
            hunt.broken = hunt.broken.saturating_add(1);
            if hunt.smallest.as_ref().is_none_or(|smallest| found.size() < smallest.size()) {
                hunt.smallest = Some(found);
            }
        }
    }
    hunt
}

impl Counterexample {
    /// Fewer grants are smaller, then less stake.
    fn size(&self) -> (usize, usize, u128) {
        let grants = self.network.holdings.iter().map(|holding| holding.edges.len()).fold(0, usize::saturating_add);
        let parts = self.network.holdings.len().saturating_add(self.network.prizes.len());
        (grants, parts, self.network.value())
    }
}

fn profit(network: &Allocations) -> Option<Counterexample> {
    let attack = most_profitable(network, 0).ok()??;
    attack.is_profitable().then(|| Counterexample {
        network: network.clone(),
        failed: vec![],
        lost: attack.cost,
        allowed: fraction(0, 1),
        attacks: vec![attack],
    })
}

fn loss(claim: Claim, network: &Allocations, utilisation: &BigRational) -> Option<Counterexample> {
    let sets: Vec<Vec<usize>> = match claim {
        Claim::LossAfterTakeover => (0..network.prizes.len()).map(|service| vec![service]).collect(),
        _ => sets(network.holdings.len()),
    };
    for failed in sets {
        let mut after = network.clone();
        for place in &failed {
            match claim {
                Claim::LossAfterTakeover => after.take_over(*place),
                _ => after.fail(*place),
            }
        }
        after.count();
        let shock = network.value().saturating_sub(after.value());
        let allowed = fraction(shock, 1) / (fraction(1, 1) - utilisation);
        let (left, attacks) = worst_cascade(&after);
        let lost = network.value().saturating_sub(left);
        if lost > shock && fraction(lost, 1) >= allowed {
            return Some(Counterexample { network: network.clone(), failed, attacks, lost, allowed });
        }
    }
    None
}

/// All sets of places but the empty one.
fn sets(count: usize) -> Vec<Vec<usize>> {
    let places = |set: u32| (0..count).filter(|place| set >> place & 1 == 1).collect();
    (1u32..1 << count.min(16)).map(places).collect()
}

/// The least that profitable attacks, one after the other, leave of all stake, and these attacks.
fn worst_cascade(network: &Allocations) -> (u128, Vec<Attack>) {
    let mut worst = (network.value(), vec![]);
    // A small network is never too large.
    let _ = for_each_profitable(network, |attack| {
        let mut after = network.clone();
        after.carry_out(attack);
        let (left, mut attacks) = worst_cascade(&after);
        if left < worst.0 {
            attacks.insert(0, attack.clone());
            worst = (left, attacks);
        }
    });
    worst
}
