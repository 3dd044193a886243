//! The names under which contracts store what has no number: hashes of what it is.

use alloc::vec::Vec;
use alloy_primitives::{keccak256, Address, B256};

/// The id of `operator`'s active pool in `token`: keccak256(operator ‖ token).
pub fn pool(operator: Address, token: Address) -> B256 {
    hash(&[operator.as_slice(), token.as_slice()])
}

/// The id of the bucket of a pool that is released at `release_epoch`: keccak256("bucket" ‖ pool id ‖ epoch). The
/// preimage of a pool's id is shorter, so the two kinds of id never meet.
pub fn bucket(pool: B256, release_epoch: u64) -> B256 {
    hash(&[b"bucket", pool.as_slice(), &release_epoch.to_be_bytes()])
}

/// The id of a staker's withdrawal from a pool: keccak256(staker ‖ operator ‖ token ‖ release epoch).
pub fn withdrawal(staker: Address, operator: Address, token: Address, release_epoch: u64) -> B256 {
    hash(&[staker.as_slice(), operator.as_slice(), token.as_slice(), &release_epoch.to_be_bytes()])
}

/// The id of what is set aside of `token` for `claimant` until `release_epoch`: keccak256("funds" ‖ claimant ‖ token ‖
/// epoch). No other preimage has that length.
pub fn funds(claimant: Address, token: Address, release_epoch: u64) -> B256 {
    hash(&[b"funds", claimant.as_slice(), token.as_slice(), &release_epoch.to_be_bytes()])
}

/// The id of a judgement about `operator`: keccak256(operator ‖ kind ‖ subject ‖ number). Ids of two kinds of faults
/// never meet; one kind tells its judgements apart by the length of the number.
pub fn judgement(operator: Address, kind: u8, subject: B256, number: &[u8]) -> B256 {
    hash(&[operator.as_slice(), &[kind], subject.as_slice(), number])
}

fn hash(parts: &[&[u8]]) -> B256 {
    // Room at once, and for the longest of them: memory that grows is never used again.
    let mut bytes = Vec::with_capacity(72);
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    keccak256(bytes)
}
