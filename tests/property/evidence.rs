//! What operators sign and challengers present: pure functions of the steps of a script.

use crate::action::{Key, Leaf, Task};
use crate::stage::{Stage, Who};
use alloy::primitives::{Address, B256, U256};
use interfaces::IDisputeResolution::{Attestation, DataCommitment};
use restake::merkle::MerkleTree;
use restake_model::{Opening, Signed};

/// The number as a word: task numbers and answers.
fn word(number: u8) -> B256 {
    U256::from(number).into()
}

/// An answer to a task.
pub(crate) fn attestation(task: Task, answer: u8) -> Attestation {
    Attestation { task: word(task.number), taskTime: task.time, answer: word(answer) }
}

/// A commitment to as many leaves as `leaf` says, of which the signer keeps the first half for a task of an odd number.
pub(crate) fn commitment(task: Task, leaf: Leaf) -> DataCommitment {
    let root = tree(leaf.of).root();
    let kept = if task.number.is_multiple_of(2) { leaf.of } else { leaf.of.div_ceil(2) };
    DataCommitment {
        task: word(task.number),
        taskTime: task.time,
        root,
        leafCount: u64::from(leaf.of),
        firstLeaf: 0,
        keptLeaves: u64::from(kept),
    }
}

/// The same, as signed with a key.
pub(crate) fn signed<T>(stage: &Stage, message: T, key: Key) -> Signed<T> {
    Signed { message, signer: stage.key(key).address() }
}

/// A leaf with its way to the root.
pub(crate) fn opening(leaf: Leaf) -> Opening {
    let proof = if leaf.index < leaf.of { tree(leaf.of).proof(usize::from(leaf.index)) } else { Default::default() };
    let (siblings, _) = proof.as_chunks::<32>();
    Opening { leaf: content(leaf), proof: siblings.iter().map(B256::from).collect() }
}

/// The address of a signing key, as it is given to be registered: nobody's is the zero address.
pub(crate) fn address(stage: &Stage, key: Key) -> Address {
    if key.of == Who::NOBODY { Address::ZERO } else { stage.key(key).address() }
}

/// The tree of the data with so many leaves.
pub(crate) fn tree(leaves: u8) -> MerkleTree {
    MerkleTree::new(&(0..leaves).map(|index| content(Leaf { index, of: leaves })).collect::<Vec<_>>())
}

/// What a leaf holds.
fn content(leaf: Leaf) -> Vec<u8> {
    vec![leaf.index; usize::from(leaf.of)]
}
