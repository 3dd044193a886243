//! A blob as leaves: any half of them give it back.
//!
//! A header of eight bytes says how long the blob is; header and blob are cut into `k` leaves of the same even length,
//! the last of which are filled up with zeros, and a Reed-Solomon code adds as many again. The length of a leaf follows
//! from the blob and from the number of leaves, so there is one encoding for each number of leaves: whoever has the
//! blob can say whether a root is that of its leaves.

use alloy::primitives::{B256, Bytes};
use reed_solomon_simd::{ReedSolomonEncoder, decode, encode};
use restake::availability::LEAF_BYTES;
use restake::merkle::MerkleTree;
use std::collections::BTreeMap;

/// The fewest leaves before the code adds as many: parts of operators are whole leaves.
const LEAST_ORIGINALS: usize = 16;

/// The same for each operator. Parts that follow each other are rounded down together, by less than a leaf. So signers
/// with two thirds of the stake, who follow each other in at most (operators + 1) / 2 runs, keep more than
/// 2/3 n - (operators + 1) / 2 of the n leaves: half of them, if there are 3 (operators + 1).
const ORIGINALS_PER_OPERATOR: usize = 2;

/// The most leaves before the code adds as many: more would be cut into shards of another field.
const MOST_ORIGINALS: usize = 32_768;

/// The bytes that say how long a blob is.
const HEADER_BYTES: usize = 8;

/// The longest blob that fits the code.
pub const LONGEST_BLOB: usize = MOST_ORIGINALS * LEAF_BYTES - HEADER_BYTES;

/// Why there is no encoding, or nothing to decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodingError {
    /// The blob is longer than [`LONGEST_BLOB`].
    #[error("a blob of {bytes} bytes does not fit: the longest has {LONGEST_BLOB}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// No encoding has so many leaves.
    #[error("no data has {leaves} leaves")]
    LeafCount {
        /// How many.
        leaves: u64,
    },
    /// The leaves of this number would be longer than one may be.
    #[error("{leaves} leaves are too few for a blob of {bytes} bytes")]
    TooFewLeaves {
        /// How many.
        leaves: u64,
        /// The blob's length.
        bytes: usize,
    },
    /// Half of the leaves are needed.
    #[error("{found} leaves do not give the data back: {needed} are needed")]
    Missing {
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// The leaves are those that the root says, but no blob encodes to them: nobody who signed had looked.
    #[error("the leaves are of no blob: whoever signed this root did not look at it")]
    NotEncoded,
}

/// How a blob is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    originals: usize,
    leaf_bytes: usize,
}

impl Shape {
    /// For so many leaves in all.
    fn of(bytes: usize, leaf_count: u64) -> Result<Self, CodingError> {
        if bytes > LONGEST_BLOB {
            return Err(CodingError::TooLong { bytes });
        }
        let originals = originals_of(leaf_count)?;
        let leaf_bytes = bytes.saturating_add(HEADER_BYTES).div_ceil(originals).next_multiple_of(2);
        if leaf_bytes > LEAF_BYTES {
            return Err(CodingError::TooFewLeaves { leaves: leaf_count, bytes });
        }
        Ok(Self { originals, leaf_bytes })
    }
}

/// How many of the leaves are the blob itself, and how many are needed.
fn originals_of(leaf_count: u64) -> Result<usize, CodingError> {
    let originals = usize::try_from(leaf_count / 2).unwrap_or(usize::MAX);
    let is_known = leaf_count.is_multiple_of(2) && ReedSolomonEncoder::supports(originals, originals);
    if is_known && (LEAST_ORIGINALS..=MOST_ORIGINALS).contains(&originals) {
        Ok(originals)
    } else {
        Err(CodingError::LeafCount { leaves: leaf_count })
    }
}

/// How many leaves data must have at least, so that any two thirds of the stake of so many operators keep enough.
pub fn least_leaves(operators: usize) -> u64 {
    let originals = operators.saturating_mul(ORIGINALS_PER_OPERATOR).max(LEAST_ORIGINALS);
    u64::try_from(originals.saturating_mul(2)).unwrap_or(u64::MAX)
}

/// Data with its leaves.
#[derive(Debug, Clone)]
pub struct Encoded {
    leaves: Vec<Vec<u8>>,
    tree: MerkleTree,
}

impl Encoded {
    /// Encodes a blob for so many operators, to the fewest leaves that suit both.
    ///
    /// # Errors
    /// If the blob is too long, or there are too many operators for any number of leaves.
    pub fn new(blob: &[u8], operators: usize) -> Result<Self, CodingError> {
        let originals = blob.len().saturating_add(HEADER_BYTES).div_ceil(LEAF_BYTES);
        let leaves = u64::try_from(originals.saturating_mul(2)).unwrap_or(u64::MAX);
        Self::to(blob, leaves.max(least_leaves(operators)))
    }

    /// Encodes a blob to so many leaves, as a commitment says.
    ///
    /// # Errors
    /// If no encoding of this blob has so many.
    pub fn to(blob: &[u8], leaf_count: u64) -> Result<Self, CodingError> {
        let Shape { originals, leaf_bytes } = Shape::of(blob.len(), leaf_count)?;
        let length = u64::try_from(blob.len()).unwrap_or(u64::MAX);
        let mut padded = Vec::with_capacity(originals.saturating_mul(leaf_bytes));
        padded.extend(length.to_be_bytes());
        padded.extend(blob);
        padded.resize(originals.saturating_mul(leaf_bytes), 0);
        let mut leaves: Vec<_> = padded.chunks(leaf_bytes).map(<[u8]>::to_vec).collect();
        let added = encode(originals, originals, &leaves).map_err(|_| CodingError::LeafCount { leaves: leaf_count })?;
        leaves.extend(added);
        let tree = MerkleTree::new(&leaves);
        Ok(Self { leaves, tree })
    }

    /// The leaves in their order.
    pub fn leaves(&self) -> &[Vec<u8>] {
        &self.leaves
    }

    /// The tree over them.
    pub fn tree(&self) -> &MerkleTree {
        &self.tree
    }

    /// A leaf with its siblings from the bottom up.
    pub fn opening(&self, index: u64) -> Option<(&[u8], Bytes)> {
        let index = usize::try_from(index).ok()?;
        Some((self.leaves.get(index)?, self.tree.proof(index)))
    }
}

/// Gives a blob back from leaves, by their indices, that were each found to be under `root`.
///
/// # Errors
/// If there are fewer than half of them, or `root` is not that of an encoding.
pub fn recover(root: B256, leaf_count: u64, leaves: &BTreeMap<u64, Vec<u8>>) -> Result<Vec<u8>, CodingError> {
    let needed = originals_of(leaf_count)?;
    let mut known: BTreeMap<usize, &Vec<u8>> = BTreeMap::new();
    for (index, leaf) in leaves.range(..leaf_count) {
        known.insert(usize::try_from(*index).map_err(|_| CodingError::LeafCount { leaves: leaf_count })?, leaf);
    }
    if known.len() < needed {
        return Err(CodingError::Missing { found: known.len(), needed });
    }
    let added = known.split_off(&needed);
    let added = added.into_iter().map(|(index, leaf)| (index.saturating_sub(needed), leaf));
    let originals = known.iter().map(|(index, leaf)| (*index, leaf));
    let restored = decode(needed, needed, originals, added).map_err(|_| CodingError::NotEncoded)?;
    let pieces = (0..needed).map(|index| known.get(&index).copied().or_else(|| restored.get(&index)));
    let padded = pieces.collect::<Option<Vec<_>>>().ok_or(CodingError::NotEncoded)?;
    let padded: Vec<u8> = padded.into_iter().flatten().copied().collect();
    let (header, rest) = padded.split_first_chunk::<HEADER_BYTES>().ok_or(CodingError::NotEncoded)?;
    let length = usize::try_from(u64::from_be_bytes(*header)).map_err(|_| CodingError::NotEncoded)?;
    let blob = rest.get(..length).ok_or(CodingError::NotEncoded)?.to_vec();
    match Encoded::to(&blob, leaf_count) {
        Ok(encoded) if encoded.tree.root() == root => Ok(blob),
        _ => Err(CodingError::NotEncoded),
    }
}
