//! A leaf with its proof, and whether it is what a root says.

use alloy::primitives::{B256, Bytes, keccak256};
use serde::{Deserialize, Serialize};

/// A leaf of some data, as whoever keeps it gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Which.
    pub index: u64,
    /// Its bytes.
    pub leaf: Bytes,
    /// Its siblings from the bottom up, as a challenge is answered with.
    pub proof: Bytes,
}

impl Opening {
    /// Whether it is the leaf at its index of data of `leaf_count` leaves with this root. The contract looks at the
    /// same.
    pub fn is_of(&self, root: B256, leaf_count: u64) -> bool {
        let depth = leaf_count.checked_next_power_of_two().map_or(0, u64::trailing_zeros);
        let (siblings, rest) = self.proof.as_chunks::<32>();
        if self.index >= leaf_count || !rest.is_empty() || u32::try_from(siblings.len()) != Ok(depth) {
            return false;
        }
        let leaf = keccak256([&[0], &self.leaf[..]].concat());
        let (found, _) = siblings.iter().fold((leaf, self.index), |(node, place), sibling| {
            let (left, right) =
                if place.is_multiple_of(2) { (node.as_slice(), &sibling[..]) } else { (&sibling[..], node.as_slice()) };
            (keccak256([&[1], left, right].concat()), place / 2)
        });
        found == root
    }
}
