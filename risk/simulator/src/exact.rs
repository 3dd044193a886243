//! The utilisation as exact fractions, for networks that are small enough to hold every attack against it.

use crate::allocations::{Allocations, Holding};
use crate::attack::Attack;
use num_bigint::BigInt;
use num_rational::BigRational;

/// What stake under shared grants is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// What exclusive grants leave: the rule of this protocol.
    Tiers,
    /// All stake, over grants of both tiers: the rule where exclusive grants do not exist.
    Elastic,
}

/// The network's utilisation. `None` where no bound holds.
pub fn utilisation(allocations: &Allocations, rule: Rule) -> Option<BigRational> {
    let ratios: Vec<BigRational> = allocations
        .prizes
        .iter()
        .map(|prize| if prize.is_attackable() { fraction(prize.profit, prize.demand()) } else { fraction(0, 1) })
        .collect();
    let mut largest = ratios.iter().max().cloned().unwrap_or_else(|| fraction(0, 1));
    for holding in &allocations.holdings {
        largest = largest.max(shared(holding, &ratios, rule)?);
    }
    Some(largest)
}

fn shared(holding: &Holding, ratios: &[BigRational], rule: Rule) -> Option<BigRational> {
    let (edges, room) = match rule {
        Rule::Tiers => (holding.shared().collect::<Vec<_>>(), holding.room),
        Rule::Elastic => (holding.edges.iter().collect(), holding.value),
    };
    let mut sum = fraction(0, 1);
    for edge in edges.into_iter().filter(|edge| edge.takes > 0) {
        let ratio = ratios.get(edge.service).cloned().unwrap_or_else(|| fraction(0, 1));
        sum += ratio * whole(edge.takes);
    }
    if room == 0 {
        return (sum == fraction(0, 1)).then_some(sum);
    }
    Some(sum / whole(room))
}

/// Whether an attack costs at least its profit by the utilisation.
pub fn holds(utilisation: &BigRational, attack: &Attack) -> bool {
    whole(attack.profit) <= utilisation * whole(attack.cost)
}

/// The profit of an attack by its cost.
pub fn gain(attack: &Attack) -> Option<BigRational> {
    (attack.cost > 0).then(|| fraction(attack.profit, attack.cost))
}

/// An exact fraction.
pub fn fraction(numerator: u128, denominator: u128) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

fn whole(number: u128) -> BigRational {
    BigRational::from_integer(BigInt::from(number))
}
