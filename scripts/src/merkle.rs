//! The tree over the data that an operator keeps available, as
//! [`IDisputeResolution::DataCommitment`](interfaces::IDisputeResolution::DataCommitment) says.

use alloy::primitives::{B256, Bytes, keccak256};

/// A tree over some data, with all its levels: hashes of the leaves first, the root last.
#[derive(Debug, Clone)]
pub struct MerkleTree {
    levels: Vec<Vec<B256>>,
    leaf_count: u64,
}

impl MerkleTree {
    /// The tree over `leaves`; over none it has a root of zero and nothing to open.
    pub fn new(leaves: &[Vec<u8>]) -> Self {
        let mut level: Vec<B256> = leaves.iter().map(|leaf| keccak256([&[0], leaf.as_slice()].concat())).collect();
        level.resize(leaves.len().next_power_of_two(), B256::ZERO);
        let mut levels = vec![level];
        while let Some(pairs) = levels.last().filter(|level| level.len() > 1) {
            let node = |pair: &[B256]| keccak256([&[1], pair.concat().as_slice()].concat());
            levels.push(pairs.chunks(2).map(node).collect());
        }
        Self { levels, leaf_count: u64::try_from(leaves.len()).unwrap_or(u64::MAX) }
    }

    /// The root.
    pub fn root(&self) -> B256 {
        self.levels.last().and_then(|level| level.first()).copied().unwrap_or_default()
    }

    /// How many leaves there are.
    pub fn leaf_count(&self) -> u64 {
        self.leaf_count
    }

    /// The siblings of the leaf at `index`, from the bottom up.
    pub fn proof(&self, index: usize) -> Bytes {
        let siblings = self.levels.iter().enumerate().filter(|(_, level)| level.len() > 1);
        siblings.flat_map(|(height, level)| level[(index >> height) ^ 1]).collect::<Vec<u8>>().into()
    }
}
