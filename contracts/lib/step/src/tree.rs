//! The trees of a state: 2^32 leaves, of which nearly all are empty.
//!
//! A leaf of bytes is hashed with a 0 before it and a pair of nodes with a 1, so that neither can be passed off as the
//! other. An empty leaf is zero, which is the hash of nothing that anyone knows; where a whole subtree is empty, its
//! root depends on its height alone, so proofs leave it out.

use alloc::vec::Vec;
use alloy_primitives::{B256, keccak256};

/// How many levels are between a leaf and the root: indices are numbers of 32 bits.
pub const DEPTH: usize = 32;

/// A leaf that is not there.
pub const EMPTY: B256 = B256::ZERO;

/// The hash of a leaf.
#[must_use]
pub fn leaf(bytes: Option<&[u8]>) -> B256 {
    bytes.map_or(EMPTY, |bytes| {
        let mut prefixed = Vec::with_capacity(bytes.len().saturating_add(1));
        prefixed.push(0);
        prefixed.extend_from_slice(bytes);
        keccak256(prefixed)
    })
}

/// The hash of two nodes.
#[must_use]
pub fn pair(left: B256, right: B256) -> B256 {
    let mut bytes = [1; 65];
    let [_, nodes @ ..] = &mut bytes;
    for (to, from) in nodes.as_chunks_mut().0.iter_mut().zip([left, right]) {
        *to = from.0;
    }
    keccak256(bytes)
}

/// The roots of empty subtrees by height, from that of a leaf to those right below the root.
#[must_use]
pub fn empty_subtrees() -> [B256; DEPTH] {
    let (mut subtrees, mut root) = ([EMPTY; DEPTH], EMPTY);
    for subtree in &mut subtrees {
        *subtree = root;
        root = pair(root, root);
    }
    subtrees
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_is_never_a_pair_of_nodes_and_bytes_are_never_no_leaf() {
        let (left, right) = (leaf(Some(&[1])), leaf(Some(&[2])));
        let nodes = [left.0, right.0].concat();
        assert_ne!(leaf(Some(&nodes)), pair(left, right));
        assert_ne!(leaf(Some(&[])), leaf(None));
        assert_ne!(leaf(Some(&[0; 32])), leaf(None));
        assert_ne!(pair(left, right), pair(right, left));
    }
}
