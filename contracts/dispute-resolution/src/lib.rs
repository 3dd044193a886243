//! DisputeResolution: bonded challenges against a service's operators, decided by a proof. See [`interfaces::IDisputeResolution`].
//!
//! Invariants: bonds in = bonds out, to the wei: each goes whole to the challenger or to the operator; one evidence has one verdict, one fault one freeze; a verdict
//! and its freeze are one transaction.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main)]
extern crate alloc;

mod bonds;
mod equivocation;
mod storage;
mod verdict;

pub use storage::DisputeResolution;

use alloy_primitives::{Address, B256, U256, U64};
use arithmetic::time::EPOCH_SECONDS;
use common::stored::number;
use common::{access, typed_data, Outcome};
use interfaces::IDisputeResolution;
use stylus_sdk::abi::Bytes;
use stylus_sdk::prelude::*;

#[public]
impl DisputeResolution {
    /// Sets the service's ServiceManager and Registry, the bond (wei) and the challenge window (seconds), for good.
    #[constructor]
    pub fn constructor(
        &mut self,
        service_manager: Address,
        registry: Address,
        bond: U256,
        challenge_window: u64,
    ) -> Outcome {
        self.service_manager.set(access::contract(self.vm(), service_manager)?);
        self.registry.set(access::contract(self.vm(), registry)?);
        // What was at stake at the fault must still be there at the freeze: leaving stake stays slashable for one epoch.
        if challenge_window == 0 || challenge_window > EPOCH_SECONDS {
            return Err(
                IDisputeResolution::InvalidChallengeWindow { window: challenge_window, limit: EPOCH_SECONDS }.into()
            );
        }
        self.challenge_window.set(U64::from(challenge_window));
        self.bond.set(bond);
        Ok(())
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
