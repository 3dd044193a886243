//! What operators sign: typed data (EIP-712) in the domain of a service.
//!
//! The domain is `EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)` with the name "Restaking Service", version "1" and
//! the service's ServiceManager as verifying contract, so a signature counts for one service on one chain.

use alloc::vec::Vec;
use alloy_primitives::{b256, keccak256, Address, B256};
use stylus_sdk::prelude::*;

/// keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
const DOMAIN_TYPE: B256 = b256!("8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f");
/// keccak256("Restaking Service")
const NAME: B256 = b256!("436f1a594596dcd4cd89cf3953970ee6b73631a8827d8aa6353f03f5509941f2");
/// keccak256("1")
const VERSION: B256 = b256!("c89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc6");
/// keccak256("Attestation(bytes32 task,uint64 taskTime,bytes32 answer)")
const ATTESTATION_TYPE: B256 = b256!("a9d148825d276ea83381a9846605d71012eb8ed99c4f4f3788af228efa940851");
/// keccak256("KeyBinding(address operator)")
const KEY_BINDING_TYPE: B256 = b256!("55f88fb01e36f0cedb4b048fb0d7ed5bb35806d9e3a2b36beec98fc914c17a7f");

/// The hash to sign for the answer `answer` to the task (`task`, `task_time`) of `service`.
pub fn attestation(vm: &impl Host, service: Address, task: B256, task_time: u64, answer: B256) -> B256 {
    signed_hash(vm, service, &[ATTESTATION_TYPE, task, word(task_time), answer])
}

/// The hash to sign with a signing key that `operator` registers with `service`.
pub fn key_binding(vm: &impl Host, service: Address, operator: Address) -> B256 {
    signed_hash(vm, service, &[KEY_BINDING_TYPE, operator.into_word()])
}

/// EIP-712: keccak256("\x19\x01" ‖ domainSeparator ‖ hashStruct(message)).
fn signed_hash(vm: &impl Host, service: Address, message: &[B256]) -> B256 {
    let domain = hash_words(&[DOMAIN_TYPE, NAME, VERSION, word(vm.chain_id()), service.into_word()]);
    let mut bytes = Vec::from(*b"\x19\x01");
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
