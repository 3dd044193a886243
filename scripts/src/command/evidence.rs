//! What operators sign, as it lies in files, and the data that they sign for.

use alloy::primitives::{Address, B256, FixedBytes};
use eyre::{Result, WrapErr, ensure};
use interfaces::IBisection::Computation;
use interfaces::IDisputeResolution::{DataCommitment, SignedAttestation};
use restake::attestation::CompactSignature;
use restake::availability::{LONGEST_LEAF, SignedCommitment, leaves};
use restake::computation::SignedComputation;
use restake::merkle::MerkleTree;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

/// A signed answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SignedAnswer {
    task: B256,
    task_time: u64,
    answer: B256,
    r: B256,
    vs: B256,
}

/// A signed commitment to data.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SignedData {
    task: B256,
    task_time: u64,
    root: B256,
    leaf_count: u64,
    first_leaf: u64,
    kept_leaves: u64,
    r: B256,
    vs: B256,
}

/// The signed result of a computation, as operators publish it; what it was computed from may lie beside it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedResult {
    task: B256,
    task_time: u64,
    program: Address,
    input: B256,
    output: B256,
    steps: u64,
    /// `r`, then `vs`.
    signature: FixedBytes<64>,
}

impl From<SignedResult> for SignedComputation {
    fn from(signed: SignedResult) -> Self {
        let SignedResult { task, task_time, program, input, output, steps, signature } = signed;
        let (r, vs) = signature.split_at(32);
        let signature = CompactSignature { r: B256::from_slice(r), vs: B256::from_slice(vs) };
        Self { computation: Computation { task, taskTime: task_time, program, input, output, steps }, signature }
    }
}

impl From<SignedAttestation> for SignedAnswer {
    fn from(SignedAttestation { task, taskTime, answer, r, vs }: SignedAttestation) -> Self {
        Self { task, task_time: taskTime, answer, r, vs }
    }
}

impl From<SignedAnswer> for SignedAttestation {
    fn from(SignedAnswer { task, task_time, answer, r, vs }: SignedAnswer) -> Self {
        Self { task, taskTime: task_time, answer, r, vs }
    }
}

impl From<SignedCommitment> for SignedData {
    fn from(signed: SignedCommitment) -> Self {
        let DataCommitment { task, taskTime, root, leafCount, firstLeaf, keptLeaves } = signed.commitment;
        let CompactSignature { r, vs } = signed.signature;
        let (first_leaf, kept_leaves) = (firstLeaf, keptLeaves);
        Self { task, task_time: taskTime, root, leaf_count: leafCount, first_leaf, kept_leaves, r, vs }
    }
}

impl From<SignedData> for SignedCommitment {
    fn from(signed: SignedData) -> Self {
        let SignedData { task, task_time, root, leaf_count, first_leaf, kept_leaves, r, vs } = signed;
        let commitment = DataCommitment {
            task,
            taskTime: task_time,
            root,
            leafCount: leaf_count,
            firstLeaf: first_leaf,
            keptLeaves: kept_leaves,
        };
        Self { commitment, signature: CompactSignature { r, vs } }
    }
}

/// Reads what `operator attest` or `operator commit` printed.
pub(crate) fn read<T: DeserializeOwned>(file: &Path, what: &str) -> Result<T> {
    let text = fs::read_to_string(file).wrap_err_with(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).wrap_err_with(|| format!("{} is no {what}", file.display()))
}

/// A file in leaves of `size` bytes.
pub(crate) fn leaves_of(data: &Path, size: usize) -> Result<Vec<Vec<u8>>> {
    ensure!((1..=LONGEST_LEAF).contains(&size), "a leaf has 1 to {LONGEST_LEAF} bytes");
    let bytes = fs::read(data).wrap_err_with(|| format!("cannot read {}", data.display()))?;
    Ok(leaves(&bytes, size))
}

/// The tree over a file.
pub(crate) fn tree_of(data: &Path, size: usize) -> Result<MerkleTree> {
    Ok(MerkleTree::new(&leaves_of(data, size)?))
}
