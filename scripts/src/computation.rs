//! What operators sign to give the result of a computation, and what challengers present to doubt it.

use crate::attestation::{CompactSignature, Domain};
use alloy::primitives::{B256, Bytes};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{SolStruct, SolValue};
use eyre::Result;
use interfaces::IBisection::{Computation, Miscomputation};

/// The result of a computation with its signature.
#[derive(Debug, Clone)]
pub struct SignedComputation {
    /// What was signed.
    pub computation: Computation,
    /// By a key of the operator.
    pub signature: CompactSignature,
}

impl Domain {
    /// The hash to sign for the result of a computation.
    pub fn computation_hash(&self, computation: &Computation) -> B256 {
        computation.eip712_signing_hash(&self.0)
    }

    /// Signs the result of a computation.
    ///
    /// # Errors
    /// If the key cannot sign.
    pub fn compute(&self, key: &PrivateKeySigner, computation: Computation) -> Result<SignedComputation> {
        let signature = self.computation(&computation).sign(key)?;
        Ok(SignedComputation { computation, signature })
    }
}

impl SignedComputation {
    /// The evidence that opens a game about it.
    pub fn evidence(&self) -> Bytes {
        let Computation { task, taskTime, program, input, output, steps } = self.computation;
        let CompactSignature { r, vs } = self.signature;
        Miscomputation { task, taskTime, program, input, output, steps, r, vs }.abi_encode().into()
    }
}
