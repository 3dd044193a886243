//! What clients and operators tell each other.

use alloy::primitives::{Address, B256};
use alloy::sol;
use eyre::{Result, ensure};
use interfaces::IDisputeResolution::DataCommitment;
use restake::attestation::{CompactSignature, Domain};
use restake::availability::SignedCommitment;
use restake_daemon::message::Signature;
use serde::{Deserialize, Serialize};
use std::ops::Range;

sol! {
    /// Data that operators are asked to keep, as it is posted (ABI-encoded). Its root is not told: the task says it,
    /// and who signs it finds it.
    #[derive(Debug, PartialEq, Eq)]
    struct Dispersal {
        /// The number of the task that is done by keeping it.
        uint64 taskId;
        /// How many leaves it is encoded to.
        uint64 leafCount;
        /// The data.
        bytes blob;
    }
}

/// A commitment with its signature, as it travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Promise {
    /// The task.
    pub task: B256,
    /// When it was set (Unix seconds).
    pub task_time: u64,
    /// The root of the data.
    pub root: B256,
    /// How many leaves it has.
    pub leaf_count: u64,
    /// The first that the signer keeps.
    pub first_leaf: u64,
    /// How many it keeps.
    pub kept_leaves: u64,
    /// By the operator's key.
    pub signature: Signature,
}

impl Promise {
    /// What was signed.
    pub fn commitment(&self) -> DataCommitment {
        DataCommitment {
            task: self.task,
            taskTime: self.task_time,
            root: self.root,
            leafCount: self.leaf_count,
            firstLeaf: self.first_leaf,
            keptLeaves: self.kept_leaves,
        }
    }

    /// The leaves that its signer keeps.
    pub fn part(&self) -> Range<u64> {
        part(&self.commitment())
    }

    /// The same as evidence is made of.
    pub fn signed(&self) -> SignedCommitment {
        SignedCommitment { commitment: self.commitment(), signature: self.signature.into() }
    }

    /// The account of the key that signed it.
    ///
    /// # Errors
    /// If it is not signed, or for leaves that the data does not have.
    pub fn signer(&self, domain: &Domain) -> Result<Address> {
        let end = self.first_leaf.checked_add(self.kept_leaves);
        ensure!(end.is_some_and(|end| end <= self.leaf_count), "it is a promise to keep leaves that there are not");
        CompactSignature::from(self.signature).signer(domain.data_commitment_hash(&self.commitment()))
    }
}

impl From<SignedCommitment> for Promise {
    fn from(SignedCommitment { commitment, signature }: SignedCommitment) -> Self {
        let DataCommitment { task, taskTime, root, leafCount, firstLeaf, keptLeaves } = commitment;
        let (task_time, leaf_count, first_leaf, kept_leaves) = (taskTime, leafCount, firstLeaf, keptLeaves);
        Self { task, task_time, root, leaf_count, first_leaf, kept_leaves, signature: signature.into() }
    }
}

/// The leaves that a commitment names.
pub(crate) fn part(commitment: &DataCommitment) -> Range<u64> {
    commitment.firstLeaf..commitment.firstLeaf.saturating_add(commitment.keptLeaves)
}
