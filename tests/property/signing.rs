//! Signatures: what a chain wants to see of the evidence that steps speak of.

use crate::action::{Key, Leaf, Task};
use crate::evidence;
use crate::stage::Stage;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::signers::SignerSync;
use alloy::sol_types::{SolStruct, eip712_domain};
use eyre::Result;
use interfaces::IDisputeResolution::SignedAttestation;
use interfaces::IERC20Permit::Permit;
use restake::attestation::{CompactSignature, Domain, equivocation};
use restake::availability::{SignedCommitment, unavailability};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

/// Who signed which hash.
type Signing = (Key, B256);

/// Signatures that were made before. A step that is tried on model and chain, or played again, is signed once.
static SIGNED: LazyLock<Mutex<HashMap<Signing, CompactSignature>>> = LazyLock::new(Mutex::default);

fn domain(stage: &Stage, service: usize) -> Domain {
    Domain::new(stage.setup.chain_id, stage.setup.services[service].contracts.service_manager)
}

/// A signature that was made before, or is made now.
fn remembered(key: Key, hash: B256, sign: impl FnOnce() -> Result<CompactSignature>) -> Result<CompactSignature> {
    let mut signed = SIGNED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(signature) = signed.get(&(key, hash)) {
        return Ok(*signature);
    }
    let signature = sign()?;
    signed.insert((key, hash), signature);
    Ok(signature)
}

fn attest(stage: &Stage, service: usize, task: Task, answer: u8, key: Key) -> Result<SignedAttestation> {
    let (domain, message) = (domain(stage, service), evidence::attestation(task, answer));
    let (task, time, answer) = (message.task, message.taskTime, message.answer);
    let signature = remembered(key, domain.attestation_hash(&message), || {
        let signed = domain.attest(stage.key(key), task, time, answer)?;
        Ok(CompactSignature { r: signed.r, vs: signed.vs })
    })?;
    Ok(SignedAttestation { task, taskTime: time, answer, r: signature.r, vs: signature.vs })
}

/// The compact signature of an answer.
pub(crate) fn answer(stage: &Stage, service: usize, task: Task, key: Key) -> Result<[u8; 64]> {
    let signed = attest(stage, service, task, 1, key)?;
    let mut compact = [0; 64];
    compact[..32].copy_from_slice(signed.r.as_slice());
    compact[32..].copy_from_slice(signed.vs.as_slice());
    Ok(compact)
}

/// Two answers to one task, signed by one key.
pub(crate) fn accusation(stage: &Stage, service: usize, task: Task, answers: (u8, u8), key: Key) -> Result<Bytes> {
    let first = attest(stage, service, task, answers.0, key)?;
    Ok(equivocation(first, attest(stage, service, task, answers.1, key)?))
}

/// A commitment to as many leaves as `leaf` says, one of which is asked for.
pub(crate) fn commitment(stage: &Stage, service: usize, task: Task, leaf: Leaf, key: Key) -> Result<Bytes> {
    let (domain, message) = (domain(stage, service), evidence::commitment(task, leaf));
    let signature = remembered(key, domain.data_commitment_hash(&message), || {
        let (tree, kept) = (evidence::tree(leaf.of), 0..message.keptLeaves);
        Ok(domain.commit_to(stage.key(key), message.task, message.taskTime, &tree, kept)?.signature)
    })?;
    let signed = SignedCommitment { commitment: message, signature };
    Ok(unavailability(&signed.leaf(u64::from(leaf.index))))
}

/// The proof that a key is an operator's.
pub(crate) fn binding(stage: &Stage, service: usize, key: Key, operator: Address) -> Result<CompactSignature> {
    domain(stage, service).bind_key(stage.key(key), operator)
}

/// The signature of a permit in three parts.
pub(crate) fn permit(stage: &Stage, token: Address, permit: &Permit, key: Option<Key>) -> Result<(u8, B256, B256)> {
    let Some(key) = key else { return Ok((27, B256::ZERO, B256::ZERO)) };
    let domain = eip712_domain! {
        name: "Liquid Staked Ether",
        version: "1",
        chain_id: stage.setup.chain_id,
        verifying_contract: token,
    };
    let signature = stage.key(key).sign_hash_sync(&permit.eip712_signing_hash(&domain))?;
    let parity = if signature.v() { 28 } else { 27 };
    Ok((parity, B256::from(signature.r()), B256::from(signature.s())))
}

/// A word of a number.
pub(crate) fn word(number: u8) -> B256 {
    U256::from(number).into()
}
