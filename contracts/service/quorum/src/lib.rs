//! Quorum: whether enough of a service's stake signed something. See [`interfaces::IQuorum`].
//!
//! Invariants: no signer counts twice; what does not count is passed over, so nobody spoils the quorum of others;
//! nothing is called a quorum so late that a fault of its signers could not be proven any more.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod storage;
mod verification;

pub use storage::Quorum;

use alloc::vec::Vec;
use alloy_primitives::{Address, B256};
use arithmetic::time::LONGEST_DISPUTE_SECONDS;
use common::stored::set_number;
use common::{access, calls, typed_data, Outcome};
use interfaces::IRegistry;
use stylus_sdk::abi::Bytes;
use stylus_sdk::prelude::*;

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
        let hash = typed_data::attestation(self.vm(), self.service_manager.get(), task, task_time, answer);
        self.verify(hash, task_time, &signatures, threshold)
    }

    fn verify_data_quorum(
        &self,
        task: B256,
        task_time: u64,
        root: B256,
        leaf_count: u64,
        signatures: Bytes,
        threshold: u16,
    ) -> Outcome<(bool, u128, u128)> {
        let service = self.service_manager.get();
        let hash = typed_data::data_commitment(self.vm(), service, task, task_time, root, leaf_count);
        self.verify(hash, task_time, &signatures, threshold)
    }

    fn contracts(&self) -> (Address, Address) {
        (self.registry.get(), self.service_manager.get())
    }
}
