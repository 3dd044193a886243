//! Computations whose single steps can be judged.
//!
//! A computation is a state and a rule for the next one. The rule is written once, over the trees of a state
//! ([`State::advance`]): where a trace is computed the trees are there as a whole, and where one step of it is judged,
//! on the chain, there are their roots, and a witness opens what the step touches ([`execute`]).
//!
//! What every rule keeps to: it is total (what cannot be done leaves a state that says so), it asks for nothing but the
//! state, and it touches no more of it than a transaction has room for.
#![no_std]
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]
extern crate alloc;

mod cursor;
mod state;
pub mod tree;
mod witness;

pub use cursor::Cursor;
pub use state::{Opened, Rooted, State, Trees, execute};
pub use witness::{Place, Witness};

use alloy_primitives::B256;

/// The step function of a computation, as the chain asks for it.
pub trait Step {
    /// The state after `state`, of which `witness` opens what the step touches. Any two witnesses that are taken lead
    /// to the same state.
    ///
    /// # Errors
    /// If the witness is none of this state, or is longer than it must be.
    fn step(state: B256, witness: &[u8]) -> Result<B256, WrongWitness>;
}

/// The witness does not open the state, or has more in it than the step touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongWitness;
