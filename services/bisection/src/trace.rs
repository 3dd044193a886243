//! The states of a computation as somebody claims them.

use crate::Workload;
use crate::claim::Claim;
use alloy::primitives::B256;
use eyre::{Report, Result, ensure};
use restake_computation::{Execution, RuleError};
use step::State;

/// The most steps that do something: whoever claims more of a computation that does not halt is not computed after.
const LONGEST: u64 = 1 << 24;

/// The states of a computation, right or as an operator has them that lies.
#[derive(Debug)]
pub struct Trace<S> {
    right: Execution<S>,
    /// After how many steps there is another state, and what follows from that.
    wrong: Option<(u64, Execution<S>)>,
}

/// Why there is no trace of a claim.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// What was published is not what the claim is about.
    #[error("what was published with the result is not what it was computed from: {0:#}")]
    OtherData(Report),
    /// It has more steps than anybody computes.
    #[error("it does not end within {LONGEST} steps")]
    TooLong,
    /// No rule says what follows.
    #[error(transparent)]
    Rule(#[from] RuleError),
}

impl<S: State<Tree = restake_computation::Tree> + Clone> Trace<S> {
    /// The right states of what a claim is about.
    ///
    /// # Errors
    /// [`TraceError`].
    pub fn right<W: Workload<State = S>>(workload: &W, claim: &Claim) -> Result<Self, TraceError> {
        let first = first(workload, claim).map_err(TraceError::OtherData)?;
        let right = Execution::run(first, claim.steps.min(LONGEST))?;
        if claim.steps > LONGEST && right.busy() == LONGEST {
            return Err(TraceError::TooLong);
        }
        Ok(Self { right, wrong: None })
    }

    /// The states that lead to the result of a claim, if those are the right ones or those of a lie; else the right
    /// ones.
    ///
    /// # Errors
    /// [`TraceError`].
    pub fn as_claimed<W: Workload<State = S>>(workload: &W, claim: &Claim) -> Result<Self, TraceError> {
        let right = Self::right(workload, claim)?;
        if right.hash_at(claim.steps)? == claim.output {
            return Ok(right);
        }
        let lie = Self::right(workload, claim)?.falsified(workload, claim.steps)?;
        Ok(if lie.hash_at(claim.steps)? == claim.output { lie } else { right })
    }

    /// The same with a lie in it; without steps there is nothing to lie about.
    ///
    /// # Errors
    /// If no rule says what follows from the lie.
    pub fn falsified<W: Workload<State = S>>(self, workload: &W, steps: u64) -> Result<Self, RuleError> {
        let at = self.right.busy() / 3;
        let Some(after) = steps.checked_sub(at).filter(|after| *after > 0) else { return Ok(self) };
        let at = at.saturating_add(1);
        let state = workload.falsified(self.right.state_at(at)?);
        let wrong = Execution::run(state, after.saturating_sub(1).min(LONGEST))?;
        Ok(Self { wrong: Some((at, wrong)), ..self })
    }

    /// What stands for the state after `step` steps.
    ///
    /// # Errors
    /// None: all these steps were taken before.
    pub fn hash_at(&self, step: u64) -> Result<B256, RuleError> {
        match &self.wrong {
            Some((at, wrong)) if step >= *at => wrong.hash_at(step.saturating_sub(*at)),
            _ => self.right.hash_at(step),
        }
    }

    /// What opens the step after `step` steps, as the right states have it.
    ///
    /// # Errors
    /// As [`Self::hash_at`].
    pub fn witness_at(&self, step: u64) -> Result<Vec<u8>, RuleError> {
        self.right.witness_at(step)
    }

    /// Whether these are the right states.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.wrong.is_none()
    }
}

/// The state that a claim begins in.
fn first<W: Workload>(workload: &W, claim: &Claim) -> Result<W::State> {
    let first = workload.first(&claim.data)?;
    ensure!(first.hash() == claim.input, "it begins in {}", first.hash());
    Ok(first)
}
