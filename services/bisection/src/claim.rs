//! The result of a computation as an operator publishes it: signed, with what it was computed from.

use alloy::primitives::{Address, B256, Bytes};
use eyre::Result;
use interfaces::IBisection::Computation;
use restake::attestation::{CompactSignature, Domain};
use restake::computation::SignedComputation;
use restake_daemon::message::{Body, Signature};
use serde::{Deserialize, Serialize};

/// A result with its signature and its data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Claim {
    /// What was asked.
    pub task: B256,
    /// When (Unix seconds).
    pub task_time: u64,
    /// The program of a step.
    pub program: Address,
    /// The state that it begins in.
    pub input: B256,
    /// The state that it ends in.
    pub output: B256,
    /// In how many steps.
    pub steps: u64,
    /// What the first state is made of.
    pub data: Bytes,
    /// By a key of the operator; the data is not signed, and need not be: its first state is.
    pub signature: Signature,
}

impl Body for Claim {
    const KIND: &'static str = "computation";
}

impl Claim {
    /// What was signed.
    pub fn computation(&self) -> Computation {
        let Self { task, task_time, program, input, output, steps, .. } = *self;
        Computation { task, taskTime: task_time, program, input, output, steps }
    }

    /// The hash that was signed.
    pub fn hash(&self, domain: &Domain) -> B256 {
        domain.computation_hash(&self.computation())
    }

    /// The account of the key that signed it.
    ///
    /// # Errors
    /// If it is not signed.
    pub fn signer(&self, domain: &Domain) -> Result<Address> {
        CompactSignature::from(self.signature).signer(self.hash(domain))
    }

    /// The same as challengers present it.
    pub fn signed(&self) -> SignedComputation {
        SignedComputation { computation: self.computation(), signature: self.signature.into() }
    }
}
