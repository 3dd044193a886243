//! An answer to a task: what the chain counts in a quorum, and holds against who gave two.

use super::{Body, Signature};
use alloy::primitives::{Address, B256};
use eyre::Result;
use interfaces::IDisputeResolution::{Attestation, SignedAttestation};
use restake::attestation::{CompactSignature, Domain};
use serde::{Deserialize, Serialize};

/// An attestation with its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Answer {
    /// What was asked.
    pub task: B256,
    /// When (Unix seconds).
    pub task_time: u64,
    /// What was answered.
    pub answer: B256,
    /// By a key of the operator.
    pub signature: Signature,
}

impl Body for Answer {
    const KIND: &'static str = "answer";
}

impl Answer {
    /// What is signed.
    pub fn attestation(&self) -> Attestation {
        Attestation { task: self.task, taskTime: self.task_time, answer: self.answer }
    }

    /// The hash that is signed.
    pub fn hash(&self, domain: &Domain) -> B256 {
        domain.attestation_hash(&self.attestation())
    }

    /// The account of the key that signed it.
    ///
    /// # Errors
    /// If it is not signed.
    pub fn signer(&self, domain: &Domain) -> Result<Address> {
        CompactSignature::from(self.signature).signer(self.hash(domain))
    }

    /// The same as evidence has it.
    pub fn evidence(&self) -> SignedAttestation {
        let CompactSignature { r, vs } = self.signature.into();
        SignedAttestation { task: self.task, taskTime: self.task_time, answer: self.answer, r, vs }
    }
}
