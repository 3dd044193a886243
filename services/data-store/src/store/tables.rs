//! How a store is written.

use super::StoreError;
use crate::cursor;
use crate::opening::Opening;
use alloy::sol_types::SolValue;
use interfaces::IDisputeResolution::DataCommitment;
use redb::{MultimapTableDefinition, ReadableMultimapTable, ReadableTable, TableDefinition, WriteTransaction};
use std::ops::Range;

/// Commitments by their hashes, ABI-encoded.
pub(super) const COMMITMENTS: TableDefinition<[u8; 32], &[u8]> = TableDefinition::new("commitments");

/// The hashes of the commitments to a root.
pub(super) const ROOTS: MultimapTableDefinition<[u8; 32], [u8; 32]> = MultimapTableDefinition::new("roots");

/// When a commitment expires, with its hash.
pub(super) const EXPIRIES: TableDefinition<(u64, [u8; 32]), ()> = TableDefinition::new("expiries");

/// Leaves by root and index, with their proofs: each can be given away without another.
pub(super) const LEAVES: TableDefinition<([u8; 32], u64), &[u8]> = TableDefinition::new("leaves");

/// A commitment's hash, the leaf, the deadline, and the hash of the transaction that asked.
type Challenge = ([u8; 32], u64, u64, [u8; 32]);

/// Challenges by their numbers.
pub(super) const ASKED: TableDefinition<u64, Challenge> = TableDefinition::new("asked");

/// Numbers by their names.
pub(super) const NUMBERS: TableDefinition<&str, u64> = TableDefinition::new("numbers");

/// The bytes of all leaves with their proofs.
pub(super) const USED: &str = "used";

/// Makes the tables that are not there.
pub(super) fn begin(writing: &WriteTransaction) -> Result<(), StoreError> {
    writing.open_table(COMMITMENTS)?;
    writing.open_multimap_table(ROOTS)?;
    writing.open_table(EXPIRIES)?;
    writing.open_table(LEAVES)?;
    writing.open_table(ASKED)?;
    writing.open_table(NUMBERS)?;
    cursor::begin(writing)
}

/// The number of siblings, the siblings, the leaf. A tree is at most 63 high.
pub(super) fn packed(opening: &Opening) -> Vec<u8> {
    let siblings = u8::try_from(opening.proof.len() / 32).unwrap_or(u8::MAX);
    [&[siblings], &opening.proof[..], &opening.leaf[..]].concat()
}

pub(super) fn unpacked(index: u64, value: &[u8]) -> Result<Opening, StoreError> {
    const SHORT: StoreError = StoreError::Damaged("a leaf is cut off");
    let (siblings, rest) = value.split_first().ok_or(SHORT)?;
    let (proof, leaf) = rest.split_at_checked(usize::from(*siblings).saturating_mul(32)).ok_or(SHORT)?;
    Ok(Opening { index, leaf: leaf.to_vec().into(), proof: proof.to_vec().into() })
}

pub(super) fn commitment(value: &[u8]) -> Result<DataCommitment, StoreError> {
    DataCommitment::abi_decode(value).map_err(|_| StoreError::Damaged("a commitment cannot be read"))
}

/// The leaves that a commitment names.
fn kept(commitment: &DataCommitment) -> Range<u64> {
    commitment.firstLeaf..commitment.firstLeaf.saturating_add(commitment.keptLeaves)
}

/// Forgets a commitment, and the leaves that no other to the same root names. Returns their bytes.
pub(super) fn forget(writing: &WriteTransaction, hash: [u8; 32]) -> Result<u64, StoreError> {
    let (mut commitments, mut roots) = (writing.open_table(COMMITMENTS)?, writing.open_multimap_table(ROOTS)?);
    let Some(forgotten) = commitments.remove(hash)?.map(|value| commitment(value.value())).transpose()? else {
        return Ok(0);
    };
    roots.remove(forgotten.root.0, hash)?;
    let mut others = Vec::new();
    for other in roots.get(forgotten.root.0)? {
        if let Some(value) = commitments.get(other?.value())? {
            others.push(kept(&commitment(value.value())?));
        }
    }
    let (mut leaves, mut bytes) = (writing.open_table(LEAVES)?, 0u64);
    for index in kept(&forgotten).filter(|index| !others.iter().any(|other| other.contains(index))) {
        if let Some(value) = leaves.remove((forgotten.root.0, index))? {
            bytes = bytes.saturating_add(u64::try_from(value.value().len()).unwrap_or(u64::MAX));
        }
    }
    Ok(bytes)
}
