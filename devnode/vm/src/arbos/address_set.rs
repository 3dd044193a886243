//! Sets of addresses that can be listed: a counted list, and an index from address to position.

use super::root::{address, get_u64, word};
use super::{Space, Storage};
use revm::primitives::{Address, U256};

/// The number of members is in slot 0; they follow from slot 1 on.
const SIZE: u64 = 0;

/// The index of positions, one-based.
const POSITIONS: &[u8] = &[0];

/// A set of addresses.
#[derive(Clone, Debug)]
pub(crate) struct AddressSet {
    members: Space,
    positions: Space,
}

impl AddressSet {
    /// The set in `space`.
    pub(super) fn new(space: Space) -> Self {
        Self { positions: space.child(POSITIONS), members: space }
    }

    /// Whether `member` is in the set.
    pub(crate) fn contains<S: Storage>(&self, storage: &mut S, member: Address) -> Result<bool, S::Error> {
        Ok(!storage.get(self.position(member))?.is_zero())
    }

    /// The members in the order of their positions, at most `limit`.
    pub(crate) fn members<S: Storage>(&self, storage: &mut S, limit: u64) -> Result<Vec<Address>, S::Error> {
        let size = self.size(storage)?.min(limit);
        (1..=size).map(|position| storage.get(self.members.numbered(position)).map(address)).collect()
    }

    /// Adds `member`, if it is not there.
    pub(crate) fn add<S: Storage>(&self, storage: &mut S, member: Address) -> Result<(), S::Error> {
        if self.contains(storage, member)? {
            return Ok(());
        }
        let position = self.size(storage)?.saturating_add(1);
        storage.set(self.position(member), U256::from(position))?;
        storage.set(self.members.numbered(position), word(member))?;
        // The size is read once more to be increased.
        self.size(storage)?;
        storage.set(self.members.numbered(SIZE), U256::from(position))
    }

    /// Removes `member`, if it is there: the last one takes its position.
    pub(crate) fn remove<S: Storage>(&self, storage: &mut S, member: Address) -> Result<(), S::Error> {
        let position = get_u64(storage, self.position(member))?;
        if position == 0 {
            return Ok(());
        }
        let size = self.size(storage)?;
        storage.set(self.position(member), U256::ZERO)?;
        if position < size {
            let last = storage.get(self.members.numbered(size))?;
            storage.set(self.members.numbered(position), last)?;
            storage.set(self.position(address(last)), U256::from(position))?;
        }
        storage.set(self.members.numbered(size), U256::ZERO)?;
        self.size(storage)?;
        storage.set(self.members.numbered(SIZE), U256::from(size.saturating_sub(1)))
    }

    /// Whether the index and the list agree on `member`, which is in the set.
    pub(crate) fn is_listed<S: Storage>(&self, storage: &mut S, member: Address) -> Result<bool, S::Error> {
        let position = get_u64(storage, self.position(member))?;
        let listed = storage.get(self.members.numbered(position))?;
        Ok(position <= self.size(storage)? && listed == word(member))
    }

    /// How many members there are.
    pub(crate) fn size<S: Storage>(&self, storage: &mut S) -> Result<u64, S::Error> {
        get_u64(storage, self.members.numbered(SIZE))
    }

    fn position(&self, member: Address) -> U256 {
        self.positions.slot(member.into_word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbos::genesis::Genesis;

    #[test]
    fn the_last_member_takes_the_place_of_a_removed_one() {
        let set = AddressSet::new(Space::root().child(&[4]));
        let [a, b, c] = [1, 2, 3].map(Address::with_last_byte);
        let mut storage = Genesis::default();
        for member in [a, b, c, b] {
            set.add(&mut storage, member).unwrap();
        }
        assert_eq!(set.members(&mut storage, 9).unwrap(), [a, b, c]);
        set.remove(&mut storage, a).unwrap();
        assert_eq!(set.members(&mut storage, 9).unwrap(), [c, b]);
        assert!(!set.contains(&mut storage, a).unwrap());
        assert!(set.contains(&mut storage, c).unwrap());
        for member in [a, b, c] {
            set.remove(&mut storage, member).unwrap();
        }
        assert_eq!(storage.slots().len(), 0, "nothing is left behind");
    }
}
