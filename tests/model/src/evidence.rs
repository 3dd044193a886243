//! What operators sign, and challengers present.

use crate::Protocol;
use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::{Eip712Domain, SolStruct};
use interfaces::IDisputeResolution::{Attestation, DataCommitment};

/// The longest leaf (bytes).
const MAX_LEAF: usize = 4_096;

/// Something signed.
#[derive(Debug, Clone)]
pub struct Signed<T> {
    /// What.
    pub message: T,
    /// The account that the signature is by; the zero address for nobody.
    pub signer: Address,
}

/// A leaf, and the way from it to the root.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    /// The leaf.
    pub leaf: Vec<u8>,
    /// Its siblings from the bottom up.
    pub proof: Vec<B256>,
}

impl Opening {
    /// Whether the leaf is at `index` of the tree with this root and so many leaves.
    pub fn opens(&self, root: B256, leaf_count: u64, index: u64) -> bool {
        let depth = usize::try_from(leaf_count.next_power_of_two().trailing_zeros());
        if self.leaf.len() > MAX_LEAF || depth != Ok(self.proof.len()) {
            return false;
        }
        let leaf = keccak256([&[0], self.leaf.as_slice()].concat());
        let node = self.proof.iter().enumerate().fold(leaf, |node, (height, sibling)| {
            let (left, right) = if index >> height & 1 == 0 { (&node, sibling) } else { (sibling, &node) };
            keccak256([&[1], left.as_slice(), right.as_slice()].concat())
        });
        node == root
    }
}

/// The hash that an operator of a service signs to answer.
pub fn attestation_hash(chain_id: u64, service_manager: Address, attestation: &Attestation) -> B256 {
    attestation.eip712_signing_hash(&domain(chain_id, service_manager))
}

/// The hash that an operator of a service signs to keep data available.
pub fn commitment_hash(chain_id: u64, service_manager: Address, commitment: &DataCommitment) -> B256 {
    commitment.eip712_signing_hash(&domain(chain_id, service_manager))
}

fn domain(chain_id: u64, service_manager: Address) -> Eip712Domain {
    let (name, version) = (Some("Restaking Service".into()), Some("1".into()));
    Eip712Domain::new(name, version, Some(U256::from(chain_id)), Some(service_manager), None)
}

impl Protocol {
    /// The name of a judgement on an operator: a fault of a kind, or with a number one of several about the same
    /// subject.
    pub(crate) fn judgement(operator: Address, kind: u8, subject: B256, number: Option<u64>) -> B256 {
        let number = number.map(|number| number.to_be_bytes().to_vec()).unwrap_or_default();
        keccak256([operator.as_slice(), &[kind], subject.as_slice(), &number].concat())
    }
}
