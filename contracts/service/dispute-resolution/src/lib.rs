//! DisputeResolution: bonded challenges against a service's operators, decided by a proof. See [`interfaces::IDisputeResolution`].
//!
//! Invariants: bonds in = bonds out, to the wei: each goes whole to the challenger or to the operator; one evidence has one verdict, one fault one freeze; a verdict
//! and its freeze are one transaction.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main)]
extern crate alloc;

mod availability;
mod bonds;
mod equivocation;
mod merkle;
mod storage;
mod verdict;

pub use storage::DisputeResolution;

use alloy_primitives::{Address, B256, U256, U64};
use arithmetic::time::LONGEST_DISPUTE_SECONDS;
use common::stored::number;
use common::{access, typed_data, Outcome};
use interfaces::IDisputeResolution;
use stylus_sdk::abi::Bytes;
use stylus_sdk::prelude::*;

#[public]
impl DisputeResolution {
    /// Sets the service's ServiceManager and Registry, the bond (wei), and how long a fault can be challenged and a leaf be opened (seconds), for good.
    #[constructor]
    pub fn constructor(
        &mut self,
        service_manager: Address,
        registry: Address,
        bond: U256,
        challenge_window: u64,
        answer_window: u64,
    ) -> Outcome {
        self.service_manager.set(access::contract(self.vm(), service_manager)?);
        self.registry.set(access::contract(self.vm(), registry)?);
        // What was at stake at the fault must still be there at the freeze: leaving stake stays slashable for one epoch.
        let (limit, both) = (LONGEST_DISPUTE_SECONDS, challenge_window.saturating_add(answer_window));
        if challenge_window == 0 || answer_window == 0 || both > limit {
            return Err(IDisputeResolution::InvalidWindows {
                challengeWindow: challenge_window,
                answerWindow: answer_window,
                limit,
            }
            .into());
        }
        self.answer_window.set(U64::from(answer_window));
        self.challenge_window.set(U64::from(challenge_window));
        self.bond.set(bond);
        Ok(())
    }

    #[payable]
    fn challenge_availability(&mut self, operator: Address, evidence: Bytes) -> Outcome<u64> {
        self.ask_for_leaf(self.vm().msg_sender(), operator, &evidence)
    }

    fn answer_challenge(&mut self, challenge_id: u64, leaf: Bytes, proof: Bytes) -> Outcome {
        self.open_leaf(challenge_id, &leaf, &proof)
    }

    fn resolve_challenge(&mut self, challenge_id: u64) -> Outcome {
        self.run_out(challenge_id)
    }

    #[payable]
    fn challenge(&mut self, operator: Address, evidence: Bytes) -> Outcome<bool> {
        self.judge(self.vm().msg_sender(), operator, &evidence)
    }

    fn withdraw_bond(&mut self, recipient: Address) -> Outcome<U256> {
        self.pay_out(self.vm().msg_sender(), recipient)
    }

    // Views.

    fn bond(&self) -> U256 {
        self.bond.get()
    }

    fn challenge_window(&self) -> u64 {
        number(&self.challenge_window)
    }

    fn answer_window(&self) -> u64 {
        number(&self.answer_window)
    }

    fn challenge_count(&self) -> u64 {
        number(&self.challenge_count)
    }

    fn challenge_of(&self, challenge_id: u64) -> (Address, Address, B256, u64, u64, u8) {
        self.challenge_fields(challenge_id)
    }

    fn bond_of(&self, account: Address) -> U256 {
        self.bonds.get(account)
    }

    fn is_judged(&self, evidence: B256) -> bool {
        self.judged.get(evidence)
    }

    fn attestation_hash(&self, task: B256, task_time: u64, answer: B256) -> B256 {
        typed_data::attestation(self.vm(), self.service_manager.get(), task, task_time, answer)
    }

    fn contracts(&self) -> (Address, Address) {
        (self.registry.get(), self.service_manager.get())
    }
}
