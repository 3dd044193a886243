//! What operators sign (EIP-712): its hash for keys that are here, its text for signers that are elsewhere.

use crate::attestation::{CompactSignature, Domain};
use alloy::primitives::{Address, B256};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolStruct;
use eyre::Result;
use interfaces::IBisection::Computation;
use interfaces::IDisputeResolution::{Attestation, DataCommitment};
use interfaces::IRegistry::KeyBinding;
use serde_json::{Value, json};

/// Something to sign for a service.
#[derive(Debug, Clone)]
pub struct TypedData {
    /// The hash that is signed.
    pub hash: B256,
    /// The same as signers take it and show it: types, domain and message.
    pub json: Value,
}

impl TypedData {
    /// Signs it with a key that is here.
    ///
    /// # Errors
    /// If the key cannot sign.
    pub fn sign(&self, key: &PrivateKeySigner) -> Result<CompactSignature> {
        Ok(key.sign_hash_sync(&self.hash)?.into())
    }
}

impl Domain {
    /// An answer to a task, to be signed.
    pub fn answer(&self, attestation: &Attestation) -> TypedData {
        let Attestation { task, taskTime, answer } = attestation;
        self.typed(attestation, json!({ "task": task, "taskTime": taskTime, "answer": answer }))
    }

    /// A commitment to data, to be signed.
    pub fn data_commitment(&self, commitment: &DataCommitment) -> TypedData {
        let DataCommitment { task, taskTime, root, leafCount, firstLeaf, keptLeaves } = commitment;
        let message = json!({
            "task": task, "taskTime": taskTime, "root": root,
            "leafCount": leafCount, "firstLeaf": firstLeaf, "keptLeaves": keptLeaves,
        });
        self.typed(commitment, message)
    }

    /// The result of a computation, to be signed.
    pub fn computation(&self, computation: &Computation) -> TypedData {
        let Computation { task, taskTime, program, input, output, steps } = computation;
        let message = json!({
            "task": task, "taskTime": taskTime, "program": program,
            "input": input, "output": output, "steps": steps,
        });
        self.typed(computation, message)
    }

    /// That a key signs for `operator`, to be signed with that key.
    pub fn key_binding(&self, operator: Address) -> TypedData {
        self.typed(&KeyBinding { operator }, json!({ "operator": operator }))
    }

    /// Something else that is signed for the service: `message` is the same as `data`, as JSON. It is of a type without
    /// others in it.
    pub fn typed<T: SolStruct>(&self, data: &T, message: Value) -> TypedData {
        let domain = &self.0;
        let json = json!({
            "types": {
                "EIP712Domain": fields(&domain.encode_type()),
                T::NAME: fields(&T::eip712_encode_type()),
            },
            "primaryType": T::NAME,
            "domain": {
                "name": domain.name,
                "version": domain.version,
                "chainId": domain.chain_id.map(|id| id.saturating_to::<u64>()),
                "verifyingContract": domain.verifying_contract,
            },
            "message": message,
        });
        TypedData { hash: data.eip712_signing_hash(domain), json }
    }
}

/// The fields of a type, as its encoding lists them: `Name(type name,type name)`.
fn fields(encoded: &str) -> Vec<Value> {
    let listed = encoded.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or_default();
    let field = |(kind, name): (&str, &str)| json!({ "name": name, "type": kind });
    listed.split(',').filter_map(|one| one.split_once(' ')).map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signers_elsewhere_are_given_what_is_signed_here() -> Result<()> {
        let domain = Domain::new(412_346, Address::repeat_byte(1));
        let (task, answer, root) = (B256::repeat_byte(2), B256::repeat_byte(3), B256::repeat_byte(4));
        let commitment = DataCommitment { task, taskTime: u64::MAX, root, leafCount: 7, firstLeaf: 2, keptLeaves: 3 };
        for data in [
            domain.answer(&Attestation { task, taskTime: 1, answer }),
            domain.data_commitment(&commitment),
            domain.key_binding(Address::repeat_byte(5)),
        ] {
            let read: alloy_dyn_abi::TypedData = serde_json::from_str(&data.json.to_string())?;
            assert_eq!(read.eip712_signing_hash()?, data.hash, "{}", data.json);
        }
        Ok(())
    }
}
