//! Quorum: whether enough of a service's stake signed something. See [`interfaces::IQuorum`].
//!
//! Invariants: no signer counts twice; what does not count is passed over, so nobody spoils the quorum of others;
//! nothing is called a quorum so late that a fault of its signers could not be proven any more.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod signers;
mod storage;
mod verification;

pub use storage::Quorum;

use alloc::vec::Vec;
use alloy_primitives::{Address, B256};
use arithmetic::time::LONGEST_DISPUTE_SECONDS;
use common::stored::set_number;
use common::{access, calls, Outcome};
use interfaces::IRegistry;
use stylus_sdk::abi::Bytes;
use stylus_sdk::prelude::*;
use verification::is_reached;

#[public]
impl Quorum {
    /// Sets the service's Registry, which must have its evidence window, and its ServiceManager for good.
    #[constructor]
    pub fn constructor(&mut self, registry: Address, service_manager: Address) -> Outcome {
        self.registry.set(access::contract(self.vm(), registry)?);
        self.service_manager.set(access::contract(self.vm(), service_manager)?);
        let window = calls::view(self.vm(), registry, &IRegistry::evidenceWindowCall {})?;
        if window == 0 {
            return Err(
                IRegistry::InvalidEvidenceWindow { evidenceWindow: window, limit: LONGEST_DISPUTE_SECONDS }.into()
            );
        }
        set_number(&mut self.evidence_window, window);
        Ok(())
    }

    fn verify_quorum(
        &self,
        task: B256,
        task_time: u64,
        answer: B256,
        signatures: Bytes,
        threshold: u16,
    ) -> Outcome<(bool, u128, u128)> {
        self.require_askable(task_time, threshold)?;
        let signers = self.signers_of_answer(task, task_time, answer, &signatures)?;
        let keys = signers.into_iter().map(|signature| signature.signer).collect();
        let (signed, total) = self.signed_stake_at(keys, task_time)?;
        Ok((is_reached(signed, total, threshold), signed, total))
    }

    fn verify_data_quorum(
        &self,
        task: B256,
        task_time: u64,
        root: B256,
        leaf_count: u64,
        signatures: Bytes,
        threshold: u16,
    ) -> Outcome<(bool, u128, u128, u64)> {
        self.require_askable(task_time, threshold)?;
        let keepers = self.keepers(task, task_time, root, leaf_count, &signatures)?;
        let (_, total) = self.signed_stake_at(Vec::new(), task_time)?;
        // The parts of a total, and of the leaves: neither sum can overflow.
        let signed = keepers.iter().fold(0u128, |sum, keeper| sum.saturating_add(keeper.stake));
        let kept = keepers.iter().fold(0u64, |sum, keeper| sum.saturating_add(keeper.signature.kept_leaves));
        Ok((is_reached(signed, total, threshold), signed, total, kept))
    }

    fn signers_of(
        &self,
        task: B256,
        task_time: u64,
        answer: B256,
        signatures: Bytes,
    ) -> Outcome<(Vec<Address>, Vec<u128>)> {
        let signers = self.signers_of_answer(task, task_time, answer, &signatures)?;
        self.operators_of(&self.carrying(signers, task_time)?)
    }

    fn data_signers_of(
        &self,
        task: B256,
        task_time: u64,
        root: B256,
        leaf_count: u64,
        signatures: Bytes,
    ) -> Outcome<(Vec<Address>, Vec<u128>)> {
        self.operators_of(&self.keepers(task, task_time, root, leaf_count, &signatures)?)
    }

    fn contracts(&self) -> (Address, Address) {
        (self.registry.get(), self.service_manager.get())
    }
}
