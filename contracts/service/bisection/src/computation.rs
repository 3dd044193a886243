//! The signed result that a game is about.

use crate::storage::Bisection;
use alloy_primitives::{Address, B256};
use common::typed_data;
use common::words::{decoded, number, word};
use stylus_sdk::prelude::*;

/// A decoded [`interfaces::IBisection::Miscomputation`].
pub(crate) struct Miscomputation {
    /// What was signed, word by word.
    pub(crate) signed: [B256; 6],
    pub(crate) task_time: u64,
    pub(crate) program: Address,
    pub(crate) input: B256,
    pub(crate) output: B256,
    pub(crate) steps: u64,
    pub(crate) r: B256,
    pub(crate) vs: B256,
}

impl Miscomputation {
    /// Decodes the ABI encoding: eight words. `None` if the length differs, a number exceeds 64 bits, or an address
    /// 160.
    pub(crate) fn decode(evidence: &[u8]) -> Option<Self> {
        let [task, task_time, program, input, output, steps, r, vs] = decoded(evidence)?;
        let address = Address::from_word(program);
        if address.into_word() != program {
            return None;
        }
        Some(Self {
            signed: [task, task_time, program, input, output, steps],
            task_time: number(task_time)?,
            program: address,
            input,
            output,
            steps: number(steps)?,
            r,
            vs,
        })
    }
}

impl Bisection {
    pub(crate) fn _computation_hash(
        &self,
        task: B256,
        task_time: u64,
        program: Address,
        input: B256,
        output: B256,
        steps: u64,
    ) -> B256 {
        self.signed_hash(&[task, word(task_time), program.into_word(), input, output, word(steps)])
    }

    /// The hash to sign for a computation, word by word.
    pub(crate) fn signed_hash(&self, signed: &[B256; 6]) -> B256 {
        typed_data::computation(typed_data::domain_of(self.vm(), self.service_manager.get()), signed)
    }
}
