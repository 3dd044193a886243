//! The tree that an operator commits to.

use alloc::vec::Vec;
use alloy_primitives::{keccak256, B256};

/// The longest leaf in bytes.
const MAX_LEAF: usize = 4_096;

/// Whether `leaf` is at `index` of the tree with `root` and `leaf_count` leaves. Leaves and nodes are hashed apart, so
/// neither can be passed off as the other.
pub(crate) fn opens(root: B256, leaf_count: u64, index: u64, leaf: &[u8], proof: &[u8]) -> bool {
    let (siblings, rest) = proof.as_chunks::<32>();
    let depth = usize::try_from(depth_of(leaf_count)).unwrap_or(usize::MAX);
    if leaf.len() > MAX_LEAF || !rest.is_empty() || siblings.len() != depth {
        return false;
    }
    let (mut node, mut place) = (hash(&[&[0], leaf]), index);
    for sibling in siblings {
        node = if place & 1 == 0 {
            hash(&[&[1], node.as_slice(), sibling])
        } else {
            hash(&[&[1], sibling, node.as_slice()])
        };
        place >>= 1;
    }
    node == root
}

/// ceil(log2(leaf_count)).
fn depth_of(leaf_count: u64) -> u32 {
    match leaf_count.checked_sub(1) {
        None | Some(0) => 0,
        Some(last) => u64::BITS.saturating_sub(last.leading_zeros()),
    }
}

/// keccak256 of the concatenated parts.
fn hash(parts: &[&[u8]]) -> B256 {
    // Room at once for nodes and short leaves.
    let mut bytes = Vec::with_capacity(80);
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    keccak256(bytes)
}
