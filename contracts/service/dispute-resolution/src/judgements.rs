//! Judgements: the faults that were proven and the leaves that were asked for, each of which is used up. Evidence that
//! was rejected is not remembered, so nobody can use up a fault by evidence that does not hold yet.

use crate::merkle::hash;
use crate::storage::DisputeResolution;
use alloy_primitives::{Address, B256};
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

/// keccak256(operator ‖ kind ‖ subject ‖ number): the id of a judgement about `operator`. Ids of two kinds of faults
/// never meet; one kind tells its judgements apart by the length of the number.
pub(crate) fn judgement_id(operator: Address, kind: u8, subject: B256, number: &[u8]) -> B256 {
    hash(&[operator.as_slice(), &[kind], subject.as_slice(), number])
}
