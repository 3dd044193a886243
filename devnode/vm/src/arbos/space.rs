//! How spaces map to slots.

use revm::primitives::{B256, U256, keccak256};
use std::sync::OnceLock;

/// A part of the state with keys of its own.
#[derive(Clone, Debug)]
pub(crate) struct Space {
    /// Empty for the root, else a hash.
    prefix: Vec<u8>,
    /// The slot of zero. It is what most keys need, so that it is derived once for each space that is kept.
    zero: OnceLock<U256>,
}

impl Space {
    /// The space that contains all others.
    pub(crate) const fn root() -> Self {
        Self { prefix: Vec::new(), zero: OnceLock::new() }
    }

    /// The space `id` in this one.
    pub(crate) fn child(&self, id: &[u8]) -> Self {
        Self { prefix: keccak256([&self.prefix, id].concat()).to_vec(), zero: OnceLock::new() }
    }

    /// The slot of `key`: keys that differ in the last byte only stay neighbours.
    pub(crate) fn slot(&self, key: B256) -> U256 {
        let (page, index) = key.split_at(31);
        let mut slot = keccak256([&self.prefix, page].concat());
        slot[31] = index[0];
        slot.into()
    }

    /// The slot of a number.
    pub(crate) fn numbered(&self, number: u64) -> U256 {
        match u8::try_from(number) {
            Ok(index) => *self.zero.get_or_init(|| self.slot(B256::ZERO)) | U256::from(index),
            Err(_) => self.slot(U256::from(number).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use revm::primitives::uint;

    #[test]
    fn neighbours_share_a_page() {
        let space = Space::root().child(&[8]).child(&[0]);
        let (first, last) = (space.numbered(0), space.numbered(255));
        assert_eq!(first >> 8, last >> 8);
        assert_eq!((first & U256::from(255), last & U256::from(255)), (U256::ZERO, U256::from(255)));
        assert_ne!(space.numbered(256) >> 8, first >> 8);
    }

    #[test]
    fn numbers_are_keys() {
        let space = Space::root().child(&[8]);
        for number in [0, 1, 255, 256, u64::MAX] {
            assert_eq!(space.numbered(number), space.slot(U256::from(number).into()));
        }
    }

    #[test]
    fn the_version_is_the_first_slot_of_the_state() {
        // keccak256 of 31 zero bytes, with the last byte replaced by zero.
        let expected = uint!(0x15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b400_U256);
        assert_eq!(Space::root().numbered(0), expected);
    }
}
