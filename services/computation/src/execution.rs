//! A trace: all states of a computation, of which few are kept.

use crate::Tree;
use crate::whole::{Whole, witness};
use alloy_primitives::B256;
use step::{State, WrongWitness};

/// How many steps are between two states that are kept: at most so many are taken again to reach one in between.
const SPACING: u64 = 1_024;

/// A leaf of the state at this step is none of this computation: no rule says what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the state at step {0} has a leaf that is not of this computation")]
pub struct RuleError(pub u64);

/// The states of a computation from step 0 to a number of steps.
///
/// Once a step leaves the state as it is, so do all after it: a trace has as many steps as are asked for, and only those
/// that do something are taken.
#[derive(Debug, Clone)]
pub struct Execution<S> {
    /// The states at multiples of [`SPACING`].
    kept: Vec<S>,
    /// How many steps do something, of those asked for.
    busy: u64,
    steps: u64,
}

impl<S: State<Tree = Tree> + Clone> Execution<S> {
    /// Goes `steps` from `first`.
    ///
    /// # Errors
    /// If a leaf of a state is none of this computation.
    pub fn run(first: S, steps: u64) -> Result<Self, RuleError> {
        let (mut kept, mut state, mut busy) = (vec![first.clone()], first, 0u64);
        while busy < steps {
            let before = state.fields();
            state.advance(&mut Whole).map_err(|WrongWitness| RuleError(busy))?;
            if state.fields() == before {
                break;
            }
            busy = busy.saturating_add(1);
            if busy % SPACING == 0 {
                kept.push(state.clone());
            }
        }
        Ok(Self { kept, busy, steps })
    }

    /// How many steps it has.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The state after `step` steps, or after the last one.
    ///
    /// # Errors
    /// None: all these steps were taken before.
    pub fn state_at(&self, step: u64) -> Result<S, RuleError> {
        let step = step.min(self.busy);
        let (at, rest) = (step / SPACING, step % SPACING);
        let kept = usize::try_from(at).ok().and_then(|at| self.kept.get(at)).ok_or(RuleError(step))?;
        let mut state = kept.clone();
        for taken in 0..rest {
            state.advance(&mut Whole).map_err(|WrongWitness| RuleError(step.saturating_sub(rest - taken)))?;
        }
        Ok(state)
    }

    /// What stands for the state after `step` steps.
    ///
    /// # Errors
    /// As [`Self::state_at`].
    pub fn hash_at(&self, step: u64) -> Result<B256, RuleError> {
        Ok(self.state_at(step)?.hash())
    }

    /// What opens the step after `step` steps.
    ///
    /// # Errors
    /// As [`Self::state_at`].
    pub fn witness_at(&self, step: u64) -> Result<Vec<u8>, RuleError> {
        witness(&self.state_at(step)?).map_err(|WrongWitness| RuleError(step))
    }
}
