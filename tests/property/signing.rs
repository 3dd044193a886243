//! What operators sign and challengers present: pure functions of the steps of a script.

use crate::action::{Leaf, Task};
use crate::stage::{Stage, Who};
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol_types::SolValue;
use eyre::Result;
use interfaces::IDisputeResolution::{Attestation, Commitment, SignedAttestation};
use interfaces::IRegistry::verifyQuorumCall;
use restake::attestation::equivocation;
use restake::merkle::MerkleTree;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

/// Who signed which hash.
type Signing = (Who, B256);

/// Signatures that were made before, in compact form. A step that is tried on model and chain, or played again, is signed once.
static SIGNED: LazyLock<Mutex<HashMap<Signing, (B256, B256)>>> = LazyLock::new(Mutex::default);

/// The number as a word: task numbers and answers.
fn word(number: u8) -> B256 {
    U256::from(number).into()
}

fn attest(stage: &Stage, service: usize, task: Task, answer: B256, signer: Who) -> Result<SignedAttestation> {
    let hash = hash(stage, service, task, answer);
    let mut signed = SIGNED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((r, vs)) = signed.get(&(signer, hash)) {
        return Ok(SignedAttestation { task: word(task.number), taskTime: task.time, answer, r: *r, vs: *vs });
    }
    let attestation = stage.domains[service].attest(stage.key(signer), word(task.number), task.time, answer)?;
    signed.insert((signer, hash), (attestation.r, attestation.vs));
    Ok(attestation)
}

/// The hash that is signed for an answer.
pub(crate) fn hash(stage: &Stage, service: usize, task: Task, answer: B256) -> B256 {
    let attestation = Attestation { task: word(task.number), taskTime: task.time, answer };
    stage.domains[service].attestation_hash(&attestation)
}

/// The compact signature of an answer.
pub(crate) fn answer(stage: &Stage, service: usize, task: Task, signer: Who) -> Result<[u8; 64]> {
    let signed = attest(stage, service, task, word(1), signer)?;
    let mut compact = [0; 64];
    compact[..32].copy_from_slice(signed.r.as_slice());
    compact[32..].copy_from_slice(signed.vs.as_slice());
    Ok(compact)
}

/// The question whether enough stake signed that answer.
pub(crate) fn quorum(task: Task, signatures: Vec<u8>, threshold: u16) -> verifyQuorumCall {
    let (signatures, answer) = (signatures.into(), word(1));
    verifyQuorumCall { task: word(task.number), taskTime: task.time, answer, signatures, threshold }
}

/// Two answers to one task, signed by one key.
pub(crate) fn accusation(stage: &Stage, service: usize, task: Task, answers: (u8, u8), signer: Who) -> Result<Bytes> {
    let first = attest(stage, service, task, word(answers.0), signer)?;
    let second = attest(stage, service, task, word(answers.1), signer)?;
    Ok(equivocation(first, second))
}

/// A commitment to as many leaves as `leaf` says, one of which is asked for.
pub(crate) fn commitment(stage: &Stage, service: usize, task: Task, leaf: Leaf, signer: Who) -> Result<Bytes> {
    let tree = tree(leaf.of);
    let attestation = attest(stage, service, task, tree.commitment(), signer)?;
    let (root, count, index) = (tree.root(), u64::from(leaf.of), u64::from(leaf.index));
    Ok(Commitment { attestation, root, leafCount: count, index }.abi_encode().into())
}

/// The tree of the data with so many leaves.
pub(crate) fn tree(leaves: u8) -> MerkleTree {
    MerkleTree::new(&(0..leaves).map(|index| content(Leaf { index, of: leaves })).collect::<Vec<_>>())
}

/// What a leaf holds.
pub(crate) fn content(leaf: Leaf) -> Vec<u8> {
    vec![leaf.index; usize::from(leaf.of)]
}

/// The name under which a judgement on `operator` is remembered.
pub(crate) fn name(operator: Address, subject: &[u8]) -> B256 {
    keccak256([operator.as_slice(), subject].concat())
}

/// What is remembered of a proven equivocation.
pub(crate) fn fault(operator: Address, task: Task) -> B256 {
    name(operator, keccak256([word(task.number).as_slice(), &task.time.to_be_bytes()].concat()).as_slice())
}
