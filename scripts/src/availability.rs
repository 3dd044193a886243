//! What operators sign to keep data available, and what challengers present to ask for a leaf of it.

use crate::attestation::{CompactSignature, Domain};
use crate::merkle::MerkleTree;
use alloy::primitives::{B256, Bytes};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{SolStruct, SolValue};
use eyre::Result;
use interfaces::IDisputeResolution::{DataCommitment, Unavailability};

/// The bytes of a leaf, unless one says otherwise: with its proof it is a cheap transaction.
pub const LEAF_BYTES: usize = 1_024;

/// The most bytes of a leaf that the contract takes.
pub const LONGEST_LEAF: usize = 4_096;

/// Cuts data into leaves of `size` bytes; the last may be shorter. Data without bytes has no leaf.
pub fn leaves(data: &[u8], size: usize) -> Vec<Vec<u8>> {
    data.chunks(size.max(1)).map(<[u8]>::to_vec).collect()
}

/// A data commitment with its signature.
#[derive(Debug, Clone)]
pub struct SignedCommitment {
    /// What was signed.
    pub commitment: DataCommitment,
    /// By a key of the operator.
    pub signature: CompactSignature,
}

impl Domain {
    /// The hash to sign for a data commitment.
    pub fn data_commitment_hash(&self, commitment: &DataCommitment) -> B256 {
        commitment.eip712_signing_hash(&self.0)
    }

    /// Signs that the data of `tree` is kept available for the task that was set at `task_time` (Unix seconds).
    ///
    /// # Errors
    /// If the key cannot sign.
    pub fn commit(
        &self,
        key: &PrivateKeySigner,
        task: B256,
        task_time: u64,
        tree: &MerkleTree,
    ) -> Result<SignedCommitment> {
        let (root, leaf_count) = (tree.root(), tree.leaf_count());
        let commitment = DataCommitment { task, taskTime: task_time, root, leafCount: leaf_count };
        let signature = self.data_commitment(&commitment).sign(key)?;
        Ok(SignedCommitment { commitment, signature })
    }
}

impl SignedCommitment {
    /// The evidence that the leaf at `index` was committed to.
    pub fn leaf(&self, index: u64) -> Unavailability {
        let DataCommitment { task, taskTime, root, leafCount } = self.commitment;
        let CompactSignature { r, vs } = self.signature;
        Unavailability { task, taskTime, root, leafCount, index, r, vs }
    }
}

/// Encodes the evidence that asks for a leaf.
pub fn unavailability(evidence: &Unavailability) -> Bytes {
    evidence.abi_encode().into()
}
