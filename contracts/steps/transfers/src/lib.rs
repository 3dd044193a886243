//! Transfers: the step function of a batch of token transfers over a state of accounts, as a sequencer has it. See
//! `interfaces::IStep`.
//!
//! A state is the tree of accounts, the tree of the batch with the number of transfers in it, and how many are done. A
//! step makes the next transfer; one that cannot be made is passed over. Who may order which transfer is decided
//! before it is taken into a batch. After the last one the state stays as it is.
//!
//! Invariant: the sum of all balances never changes.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#![cfg_attr(test, allow(clippy::unwrap_used))]
#[cfg_attr(target_arch = "wasm32", macro_use)]
extern crate alloc;

mod account;
#[cfg(target_arch = "wasm32")]
mod program;
mod state;

pub use account::{Account, Transfer};
pub use state::Batch;

use alloy_primitives::B256;
use step::{Step, WrongWitness};

/// The computation, as whoever computes it and the program on the chain know it.
#[derive(Debug, Clone, Copy)]
pub struct Transfers;

impl Step for Transfers {
    fn step(state: B256, witness: &[u8]) -> Result<B256, WrongWitness> {
        step::execute::<Batch<B256>>(state, witness)
    }
}
