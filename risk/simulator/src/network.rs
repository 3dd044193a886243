//! Who has stake with whom, and who lets whom take it.

use arithmetic::wad::ONE;
use arithmetic::wide::mul_div_down;

/// Stakers, operators and services. Everything names everything else by its place in these lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Network {
    /// What is staked.
    pub tokens: Vec<Token>,
    /// Who is secured.
    pub services: Vec<Service>,
    /// Who secures.
    pub operators: Vec<Operator>,
    /// The names of stakers.
    pub stakers: Vec<String>,
    /// What each staker has with each operator. What an operator has beyond is of people who are not listed.
    pub positions: Vec<Position>,
}

/// Something to stake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is called.
    pub name: String,
    /// What one unit is worth (wad) in the unit that profits are counted in.
    pub price: u64,
}

/// Somebody who may take stake from operators that fail it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// What it is called.
    pub name: String,
    /// What whoever corrupts it gains, as it says itself.
    pub profit: u128,
    /// The part (wad) of what it counts that must attack for it to fall.
    pub threshold: u64,
    /// The part (wad) of its budgets that it takes from an operator that attacks.
    pub penalty: u64,
}

/// Somebody who serves with the stake of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// What it is called.
    pub name: String,
    /// What budgets are parts of (wad): one, less what was slashed.
    pub magnitude: u64,
    /// Its stake of each token.
    pub stakes: Vec<u128>,
    /// Whom it lets take how much.
    pub grants: Vec<Grant>,
}

/// What an operator lets a service take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The place of the service.
    pub service: usize,
    /// The budget, a part of the magnitude (wad).
    pub budget: u64,
    /// Whether others can take it too.
    pub tier: Tier,
}

/// Whether a budget can be taken by others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Nobody else can take it.
    Exclusive,
    /// All shared budgets are taken from what exclusive ones leave.
    Shared,
}

/// What a staker has with an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The place of the staker.
    pub staker: usize,
    /// The place of the operator.
    pub operator: usize,
    /// The place of the token.
    pub token: usize,
    /// How much of it.
    pub amount: u128,
}

impl Network {
    /// What an amount of a token is worth, rounded down: stake is not overstated.
    pub fn worth(&self, token: usize, amount: u128) -> u128 {
        let price = self.tokens.get(token).map_or(0, |token| token.price);
        mul_div_down(amount, u128::from(price), u128::from(ONE)).unwrap_or(u128::MAX)
    }

    /// What all stake with an operator is worth.
    pub fn value(&self, operator: &Operator) -> u128 {
        let worth = operator.stakes.iter().enumerate().map(|(token, amount)| self.worth(token, *amount));
        worth.fold(0, u128::saturating_add)
    }
}

impl Operator {
    /// The sum of its budgets in a tier (wad).
    pub fn granted(&self, tier: Tier) -> u64 {
        let budgets = self.grants.iter().filter(|grant| grant.tier == tier).map(|grant| grant.budget);
        budgets.fold(0, u64::saturating_add)
    }

    /// What exclusive budgets leave of the magnitude: all that shared ones can take together.
    pub fn shared_room(&self) -> u64 {
        self.magnitude.saturating_sub(self.granted(Tier::Exclusive))
    }

    /// The restaking degree (wad): all its budgets by its magnitude, rounded up.
    pub fn degree(&self) -> u128 {
        let granted = u128::from(self.granted(Tier::Exclusive)).saturating_add(self.granted(Tier::Shared).into());
        arithmetic::wide::mul_div_up(granted, ONE.into(), self.magnitude.into()).unwrap_or(u128::MAX)
    }

    /// The part of its stake (wad) that is lost if every service takes its whole budget, rounded up.
    pub fn worst_loss(&self) -> u128 {
        let shared = self.granted(Tier::Shared).min(self.shared_room());
        let lost = self.granted(Tier::Exclusive).saturating_add(shared).min(self.magnitude);
        arithmetic::wide::mul_div_up(lost.into(), ONE.into(), self.magnitude.into()).unwrap_or(ONE.into())
    }
}
