//! The price of L1 data, and what was collected for it.

use super::root::get_u64;
use super::{Space, Storage};
use revm::primitives::{Address, U256, address};

/// Who gets what transactions pay for L1 data.
pub(crate) const FUNDS_POOL: Address = address!("0xA4B00000000000000000000000000000000000f6");

/// Units of data since anybody posted the chain to L1.
const UNITS_SINCE_UPDATE: u64 = 6;

/// Wei per unit, a sixteenth of a byte's price.
const PRICE_PER_UNIT: u64 = 7;

/// Wei that the pool was given for data.
const FEES_AVAILABLE: u64 = 11;

/// The L1 pricer. Nobody posts this chain to L1, so that the price only changes when it is set.
#[derive(Clone, Debug)]
pub(crate) struct L1Pricing {
    space: Space,
}

impl L1Pricing {
    /// The pricer in `space`.
    pub(super) fn new(space: Space) -> Self {
        Self { space }
    }

    /// The slot of the wei per unit, for who has a database only.
    pub(crate) fn price_per_unit_slot(&self) -> U256 {
        self.space.numbered(PRICE_PER_UNIT)
    }

    /// Wei per unit.
    pub(crate) fn price_per_unit<S: Storage>(&self, storage: &mut S) -> Result<U256, S::Error> {
        storage.get(self.price_per_unit_slot())
    }

    /// Sets the wei per unit.
    pub(crate) fn set_price_per_unit<S: Storage>(&self, storage: &mut S, price: U256) -> Result<(), S::Error> {
        storage.set(self.price_per_unit_slot(), price)
    }

    /// Notes that a transaction will take this many units on L1.
    pub(crate) fn add_units<S: Storage>(&self, storage: &mut S, units: u64) -> Result<(), S::Error> {
        let slot = self.space.numbered(UNITS_SINCE_UPDATE);
        let sum = get_u64(storage, slot)?.saturating_add(units);
        storage.set(slot, U256::from(sum))
    }

    /// Wei that transactions paid for their data.
    pub(crate) fn fees_available<S: Storage>(&self, storage: &mut S) -> Result<U256, S::Error> {
        storage.get(self.space.numbered(FEES_AVAILABLE))
    }

    /// Notes that a transaction paid `wei` for its data.
    pub(crate) fn add_fees_available<S: Storage>(&self, storage: &mut S, wei: U256) -> Result<(), S::Error> {
        let fees = self.fees_available(storage)?.saturating_add(wei);
        storage.set(self.space.numbered(FEES_AVAILABLE), fees)
    }
}
