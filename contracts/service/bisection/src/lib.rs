//! Bisection: games about signed results of computations, decided by executing one step. See
//! [`interfaces::IBisection`].
//!
//! Invariants: bonds in = bonds out, to the wei; whoever names and judges states truly, in time, wins, whatever the
//! other side does; both clocks end inside the evidence window; one wrong result has at most one freeze, and only a
//! freeze uses it up; an operator needs one deposit, however many games it plays.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod computation;
mod ending;
mod logs;
mod moves;
mod opening;
mod step;
mod storage;

pub use storage::Bisection;

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256, U64};
use arithmetic::time::LONGEST_DISPUTE_SECONDS;
use common::bonds::{self, Bonds};
use common::stored::{number, set_number};
use common::{access, calls, Outcome};
use interfaces::{IBisection, IRegistry};
use stylus_sdk::abi::Bytes;
use stylus_sdk::prelude::*;

#[public]
impl Bisection {
    /// Sets for good: the service's ServiceManager, which names this contract as its judge, and its Registry, whose
    /// evidence window it takes over; the bond (wei), and what each side has on its clock (seconds).
    #[constructor]
    pub fn constructor(&mut self, service_manager: Address, registry: Address, bond: U256, clock: u64) -> Outcome {
        self.service_manager.set(access::contract(self.vm(), service_manager)?);
        self.registry.set(access::contract(self.vm(), registry)?);
        let window = calls::view(self.vm(), registry, &IRegistry::evidenceWindowCall {})?.min(LONGEST_DISPUTE_SECONDS);
        let limit = window / 4;
        if clock == 0 || clock > limit {
            return Err(IBisection::InvalidClock { clock, limit }.into());
        }
        set_number(&mut self.clock, clock);
        set_number(&mut self.evidence_window, window);
        self.set_bond(bond)
    }

    // Challengers.

    #[payable]
    fn challenge_computation(&mut self, operator: Address, evidence: Bytes) -> Outcome<u64> {
        self._challenge_computation(self.vm().msg_sender(), operator, &evidence)
    }

    fn judge_state(&mut self, game_id: u64, at: u64, state: B256, agrees: bool) -> Outcome {
        self._judge_state(game_id, at, state, agrees)
    }

    fn pass_step(&mut self, game_id: u64) -> Outcome {
        self._pass_step(game_id)
    }

    // Operators.

    #[payable]
    fn name_state(&mut self, game_id: u64, at: u64, state: B256) -> Outcome {
        self._name_state(game_id, at, state)
    }

    fn withdraw_deposit(&mut self, recipient: Address) -> Outcome<U256> {
        self._withdraw_deposit(self.vm().msg_sender(), recipient)
    }

    // Anyone.

    fn execute_step(&mut self, game_id: u64, witness: Bytes) -> Outcome {
        self._execute_step(game_id, &witness)
    }

    fn resolve_game(&mut self, game_id: u64) -> Outcome {
        self._resolve_game(game_id)
    }

    fn withdraw_bond(&mut self, recipient: Address) -> Outcome<U256> {
        self.withdraw_credit(self.vm().msg_sender(), recipient)
    }

    // Views.

    fn bond(&self) -> U256 {
        bonds::bond_in(&self.bond)
    }

    fn clock(&self) -> u64 {
        number(&self.clock)
    }

    fn evidence_window(&self) -> u64 {
        number(&self.evidence_window)
    }

    fn game_count(&self) -> u64 {
        number(&self.game_count)
    }

    fn game_of(&self, game_id: u64) -> (Address, Address, Address, Address, B256, u64) {
        let game = self.games.getter(U64::from(game_id));
        (
            game.operator.get(),
            game.challenger.get(),
            game.signing_key.get(),
            game.program.get(),
            game.computation.get(),
            number(&game.task_time),
        )
    }

    fn position_of(&self, game_id: u64) -> (u8, u64, u64, B256, B256, B256, u64, u64, u64) {
        let game = self.games.getter(U64::from(game_id));
        let position = game.position();
        (
            position.state,
            position.first,
            position.last,
            game.first_state.get(),
            game.last_state.get(),
            game.middle_state.get(),
            position.operator_clock.into(),
            position.challenger_clock.into(),
            position.deadline(),
        )
    }

    fn deposit_of(&self, operator: Address) -> (U256, u64) {
        let stored = self.operators.getter(operator);
        (bonds::bond_in(&stored.deposit), number(&stored.open_games))
    }

    fn bond_of(&self, account: Address) -> U256 {
        self.bonds.get(account)
    }

    fn is_judged(&self, evidence: B256) -> bool {
        self.judged.get(evidence)
    }

    fn computation_hash(
        &self,
        task: B256,
        task_time: u64,
        program: Address,
        input: B256,
        output: B256,
        steps: u64,
    ) -> B256 {
        self._computation_hash(task, task_time, program, input, output, steps)
    }

    fn contracts(&self) -> (Address, Address) {
        (self.registry.get(), self.service_manager.get())
    }
}
