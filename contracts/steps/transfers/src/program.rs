//! The program on the chain.

use alloc::vec::Vec;
use alloy_primitives::B256;
use common::Outcome;
use interfaces::IStep;
use step::Step;
use stylus_sdk::abi::Bytes;
use stylus_sdk::prelude::*;

/// It stores nothing.
#[entrypoint]
#[storage]
pub struct Transfers {}

#[public]
impl Transfers {
    fn step(&self, state: B256, witness: Bytes) -> Outcome<B256> {
        crate::Transfers::step(state, &witness).map_err(|_| IStep::WrongWitness {}.into())
    }
}
