//! The ids under which a DisputeResolution and a Bisection remember proven faults, and leaves that were asked for.

use alloy::primitives::{Address, B256, keccak256};
use arithmetic::fault::{EQUIVOCATION, MISCOMPUTATION, UNAVAILABILITY};

/// The id of the fault of answering the task that was set at `task_time` (Unix seconds) twice.
pub fn equivocation_id(operator: Address, task: B256, task_time: u64) -> B256 {
    id(operator, EQUIVOCATION, task, &task_time.to_be_bytes())
}

/// The id of the fault of not opening a leaf of the data committed to by the signed hash `commitment`.
pub fn unavailability_id(operator: Address, commitment: B256) -> B256 {
    id(operator, UNAVAILABILITY, commitment, &[])
}

/// The id of asking for the leaf at `index` of that data.
pub fn leaf_id(operator: Address, commitment: B256, index: u64) -> B256 {
    id(operator, UNAVAILABILITY, commitment, &index.to_be_bytes())
}

/// The id of the fault of giving the wrong result whose signed hash is `computation`.
pub fn miscomputation_id(operator: Address, computation: B256) -> B256 {
    id(operator, MISCOMPUTATION, computation, &[])
}

fn id(operator: Address, kind: u8, subject: B256, number: &[u8]) -> B256 {
    keccak256([operator.as_slice(), &[kind], subject.as_slice(), number].concat())
}
