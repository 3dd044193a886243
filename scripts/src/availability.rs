//! What operators sign to keep data available, and what challengers present to ask for a leaf of it.

use crate::attestation::{CompactSignature, Domain};
use crate::merkle::MerkleTree;
use alloy::primitives::{B256, Bytes};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{SolStruct, SolValue};
use eyre::Result;
use interfaces::IDisputeResolution::{DataCommitment, Unavailability};
use std::collections::BTreeMap;
use std::ops::Range;

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

    /// Signs that all leaves of `tree` are kept available for the task that was set at `task_time` (Unix seconds).
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
        self.commit_to(key, task, task_time, tree, 0..tree.leaf_count())
    }

    /// The same for a part of the leaves, which are all that can be asked for then.
    ///
    /// # Errors
    /// If the key cannot sign.
    pub fn commit_to(
        &self,
        key: &PrivateKeySigner,
        task: B256,
        task_time: u64,
        tree: &MerkleTree,
        kept: Range<u64>,
    ) -> Result<SignedCommitment> {
        let commitment = commitment_of(task, task_time, tree, kept);
        let signature = self.data_commitment(&commitment).sign(key)?;
        Ok(SignedCommitment { commitment, signature })
    }
}

/// What is signed to keep the leaves `kept` of `tree` available, for the task that was set at `task_time`.
pub fn commitment_of(task: B256, task_time: u64, tree: &MerkleTree, kept: Range<u64>) -> DataCommitment {
    DataCommitment {
        task,
        taskTime: task_time,
        root: tree.root(),
        leafCount: tree.leaf_count(),
        firstLeaf: kept.start,
        keptLeaves: kept.end.saturating_sub(kept.start),
    }
}

/// Signatures under commitments to one data as the Quorum takes them: 80 bytes each, in ascending order of their
/// signers, each once.
///
/// # Errors
/// If one is no signature.
pub fn data_quorum(domain: &Domain, signed: impl IntoIterator<Item = SignedCommitment>) -> Result<Bytes> {
    let mut signatures = BTreeMap::new();
    for SignedCommitment { commitment, signature } in signed {
        let CompactSignature { r, vs } = signature;
        let leaves = [commitment.firstLeaf.to_be_bytes(), commitment.keptLeaves.to_be_bytes()].concat();
        let signer = signature.signer(domain.data_commitment_hash(&commitment))?;
        signatures.insert(signer, [&r[..], &vs[..], &leaves].concat());
    }
    Ok(signatures.into_values().flatten().collect::<Vec<u8>>().into())
}

impl SignedCommitment {
    /// The evidence that the leaf at `index` was committed to.
    pub fn leaf(&self, index: u64) -> Unavailability {
        let DataCommitment { task, taskTime, root, leafCount, firstLeaf, keptLeaves } = self.commitment;
        let CompactSignature { r, vs } = self.signature;
        Unavailability { task, taskTime, root, leafCount, firstLeaf, keptLeaves, index, r, vs }
    }
}

/// Encodes the evidence that asks for a leaf.
pub fn unavailability(evidence: &Unavailability) -> Bytes {
    evidence.abi_encode().into()
}
