//! A trace: all states of a computation, of which few are kept.

use crate::Tree;
use crate::whole::{advance, witness};
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
/// Once a step leaves the state as it is, so do all after it: a trace has as many steps as are asked for, and only
/// those that do something are taken.
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
            advance(&mut state).map_err(|WrongWitness| RuleError(busy))?;
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

    /// How many of them do something: the others leave the state as it is.
    #[must_use]
    pub fn busy(&self) -> u64 {
        self.busy
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
            advance(&mut state).map_err(|WrongWitness| RuleError(step.saturating_sub(rest - taken)))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tree;
    use step::{Rooted, Trees};

    /// Counts up to a number, and writes each count down.
    #[derive(Debug, Clone)]
    struct Counter {
        written: Tree,
        count: u32,
        limit: u32,
    }

    impl State for Counter {
        const TAG: &'static [u8] = b"counter";
        type Tree = Tree;

        fn fields(&self) -> Vec<u8> {
            [&self.written.root().0[..], &self.count.to_be_bytes(), &self.limit.to_be_bytes()].concat()
        }

        fn advance<T: Trees<Tree = Tree>>(&mut self, trees: &mut T) -> Result<(), WrongWitness> {
            if self.count < self.limit {
                let (_, place) = trees.open::<4>(&self.written, self.count)?;
                self.count += 1;
                trees.replace(&mut self.written, place, Some(self.count.to_be_bytes()));
            }
            Ok(())
        }
    }

    fn counter(limit: u32) -> Counter {
        Counter { written: Tree::default(), count: 0, limit }
    }

    #[test]
    fn each_state_is_that_after_so_many_steps() {
        let execution = Execution::run(counter(u32::MAX), 2_500).unwrap();
        let mut state = counter(u32::MAX);
        for step in 0..=2_500 {
            if [0, 1, 1_023, 1_024, 1_025, 2_047, 2_048, 2_499, 2_500].contains(&step) {
                assert_eq!(execution.hash_at(step), Ok(state.hash()), "step {step}");
                assert_eq!(execution.witness_at(step), Ok(witness(&state).unwrap()), "step {step}");
            }
            advance(&mut state).unwrap();
        }
        assert_eq!((execution.steps(), execution.hash_at(2_501)), (2_500, execution.hash_at(2_500)));
    }

    #[test]
    fn a_trace_that_stands_still_is_as_long_as_is_asked_for() {
        let execution = Execution::run(counter(1_024), u64::MAX).unwrap();
        let last = execution.state_at(u64::MAX).unwrap();
        assert_eq!((last.count, execution.steps()), (1_024, u64::MAX));
        assert_eq!(execution.hash_at(1_024), execution.hash_at(1 << 40));
        assert_ne!(execution.hash_at(1_023), execution.hash_at(1_024));
        let none = Execution::run(counter(5), 0).unwrap();
        assert_eq!((none.steps(), none.hash_at(3)), (0, Ok(counter(5).hash())));
    }

    #[test]
    fn a_leaf_of_another_computation_is_said_with_its_step() {
        let mut first = counter(9);
        first.written.set(3, Some(&[1]));
        assert_eq!(Execution::run(first, 9).unwrap_err(), RuleError(3));
    }
}
