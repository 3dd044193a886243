//! DisputeResolution: bonded challenges against a service's operators, decided by a proof. See
//! [`interfaces::IDisputeResolution`].
//!
//! Invariants: bonds in = bonds out, to the wei: each goes whole to the challenger or to the operator; one fault has at
//! most one freeze, and only a freeze uses it up; a verdict, its freeze and the suspension are one transaction.
//!
//! A new kind of fault is a file in `faults` and a function here that leads to it.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod attestation;
mod faults;
mod judgements;
mod merkle;
mod storage;

pub use storage::DisputeResolution;

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use arithmetic::time::LONGEST_DISPUTE_SECONDS;
use common::bonds::{self, Bonds};
use common::stored::{number, set_number};
use common::{access, calls, typed_data, words, Outcome};
use interfaces::{IDisputeResolution, IRegistry};
use stylus_sdk::abi::Bytes;
use stylus_sdk::prelude::*;

#[public]
impl DisputeResolution {
    /// Sets who connects it with the contracts that name it, and for good the bond (wei) and how long an operator has
    /// to open a leaf (seconds).
    #[constructor]
    pub fn constructor(&mut self, connector: Address, bond: U256, answer_window: u64) -> Outcome {
        set_number(&mut self.answer_window, answer_window);
        self.set_bond(bond)?;
        self.connection.begin(connector)
    }

    // Connector.

    fn connect(&mut self, service_manager: Address, registry: Address) -> Outcome {
        self.connection.connect()?;
        self.service_manager.set(access::contract(self.vm(), service_manager)?);
        self.registry.set(access::contract(self.vm(), registry)?);
        // Quorums count for half of the Registry's window, and a freeze must find what was at stake at the fault.
        let function = IRegistry::evidenceWindowCall::SELECTOR;
        let [evidence_window] = calls::ask_words(self.vm(), registry, function, &[])?;
        let evidence_window = words::number(evidence_window).unwrap_or(u64::MAX);
        let (answer_window, limit) = (number(&self.answer_window), LONGEST_DISPUTE_SECONDS);
        if answer_window == 0 || answer_window > evidence_window / 2 || evidence_window > limit {
            return Err(IDisputeResolution::InvalidWindows {
                evidenceWindow: evidence_window,
                answerWindow: answer_window,
                limit,
            }
            .into());
        }
        set_number(&mut self.evidence_window, evidence_window);
        Ok(())
    }

    // Challengers.

    #[payable]
    fn challenge(&mut self, operator: Address, evidence: Bytes) -> Outcome<bool> {
        self._challenge(self.vm().msg_sender(), operator, &evidence)
    }

    #[payable]
    fn challenge_availability(&mut self, operator: Address, evidence: Bytes) -> Outcome<u64> {
        self._challenge_availability(self.vm().msg_sender(), operator, &evidence)
    }

    // Anyone.

    fn answer_challenge(&mut self, challenge_id: u64, leaf: Bytes, proof: Bytes) -> Outcome {
        self._answer_challenge(challenge_id, &leaf, &proof)
    }

    fn resolve_challenge(&mut self, challenge_id: u64) -> Outcome {
        self._resolve_challenge(challenge_id)
    }

    fn withdraw_bond(&mut self, recipient: Address) -> Outcome<U256> {
        self.withdraw_credit(self.vm().msg_sender(), recipient)
    }

    // Views.

    fn bond(&self) -> U256 {
        bonds::bond_in(&self.bond)
    }

    fn evidence_window(&self) -> u64 {
        number(&self.evidence_window)
    }

    fn answer_window(&self) -> u64 {
        number(&self.answer_window)
    }

    fn challenge_count(&self) -> u64 {
        number(&self.challenge_count)
    }

    fn challenge_of(&self, challenge_id: u64) -> (Address, Address, B256, u64, u64, u8) {
        self._challenge_of(challenge_id)
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

    fn data_commitment_hash(
        &self,
        task: B256,
        task_time: u64,
        root: B256,
        leaf_count: u64,
        first_leaf: u64,
        kept_leaves: u64,
    ) -> B256 {
        self._data_commitment_hash(task, task_time, root, [leaf_count, first_leaf, kept_leaves])
    }

    fn contracts(&self) -> (Address, Address) {
        (self.registry.get(), self.service_manager.get())
    }
}
