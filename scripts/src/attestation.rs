//! What operators sign and challengers present: typed data in the domain of a service.

use alloy::primitives::{Address, B256, Bytes, ChainId, Signature, U256};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{Eip712Domain, SolStruct, SolValue};
use eyre::Result;
use interfaces::IDisputeResolution::{Attestation, Equivocation, SignedAttestation};
use std::collections::BTreeMap;

/// A service on a chain: what its operators' signatures count for.
#[derive(Debug, Clone)]
pub struct Domain(pub(crate) Eip712Domain);

/// A signature in compact form (ERC-2098).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompactSignature {
    /// The x coordinate of the nonce point.
    pub r: B256,
    /// `s`, with the parity in the top bit.
    pub vs: B256,
}

impl From<Signature> for CompactSignature {
    fn from(signature: Signature) -> Self {
        let parity = U256::from(signature.v()) << 255;
        Self { r: signature.r().into(), vs: B256::from(signature.s() | parity) }
    }
}

impl CompactSignature {
    /// Whose key signed `hash`.
    ///
    /// # Errors
    /// If it is no signature.
    pub fn signer(&self, hash: B256) -> Result<Address> {
        let vs = U256::from_be_bytes(self.vs.0);
        let (parity, s) = (vs.bit(255), vs & (U256::MAX >> 1));
        Ok(Signature::new(self.r.into(), s, parity).recover_address_from_prehash(&hash)?)
    }
}

/// Signatures as the Quorum takes them: 64 bytes each, in ascending order of their signers, each once.
///
/// # Errors
/// If one is no signature.
pub fn quorum(signed: impl IntoIterator<Item = (B256, CompactSignature)>) -> Result<Bytes> {
    let mut signatures = BTreeMap::new();
    for (hash, signature) in signed {
        signatures.insert(signature.signer(hash)?, signature);
    }
    let bytes = signatures.into_values().flat_map(|CompactSignature { r, vs }| [r.0, vs.0].concat());
    Ok(bytes.collect::<Vec<u8>>().into())
}

impl Domain {
    /// The domain of the service with the given ServiceManager.
    pub fn new(chain_id: ChainId, service_manager: Address) -> Self {
        Self(Eip712Domain::new(
            Some("Restaking Service".into()),
            Some("1".into()),
            Some(U256::from(chain_id)),
            Some(service_manager),
            None,
        ))
    }

    /// The same as EIP-712 has it.
    pub fn eip712(&self) -> &Eip712Domain {
        &self.0
    }

    /// The hash to sign for an attestation.
    pub fn attestation_hash(&self, attestation: &Attestation) -> B256 {
        attestation.eip712_signing_hash(&self.0)
    }

    /// Signs an answer to the task that was set at `task_time` (Unix seconds).
    ///
    /// # Errors
    /// If the key cannot sign.
    pub fn attest(
        &self,
        key: &PrivateKeySigner,
        task: B256,
        task_time: u64,
        answer: B256,
    ) -> Result<SignedAttestation> {
        let answered = self.answer(&Attestation { task, taskTime: task_time, answer });
        let CompactSignature { r, vs } = answered.sign(key)?;
        Ok(SignedAttestation { task, taskTime: task_time, answer, r, vs })
    }

    /// Proves that a signing key is `operator`'s.
    ///
    /// # Errors
    /// If the key cannot sign.
    pub fn bind_key(&self, key: &PrivateKeySigner, operator: Address) -> Result<CompactSignature> {
        self.key_binding(operator).sign(key)
    }
}

/// The evidence that one operator signed both attestations.
pub fn equivocation(first: SignedAttestation, second: SignedAttestation) -> Bytes {
    Equivocation { first, second }.abi_encode().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy::primitives::{b256, keccak256};
    use interfaces::IBisection::Computation;
    use interfaces::IDisputeResolution::DataCommitment;
    use interfaces::IRegistry::KeyBinding;

    /// The contracts carry these hashes as constants.
    #[test]
    fn the_signed_types_are_the_published_ones() {
        for (text, encoded, hash) in [
            (
                "Attestation(bytes32 task,uint64 taskTime,bytes32 answer)",
                Attestation::eip712_encode_type(),
                b256!("a9d148825d276ea83381a9846605d71012eb8ed99c4f4f3788af228efa940851"),
            ),
            (
                "DataCommitment(bytes32 task,uint64 taskTime,bytes32 root,uint64 leafCount,uint64 firstLeaf,\
                 uint64 keptLeaves)",
                DataCommitment::eip712_encode_type(),
                b256!("328c1a5b14a584a1fdbb244aafa67f38537f04006e8cab02ba99496dbfced6dc"),
            ),
            (
                "Computation(bytes32 task,uint64 taskTime,address program,bytes32 input,bytes32 output,uint64 steps)",
                Computation::eip712_encode_type(),
                b256!("b9ab4ff41e4459272c59a01668eb2e8eef9f02679af0155001467d50efa09aac"),
            ),
            (
                "KeyBinding(address operator)",
                KeyBinding::eip712_encode_type(),
                b256!("55f88fb01e36f0cedb4b048fb0d7ed5bb35806d9e3a2b36beec98fc914c17a7f"),
            ),
        ] {
            assert_eq!(text, encoded);
            assert_eq!(keccak256(text), hash, "{text}");
        }
    }
}
