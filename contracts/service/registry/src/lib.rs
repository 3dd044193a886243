//! Registry: a service's operator set. See [`interfaces::IRegistry`].
//!
//! Invariants: a signing key belongs to one operator for good, who has proven to hold it, so a signature always accuses the right one; an operator that serves had
//! opted in to slashing and held the minimum stake when it joined; leaving needs nobody's consent; whose stake counts for how much changes only after a notice.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main)]
extern crate alloc;

mod history;
mod membership;
mod parameters;
mod quorum;
mod stake;
mod storage;

pub use storage::Registry;

use alloc::vec::Vec;
use alloy_primitives::{Address, B256};
use common::stored::number;
use common::{access, calls, Outcome};
use interfaces::IOwnable;
use stylus_sdk::abi::Bytes;
use stylus_sdk::prelude::*;

#[public]
impl Registry {
    /// Sets the service's ServiceManager, the protocol's ledger and its Slasher for good, and the minimum stake to begin with.
    #[constructor]
    pub fn constructor(
        &mut self,
        service_manager: Address,
        strategy_manager: Address,
        slasher: Address,
        minimum_stake: u128,
    ) -> Outcome {
        self.service_manager.set(access::contract(self.vm(), service_manager)?);
        self.strategy_manager.set(access::contract(self.vm(), strategy_manager)?);
        self.slasher.set(access::contract(self.vm(), slasher)?);
        self.schedule_minimum(minimum_stake)
    }

    // Operators.

    fn register_operator(&mut self, signing_key: Address, r: B256, vs: B256) -> Outcome {
        self.join(self.vm().msg_sender(), signing_key, r, vs)
    }

    fn deregister_operator(&mut self) -> Outcome {
        self.leave(self.vm().msg_sender())
    }

    // Anyone.

    fn update_stakes(&mut self, operators: Vec<Address>) -> Outcome {
        operators.into_iter().try_for_each(|operator| self.update(operator))
    }

    // Owner of the service.

    fn schedule_strategy_weight(&mut self, token: Address, weight: u64) -> Outcome {
        self.only_owner()?;
        self.schedule_weight(token, weight)
    }

    fn schedule_minimum_stake(&mut self, minimum_stake: u128) -> Outcome {
        self.only_owner()?;
        self.schedule_minimum(minimum_stake)
    }

    // Views.

    fn is_registered(&self, operator: Address) -> bool {
        self.operators.getter(operator).serves.get()
    }

    fn signing_key_of(&self, operator: Address) -> Address {
        self.operators.getter(operator).signing_key.get()
    }

    fn operator_of(&self, signing_key: Address) -> Address {
        self.key_owners.get(signing_key)
    }

    fn weighted_stake_of(&self, operator: Address) -> Outcome<u128> {
        self.weigh(operator)
    }

    fn stake_at(&self, operator: Address, time: u64) -> u128 {
        history::at(&self.histories.getter(operator), time)
    }

    fn total_stake_at(&self, time: u64) -> u128 {
        history::at(&self.total, time)
    }

    fn verify_quorum(
        &self,
        task: B256,
        task_time: u64,
        answer: B256,
        signatures: Bytes,
        threshold: u16,
    ) -> Outcome<(bool, u128, u128)> {
        self.quorum((task, task_time, answer), &signatures, threshold)
    }

    fn operator_count(&self) -> u64 {
        number(&self.operator_count)
    }

    fn minimum_stake(&self) -> (u128, u128, u64) {
        self.minimum_stake.view(self.vm().block_timestamp())
    }

    fn strategy_weight(&self, token: Address) -> (u64, u64, u64) {
        let (weight, next, effective_at) = self.weights.getter(token).view(self.vm().block_timestamp());
        (narrow(weight), narrow(next), effective_at)
    }
}

impl Registry {
    /// The service has one owner: its ServiceManager's.
    fn only_owner(&self) -> Outcome {
        let owner = calls::view(self.vm(), self.service_manager.get(), &IOwnable::ownerCall {})?;
        access::only(self.vm(), owner)
    }
}

/// Weights are given as 64 bits.
fn narrow(weight: u128) -> u64 {
    u64::try_from(weight).unwrap_or(u64::MAX)
}
