//! Judgements: the faults that were proven and the leaves that were asked for, each of which is used up. Evidence that
//! was rejected is not remembered, so nobody can use up a fault by evidence that does not hold yet.

use crate::storage::DisputeResolution;
use alloy_primitives::B256;
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
