//! The price of L1 data, what was collected for it, and who posts it.

use super::root::{address, word};
use super::{AddressSet, Space, Storage};
use revm::primitives::{Address, U256, address};

/// Who gets what transactions pay for L1 data.
pub(crate) const FUNDS_POOL: Address = address!("0xA4B00000000000000000000000000000000000f6");

/// The sequencer's account, which posts the chain to L1.
pub(crate) const BATCH_POSTER: Address = address!("0xA4B000000000000000000073657175656e636572");

/// Who pays for posting, and gets its price back: the slot of what is due, and of who gets it.
const PAY_TO: u64 = 1;

/// A number of the pricer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum L1Parameter {
    /// Units in which a difference between costs and income is to be made up for.
    EquilibrationUnits,
    /// How slowly the price follows.
    Inertia,
    /// Wei per unit for who gets the rewards.
    RewardRate,
    /// When anybody last posted the chain to L1.
    LastUpdateTime,
    /// Rewards that are not paid yet.
    FundsDueForRewards,
    /// Units of data since then.
    UnitsSinceUpdate,
    /// Wei per unit, a sixteenth of a byte's price.
    PricePerUnit,
    /// What was too much the last time.
    LastSurplus,
    /// Gas of a batch besides its data.
    PerBatchGas,
    /// How much of the costs may be charged, in ten thousandths.
    AmortizedCostCap,
    /// Wei that the pool was given for data.
    FeesAvailable,
    /// The least gas per token of call data on the parent chain.
    GasFloorPerToken,
}

/// The parameters of a new chain.
const INITIAL: [(L1Parameter, u64); 4] = [
    (L1Parameter::EquilibrationUnits, 160_000_000),
    (L1Parameter::Inertia, 10),
    (L1Parameter::RewardRate, 10),
    (L1Parameter::PerBatchGas, 210_000),
];

/// The L1 pricer. Nobody posts this chain to L1, so that the price only changes when it is set.
#[derive(Clone, Debug)]
pub(crate) struct L1Pricing {
    space: Space,
    posters: Space,
    poster_info: Space,
    poster_list: AddressSet,
}

impl L1Pricing {
    /// The pricer in `space`.
    pub(super) fn new(space: Space) -> Self {
        let posters = space.child(&[0]);
        let (poster_list, poster_info) = (AddressSet::new(posters.child(&[0])), posters.child(&[1]));
        Self { space, posters, poster_info, poster_list }
    }

    /// Writes the pricer of a new chain.
    pub(super) fn initialize<S: Storage>(&self, storage: &mut S, price: U256) -> Result<(), S::Error> {
        for (parameter, value) in INITIAL {
            self.set(storage, parameter, U256::from(value))?;
        }
        self.set(storage, L1Parameter::PricePerUnit, price)?;
        self.add_poster(storage, BATCH_POSTER)
    }

    /// The slot of one of the numbers, for who has a database only.
    pub(crate) fn slot(&self, parameter: L1Parameter) -> U256 {
        self.space.numbered(match parameter {
            L1Parameter::EquilibrationUnits => 1,
            L1Parameter::Inertia => 2,
            L1Parameter::RewardRate => 3,
            L1Parameter::LastUpdateTime => 4,
            L1Parameter::FundsDueForRewards => 5,
            L1Parameter::UnitsSinceUpdate => 6,
            L1Parameter::PricePerUnit => 7,
            L1Parameter::LastSurplus => 8,
            L1Parameter::PerBatchGas => 9,
            L1Parameter::AmortizedCostCap => 10,
            L1Parameter::FeesAvailable => 11,
            L1Parameter::GasFloorPerToken => 12,
        })
    }

    /// One of the numbers.
    pub(crate) fn get<S: Storage>(&self, storage: &mut S, parameter: L1Parameter) -> Result<U256, S::Error> {
        storage.get(self.slot(parameter))
    }

    /// Sets one of the numbers.
    pub(crate) fn set<S: Storage>(&self, storage: &mut S, parameter: L1Parameter, value: U256) -> Result<(), S::Error> {
        storage.set(self.slot(parameter), value)
    }

    /// Adds to one of the numbers.
    pub(crate) fn add<S: Storage>(&self, storage: &mut S, parameter: L1Parameter, value: U256) -> Result<(), S::Error> {
        let sum = self.get(storage, parameter)?.saturating_add(value);
        self.set(storage, parameter, sum)
    }

    /// Who gets the rewards.
    pub(crate) fn rewards_to<S: Storage>(&self, storage: &mut S) -> Result<Address, S::Error> {
        storage.get(self.space.numbered(0)).map(address)
    }

    /// Sets who gets the rewards.
    pub(crate) fn set_rewards_to<S: Storage>(&self, storage: &mut S, account: Address) -> Result<(), S::Error> {
        storage.set(self.space.numbered(0), word(account))
    }

    /// What is due to all who post.
    pub(crate) fn funds_due<S: Storage>(&self, storage: &mut S) -> Result<U256, S::Error> {
        storage.get(self.posters.numbered(0))
    }

    /// Who posts.
    pub(crate) fn posters(&self) -> &AddressSet {
        &self.poster_list
    }

    /// Adds somebody who posts, who is not there yet, and pays itself.
    pub(crate) fn add_poster<S: Storage>(&self, storage: &mut S, poster: Address) -> Result<(), S::Error> {
        if self.poster_list.contains(storage, poster)? {
            return Ok(());
        }
        let info = self.info(poster);
        storage.set(info.numbered(0), U256::ZERO)?;
        storage.set(info.numbered(PAY_TO), word(poster))?;
        self.poster_list.add(storage, poster)
    }

    /// Who gets what is due to `poster`, if that posts.
    pub(crate) fn pay_to<S: Storage>(&self, storage: &mut S, poster: Address) -> Result<Option<Address>, S::Error> {
        if !self.poster_list.contains(storage, poster)? {
            return Ok(None);
        }
        storage.get(self.info(poster).numbered(PAY_TO)).map(|value| Some(address(value)))
    }

    /// Sets who gets what is due to `poster`.
    pub(crate) fn set_pay_to<S: Storage>(
        &self,
        storage: &mut S,
        poster: Address,
        account: Address,
    ) -> Result<(), S::Error> {
        storage.set(self.info(poster).numbered(PAY_TO), word(account))
    }

    fn info(&self, poster: Address) -> Space {
        self.poster_info.child(poster.as_slice())
    }
}
