//! The price of L1 data. This chain posts nothing: the price can be set and read, and nobody is charged.

use super::{Space, Storage};
use revm::primitives::U256;

/// Wei per unit, a sixteenth of a byte's price.
const PRICE_PER_UNIT: u64 = 7;

/// The L1 pricer.
#[derive(Clone, Debug)]
pub(crate) struct L1Pricing {
    space: Space,
}

impl L1Pricing {
    /// The pricer in `space`.
    pub(super) fn new(space: Space) -> Self {
        Self { space }
    }

    /// Wei per unit.
    pub(crate) fn price_per_unit<S: Storage>(&self, storage: &mut S) -> Result<U256, S::Error> {
        storage.get(self.space.numbered(PRICE_PER_UNIT))
    }

    /// Sets the wei per unit.
    pub(crate) fn set_price_per_unit<S: Storage>(&self, storage: &mut S, price: U256) -> Result<(), S::Error> {
        storage.set(self.space.numbered(PRICE_PER_UNIT), price)
    }
}
