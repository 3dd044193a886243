//! A list of addresses that contracts can name by their number.

use super::root::{address, get_u64, word};
use super::{Space, Storage};
use revm::primitives::{Address, U256};

/// How many there are is in slot 0; they follow from slot 1 on.
const SIZE: u64 = 0;

/// The table.
#[derive(Clone, Debug)]
pub(crate) struct AddressTable {
    items: Space,
    /// One-based positions by address.
    positions: Space,
}

impl AddressTable {
    /// The table in `space`.
    pub(super) fn new(space: Space) -> Self {
        Self { positions: space.child(&[]), items: space }
    }

    /// How many addresses there are.
    pub(crate) fn size<S: Storage>(&self, storage: &mut S) -> Result<u64, S::Error> {
        get_u64(storage, self.items.numbered(SIZE))
    }

    /// The number of an address, if it is there.
    pub(crate) fn find<S: Storage>(&self, storage: &mut S, item: Address) -> Result<Option<u64>, S::Error> {
        Ok(get_u64(storage, self.positions.slot(item.into_word()))?.checked_sub(1))
    }

    /// The address with this number, if there is one.
    pub(crate) fn get<S: Storage>(&self, storage: &mut S, number: u64) -> Result<Option<Address>, S::Error> {
        if number >= self.size(storage)? {
            return Ok(None);
        }
        storage.get(self.items.numbered(number.saturating_add(1))).map(|value| Some(address(value)))
    }

    /// The number of an address, which is added if it is not there.
    pub(crate) fn register<S: Storage>(&self, storage: &mut S, item: Address) -> Result<u64, S::Error> {
        if let Some(number) = self.find(storage, item)? {
            return Ok(number);
        }
        let number = self.size(storage)?;
        let position = number.saturating_add(1);
        storage.set(self.items.numbered(SIZE), U256::from(position))?;
        storage.set(self.items.numbered(position), word(item))?;
        storage.set(self.positions.slot(item.into_word()), U256::from(position))?;
        Ok(number)
    }
}
