//! RegisterMachine: the step function of a small machine. See `interfaces::IStep`.
//!
//! A state is a tree of instructions, a tree of memory (2^32 words of 64 bits, zero where nothing was stored), a
//! program counter of 32 bits and sixteen registers of 64 bits. A step executes the instruction at the counter.
//! Numbers wrap. An instruction that is not defined halts, as the one for that does, and so does the end of the code:
//! the state stays as it is from there on.
//!
//! Invariant: code never changes.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#![cfg_attr(test, allow(clippy::unwrap_used))]
#[cfg_attr(target_arch = "wasm32", macro_use)]
extern crate alloc;

mod arithmetic;
mod instruction;
mod machine;
#[cfg(target_arch = "wasm32")]
mod program;

pub use instruction::{Instruction, Operation};
pub use machine::Machine;

use alloy_primitives::B256;
use step::{Step, WrongWitness};

/// The computation, as whoever computes it and the program on the chain know it.
#[derive(Debug, Clone, Copy)]
pub struct RegisterMachine;

impl Step for RegisterMachine {
    fn step(state: B256, witness: &[u8]) -> Result<B256, WrongWitness> {
        step::execute::<Machine<B256>>(state, witness)
    }
}
