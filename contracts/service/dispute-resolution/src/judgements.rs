//! Judgements: the faults that were proven and the leaves that were asked for, each of which is used up. Evidence that
//! was rejected is not remembered, so nobody can use up a fault by evidence that does not hold yet.

use crate::storage::DisputeResolution;
use alloc::vec::Vec;
use alloy_primitives::{keccak256, Address, B256};
use common::Outcome;
use interfaces::IDisputeResolution;

impl DisputeResolution {
    /// Checks that `judgement` was not made before.
    pub(crate) fn require_unjudged(&self, judgement: B256) -> Outcome {
        if self.judged.get(judgement) {
            return Err(IDisputeResolution::AlreadyJudged { evidence: judgement }.into());
        }
        Ok(())
    }
}

/// keccak256(operator ‖ kind ‖ subject ‖ number): the id of a judgement about `operator`. The kinds of faults have ids apart from each
/// other; one kind tells its judgements apart by whether there is a `number`.
pub(crate) fn judgement_id(operator: Address, kind: u8, subject: B256, number: Option<u64>) -> B256 {
    let mut bytes = Vec::from(operator.as_slice());
    bytes.push(kind);
    bytes.extend_from_slice(subject.as_slice());
    bytes.extend(number.map(u64::to_be_bytes).into_iter().flatten());
    keccak256(bytes)
}
