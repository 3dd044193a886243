//! The messages to L1, as a Merkle tree that grows: of each level there is at most one hash that waits for its
//! neighbour.

use super::root::get_u64;
use super::{Space, Storage};
use revm::primitives::{B256, U256, keccak256};

/// How many messages there are is in slot 0; the hashes that wait follow from slot 2 on, one for each level.
const SIZE: u64 = 0;
const FIRST_LEVEL: u64 = 2;

/// The tree.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    space: Space,
}

/// A new node of the tree, above the lowest level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) level: u64,
    /// The number of the message that made it.
    pub(crate) leaf: u64,
    pub(crate) hash: B256,
}

impl Outbox {
    /// The tree in `space`.
    pub(super) fn new(space: Space) -> Self {
        Self { space }
    }

    /// How many messages there are.
    pub(crate) fn size<S: Storage>(&self, storage: &mut S) -> Result<u64, S::Error> {
        get_u64(storage, self.space.numbered(SIZE))
    }

    /// Adds a message by its hash. Returns the nodes that this makes. `pay` is due for each hash of two nodes.
    pub(crate) fn append<S: Storage>(
        &self,
        storage: &mut S,
        message: B256,
        pay: impl Fn(&mut S) -> Result<(), S::Error>,
    ) -> Result<Vec<Node>, S::Error> {
        let leaf = self.size(storage)?;
        storage.set(self.space.numbered(SIZE), U256::from(leaf.saturating_add(1)))?;
        let (mut nodes, mut hash) = (Vec::new(), keccak256(message));
        for level in 0..levels(leaf) {
            let slot = self.level(level);
            let left = B256::from(storage.get(slot)?);
            if left.is_zero() {
                storage.set(slot, hash.into())?;
                return Ok(nodes);
            }
            pay(storage)?;
            hash = keccak256([left, hash].concat());
            storage.set(slot, U256::ZERO)?;
            nodes.push(Node { level: level.saturating_add(1), leaf, hash });
        }
        storage.set(self.level(levels(leaf)), hash.into())?;
        Ok(nodes)
    }

    /// The hashes that wait, from the lowest level up. Those that do not are zero.
    pub(crate) fn waiting<S: Storage>(&self, storage: &mut S) -> Result<Vec<B256>, S::Error> {
        let size = self.size(storage)?;
        (0..levels(size)).map(|level| storage.get(self.level(level)).map(B256::from)).collect()
    }

    fn level(&self, level: u64) -> U256 {
        self.space.numbered(FIRST_LEVEL.saturating_add(level))
    }
}

/// The root of the tree in which these hashes wait. What is missing on the right counts as zero.
pub(crate) fn root(waiting: &[B256]) -> B256 {
    let mut root: Option<(B256, usize)> = None;
    for (level, hash) in waiting.iter().enumerate().filter(|(_, hash)| !hash.is_zero()) {
        let next = match root {
            // The lowest one is a tree by itself.
            None => (*hash, level),
            Some((right, height)) => {
                let right = (height..level).fold(right, |right, _| keccak256([right, B256::ZERO].concat()));
                (keccak256([*hash, right].concat()), level.saturating_add(1))
            }
        };
        root = Some(next);
    }
    root.map_or(B256::ZERO, |(root, _)| root)
}

/// How many levels a tree of so many messages has.
fn levels(size: u64) -> u64 {
    u64::from(u64::BITS - size.leading_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbos::genesis::Genesis;

    fn pair(left: B256, right: B256) -> B256 {
        keccak256([left, right].concat())
    }

    #[test]
    fn the_tree_grows_by_its_right_side() {
        let (outbox, mut storage) = (Outbox::new(Space::root().child(&[5])), Genesis::default());
        let messages = [1, 2, 3].map(B256::repeat_byte);
        let [a, b, c] = messages.map(keccak256);
        let mut made = Vec::new();
        for message in messages {
            let Ok(nodes) = outbox.append(&mut storage, message, |_| Ok(()));
            made.push(nodes);
        }
        assert_eq!(made, [vec![], vec![Node { level: 1, leaf: 1, hash: pair(a, b) }], vec![]]);
        let Ok(waiting) = outbox.waiting(&mut storage);
        assert_eq!(waiting, [c, pair(a, b)]);
        assert_eq!(root(&waiting), pair(pair(a, b), pair(c, B256::ZERO)));
        assert_eq!(root(&[a]), a);
        assert_eq!(root(&[]), B256::ZERO);
    }
}
