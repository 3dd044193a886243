//! What people sign: typed data (EIP-712).
//!
//! The domain is `EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)` with version "1".
//! The messages of operators have the name "Restaking Service" and the service's ServiceManager as verifying contract,
//! so a signature counts for one service on one chain; permits have the name and address of their token.

use alloc::vec::Vec;
use alloy_primitives::{b256, keccak256, Address, B256, U256};
use stylus_sdk::prelude::*;

/// keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
const DOMAIN_TYPE: B256 = b256!("8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f");
/// keccak256("Restaking Service")
const NAME: B256 = b256!("436f1a594596dcd4cd89cf3953970ee6b73631a8827d8aa6353f03f5509941f2");
/// keccak256("1")
const VERSION: B256 = b256!("c89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc6");
/// keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)")
const PERMIT_TYPE: B256 = b256!("6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9");
/// keccak256("Attestation(bytes32 task,uint64 taskTime,bytes32 answer)")
const ATTESTATION_TYPE: B256 = b256!("a9d148825d276ea83381a9846605d71012eb8ed99c4f4f3788af228efa940851");
/// keccak256("DataCommitment(bytes32 task,uint64 taskTime,bytes32 root,uint64 leafCount,uint64 firstLeaf,
/// uint64 keptLeaves)"), in one line.
const DATA_COMMITMENT_TYPE: B256 = b256!("328c1a5b14a584a1fdbb244aafa67f38537f04006e8cab02ba99496dbfced6dc");
/// keccak256("Computation(bytes32 task,uint64 taskTime,address program,bytes32 input,bytes32 output,uint64 steps)")
const COMPUTATION_TYPE: B256 = b256!("b9ab4ff41e4459272c59a01668eb2e8eef9f02679af0155001467d50efa09aac");
/// keccak256("KeyBinding(address operator)")
const KEY_BINDING_TYPE: B256 = b256!("55f88fb01e36f0cedb4b048fb0d7ed5bb35806d9e3a2b36beec98fc914c17a7f");

/// The hash to sign for the answer `answer` to the task (`task`, `task_time`) of `service`.
pub fn attestation(vm: &impl Host, service: Address, task: B256, task_time: u64, answer: B256) -> B256 {
    attestation_in(domain_of(vm, service), task, task_time, answer)
}

/// The same in the [`domain_of`] the service.
pub fn attestation_in(domain: B256, task: B256, task_time: u64, answer: B256) -> B256 {
    in_domain(domain, &[ATTESTATION_TYPE, task, word(task_time), answer])
}

/// The hash to sign in the [`domain_of`] a service for data with the Merkle `root`, to the task (`task`, `task_time`):
/// of how many leaves, and which the signer keeps, the first and how many. A type of its own, so that no answer is
/// taken for a commitment.
pub fn data_commitment(domain: B256, task: B256, task_time: u64, root: B256, leaves: [u64; 3]) -> B256 {
    let [leaf_count, first, kept] = leaves.map(word);
    in_domain(domain, &[DATA_COMMITMENT_TYPE, task, word(task_time), root, leaf_count, first, kept])
}

/// The hash to sign in the [`domain_of`] a service for the result of a computation: the task, its time, the program,
/// the states that it leads from and to, and in how many steps, a word each. A type of its own, so that no answer is
/// taken for a result.
pub fn computation(domain: B256, fields: &[B256; 6]) -> B256 {
    let [task, task_time, program, input, output, steps] = *fields;
    in_domain(domain, &[COMPUTATION_TYPE, task, task_time, program, input, output, steps])
}

/// The hash to sign with a signing key that `operator` registers with `service`.
pub fn key_binding(vm: &impl Host, service: Address, operator: Address) -> B256 {
    signed_hash(vm, service, &[KEY_BINDING_TYPE, operator.into_word()])
}

/// The hash to sign for a permit in the domain of a token.
pub fn permit(domain: B256, owner: Address, spender: Address, [value, nonce, deadline]: [U256; 3]) -> B256 {
    let message = [PERMIT_TYPE, owner.into_word(), spender.into_word(), value.into(), nonce.into(), deadline.into()];
    in_domain(domain, &message)
}

/// The hash of the domain of `contract` with the hash `name` of its name.
pub fn domain(vm: &impl Host, name: B256, contract: Address) -> B256 {
    hash_words(&[DOMAIN_TYPE, name, VERSION, word(vm.chain_id()), contract.into_word()])
}

/// The hash of the domain of a service.
pub fn domain_of(vm: &impl Host, service: Address) -> B256 {
    domain(vm, NAME, service)
}

fn signed_hash(vm: &impl Host, service: Address, message: &[B256]) -> B256 {
    in_domain(domain_of(vm, service), message)
}

/// EIP-712: keccak256("\x19\x01" ‖ domainSeparator ‖ hashStruct(message)).
fn in_domain(domain: B256, message: &[B256]) -> B256 {
    let mut bytes = Vec::with_capacity(66);
    bytes.extend_from_slice(b"\x19\x01");
    bytes.extend_from_slice(domain.as_slice());
    bytes.extend_from_slice(hash_words(message).as_slice());
    keccak256(bytes)
}

fn hash_words(words: &[B256]) -> B256 {
    let mut bytes = Vec::with_capacity(words.len().saturating_mul(32));
    words.iter().for_each(|word| bytes.extend_from_slice(word.as_slice()));
    keccak256(bytes)
}

fn word(value: u64) -> B256 {
    B256::left_padding_from(&value.to_be_bytes())
}
