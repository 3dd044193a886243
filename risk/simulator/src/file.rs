//! A network as it is written in a file: by names, with amounts in whole units.

use crate::decimal::Decimal;
use crate::network::{Grant, Network, Operator, Position, Service, Tier, Token};
use arithmetic::wad::ONE;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// A network by names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    tokens: Vec<WrittenToken>,
    services: Vec<WrittenService>,
    operators: Vec<WrittenOperator>,
    #[serde(default)]
    stakers: Vec<WrittenStaker>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenToken {
    name: String,
    #[serde(default = "one")]
    price: Decimal,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenService {
    name: String,
    profit: Decimal,
    threshold: Decimal,
    #[serde(default = "one")]
    penalty: Decimal,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenOperator {
    name: String,
    #[serde(default = "one")]
    magnitude: Decimal,
    stakes: BTreeMap<String, Decimal>,
    grants: Vec<WrittenGrant>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGrant {
    service: String,
    budget: Decimal,
    tier: Tier,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenStaker {
    name: String,
    positions: Vec<WrittenPosition>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPosition {
    operator: String,
    token: String,
    amount: Decimal,
}

/// Why a file describes no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// A name stands for nothing.
    #[error("there is no {kind} called '{name}'")]
    Unknown {
        /// What it should be.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// A name stands for two things.
    #[error("two of the {kind}s are called '{name}'")]
    Twice {
        /// What they are.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// A fraction is too large, or nothing.
    #[error("the {what} of '{name}' must be above 0 and at most {most}")]
    OutOfRange {
        /// Which fraction.
        what: &'static str,
        /// Whose.
        name: String,
        /// The largest.
        most: Decimal,
    },
    /// Exclusive budgets are more than there is.
    #[error("the exclusive budgets of '{0}' are more than its magnitude")]
    TooExclusive(String),
    /// Positions are more than the stake that they are of.
    #[error("stakers have more of '{token}' with '{operator}' than its stake")]
    MoreThanStake {
        /// With whom.
        operator: String,
        /// Of what.
        token: String,
    },
}

fn one() -> Decimal {
    Decimal(ONE.into())
}

/// Places by name.
fn places<'a>(
    kind: &'static str,
    names: impl Iterator<Item = &'a String>,
) -> Result<HashMap<&'a str, usize>, FileError> {
    let mut places = HashMap::new();
    for (place, name) in names.enumerate() {
        if places.insert(name.as_str(), place).is_some() {
            return Err(FileError::Twice { kind, name: name.clone() });
        }
    }
    Ok(places)
}

fn find(kind: &'static str, places: &HashMap<&str, usize>, name: &str) -> Result<usize, FileError> {
    places.get(name).copied().ok_or_else(|| FileError::Unknown { kind, name: name.to_owned() })
}

/// A number above zero, at most `most`.
fn within(what: &'static str, name: &str, number: Decimal, most: u64) -> Result<u64, FileError> {
    let wad = u64::try_from(number.0).ok().filter(|wad| (1..=most).contains(wad));
    wad.ok_or_else(|| FileError::OutOfRange { what, name: name.to_owned(), most: Decimal(most.into()) })
}

impl TryFrom<&File> for Network {
    type Error = FileError;

    fn try_from(file: &File) -> Result<Self, FileError> {
        let tokens = places("token", file.tokens.iter().map(|token| &token.name))?;
        let services = places("service", file.services.iter().map(|service| &service.name))?;
        let operators = places("operator", file.operators.iter().map(|operator| &operator.name))?;
        places("staker", file.stakers.iter().map(|staker| &staker.name))?;
        let token = |token: &WrittenToken| {
            let price = within("price", &token.name, token.price, u64::MAX)?;
            Ok(Token { name: token.name.clone(), price })
        };
        let service = |service: &WrittenService| {
            let (name, profit) = (service.name.clone(), service.profit.0);
            let threshold = within("threshold", &name, service.threshold, ONE)?;
            let penalty = within("penalty", &name, service.penalty, ONE)?;
            Ok(Service { name, profit, threshold, penalty })
        };
        let mut network = Self {
            tokens: file.tokens.iter().map(token).collect::<Result<_, _>>()?,
            services: file.services.iter().map(service).collect::<Result<_, _>>()?,
            operators: file.operators.iter().map(|one| operator(one, &tokens, &services)).collect::<Result<_, _>>()?,
            stakers: file.stakers.iter().map(|staker| staker.name.clone()).collect(),
            positions: vec![],
        };
        for (staker, written) in file.stakers.iter().enumerate() {
            for position in &written.positions {
                let operator = find("operator", &operators, &position.operator)?;
                let token = find("token", &tokens, &position.token)?;
                network.positions.push(Position { staker, operator, token, amount: position.amount.0 });
            }
        }
        network.within_stakes()?;
        Ok(network)
    }
}

fn operator(
    written: &WrittenOperator,
    tokens: &HashMap<&str, usize>,
    services: &HashMap<&str, usize>,
) -> Result<Operator, FileError> {
    let name = written.name.clone();
    let magnitude = within("magnitude", &name, written.magnitude, ONE)?;
    let mut operator = Operator { name, magnitude, stakes: vec![0; tokens.len()], grants: vec![] };
    for (token, amount) in &written.stakes {
        if let Some(stake) = operator.stakes.get_mut(find("token", tokens, token)?) {
            *stake = amount.0;
        }
    }
    for grant in &written.grants {
        let service = find("service", services, &grant.service)?;
        let budget = within("budget", &operator.name, grant.budget, magnitude)?;
        if operator.grants.iter().any(|other| other.service == service) {
            return Err(FileError::Twice { kind: "grant", name: grant.service.clone() });
        }
        operator.grants.push(Grant { service, budget, tier: grant.tier });
    }
    if operator.granted(Tier::Exclusive) > magnitude {
        return Err(FileError::TooExclusive(operator.name));
    }
    Ok(operator)
}

impl Network {
    /// Stakers have no more with an operator than it has.
    fn within_stakes(&self) -> Result<(), FileError> {
        let mut sums: HashMap<(usize, usize), u128> = HashMap::new();
        for position in &self.positions {
            let sum = sums.entry((position.operator, position.token)).or_default();
            *sum = sum.saturating_add(position.amount);
            let (operator, token) = (self.operators.get(position.operator), self.tokens.get(position.token));
            let stake = operator.and_then(|operator| operator.stakes.get(position.token));
            if let (Some(operator), Some(token)) = (operator, token)
                && stake.is_none_or(|stake| *sum > *stake)
            {
                let (operator, token) = (operator.name.clone(), token.name.clone());
                return Err(FileError::MoreThanStake { operator, token });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
mod writing;
