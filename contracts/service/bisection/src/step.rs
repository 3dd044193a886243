//! The step that is left: executed by the program that the operator ran.

use crate::logs::flag;
use crate::moves::require_one_step;
use crate::storage::Bisection;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U64};
use alloy_sol_types::{SolCall, SolEvent};
use common::words::{decoded, word};
use common::{calls, Outcome};
use interfaces::{IBisection, IStep};
use stylus_sdk::prelude::*;

impl Bisection {
    pub(crate) fn _execute_step(&mut self, game_id: u64, witness: &[u8]) -> Outcome {
        let position = self.require_running(game_id)?;
        require_one_step(&position)?;
        let game = self.games.getter(U64::from(game_id));
        let (program, first_state, claimed) = (game.program.get(), game.first_state.get(), game.last_state.get());
        // A trace without steps ends where it begins.
        let state =
            if position.first == position.last { first_state } else { self.ask(program, first_state, witness)? };
        let as_claimed = state == claimed;
        let first = position.first;
        self.log(IBisection::StepExecuted::SIGNATURE_HASH, game_id, &[], &[word(first), state, flag(as_claimed)]);
        if as_claimed {
            self.reject(game_id);
        } else {
            self.uphold_now_or_later(game_id);
        }
        Ok(())
    }

    /// Where a step of `program` leads from `state`.
    fn ask(&self, program: Address, state: B256, witness: &[u8]) -> Outcome<B256> {
        let answer = calls::view_raw(self.vm(), program, &question(state, witness));
        // Without a reason it says nothing about the witness: the program is not there, or ran out of gas.
        let answer = answer.or_else(|revert| if revert.has_reason() { Err(revert) } else { Ok(Vec::new()) })?;
        let [next] = decoded(&answer).ok_or(IBisection::StepFailed { program })?;
        Ok(next)
    }
}

/// The calldata of [`IStep`]'s function, in the order of the ABI: the state, where the witness begins, its length, and
/// the witness, filled up to words.
fn question(state: B256, witness: &[u8]) -> Vec<u8> {
    const OFFSET: B256 = B256::with_last_byte(64);
    let length = witness.len();
    let mut calldata = Vec::with_capacity(length.saturating_add(132));
    calldata.extend_from_slice(&IStep::stepCall::SELECTOR);
    // A length fits 128 bits.
    let length_word = calls::word(u128::try_from(length).unwrap_or(u128::MAX));
    [state, OFFSET, length_word].iter().for_each(|word| calldata.extend_from_slice(word.as_slice()));
    calldata.extend_from_slice(witness);
    let filled = calldata.len().saturating_add(length.wrapping_neg() % 32);
    calldata.resize(filled, 0);
    calldata
}
