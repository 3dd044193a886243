//! Registry: a service's operator set. See [`interfaces::IRegistry`].
//!
//! Invariants: a signing key belongs to one operator for good, that has proven to hold it, so a signature always
//! accuses the right one; an operator that joined had opted in to slashing and held the minimum stake; leaving needs
//! nobody's consent; signatures carry only what the service can take until every fault of their time is proven; nobody
//! shrinks the total but by an update that finds less, so a minority never becomes the whole.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod admission;
mod checkpoints;
mod keys;
mod membership;
mod parameters;
mod storage;
mod weights;

pub use storage::Registry;

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U64};
use alloy_sol_types::SolCall;
use arithmetic::time::LONGEST_DISPUTE_SECONDS;
use common::stored::{number, set_number};
use common::{access, calls, Emit, Outcome};
use interfaces::{IAccess, IOwnable, IRegistry};
use storage::{time, Member};
use stylus_sdk::prelude::*;

#[public]
impl Registry {
    /// Sets for good the service's ServiceManager, the protocol's ledger and its Slasher, the service's
    /// DisputeResolution, how long evidence of a task is good (seconds), and whether stake of the shared tier counts;
    /// and to begin with the minimum stake, and the admission contract or the zero address.
    #[constructor]
    #[allow(clippy::too_many_arguments)]
    pub fn constructor(
        &mut self,
        service_manager: Address,
        strategy_manager: Address,
        slasher: Address,
        dispute_resolution: Address,
        minimum_stake: u128,
        evidence_window: u64,
        accepts_shared: bool,
        admission: Address,
    ) -> Outcome {
        if evidence_window == 0 || evidence_window > LONGEST_DISPUTE_SECONDS {
            return Err(IRegistry::InvalidEvidenceWindow {
                evidenceWindow: evidence_window,
                limit: LONGEST_DISPUTE_SECONDS,
            }
            .into());
        }
        self.service_manager.set(access::contract(self.vm(), service_manager)?);
        self.strategy_manager.set(access::contract(self.vm(), strategy_manager)?);
        self.slasher.set(access::contract(self.vm(), slasher)?);
        self.dispute_resolution.set(access::contract(self.vm(), dispute_resolution)?);
        set_number(&mut self.evidence_window, evidence_window);
        self.accepts_shared.set(accepts_shared);
        self._schedule_minimum_stake(minimum_stake)?;
        self._schedule_admission(admission)
    }

    // Operators.

    fn register_operator(&mut self, signing_key: Address, r: B256, vs: B256) -> Outcome {
        self._register_operator(signing_key, r, vs)
    }

    fn rotate_key(&mut self, signing_key: Address, r: B256, vs: B256) -> Outcome {
        self._rotate_key(signing_key, r, vs)
    }

    fn deregister_operator(&mut self) -> Outcome {
        self._deregister_operator()
    }

    // Anyone.

    fn update_stakes(&mut self, operators: Vec<Address>) -> Outcome {
        operators.into_iter().try_for_each(|operator| self.update_stake(operator))
    }

    // DisputeResolution, and the ServiceManager for judges.

    fn suspend_operator(&mut self, operator: Address) -> Outcome {
        if self.vm().msg_sender() != self.service_manager.get() {
            access::only(self.vm(), self.dispute_resolution.get())?;
        }
        self.suspend(operator);
        Ok(())
    }

    fn suspend_accused(&mut self, signing_key: Address, operator: Address, task_time: u64) -> Outcome<bool> {
        access::only(self.vm(), self.dispute_resolution.get())?;
        let (owner, from, until) = self._key_of(signing_key);
        let accuses = owner == operator && !operator.is_zero() && (from..=until).contains(&task_time);
        if accuses {
            self.suspend(operator);
        }
        Ok(accuses)
    }

    // Owner of the service.

    fn schedule_strategy_weight(&mut self, token: Address, weight: u64) -> Outcome {
        self.only_owner()?;
        self._schedule_strategy_weight(token, weight)
    }

    fn schedule_minimum_stake(&mut self, minimum_stake: u128) -> Outcome {
        self.only_owner()?;
        self._schedule_minimum_stake(minimum_stake)
    }

    fn schedule_admission(&mut self, admission: Address) -> Outcome {
        self.only_owner()?;
        self._schedule_admission(admission)
    }

    // Views.

    fn is_registered(&self, operator: Address) -> bool {
        self.operators.getter(operator).read().serves
    }

    fn is_suspended(&self, operator: Address) -> bool {
        self.operators.getter(operator).read().suspended_since != 0
    }

    fn signing_key_of(&self, operator: Address) -> Address {
        self.operators.getter(operator).read().signing_key
    }

    fn key_of(&self, signing_key: Address) -> (Address, u64, u64) {
        self._key_of(signing_key)
    }

    fn weighted_stake_of(&self, operator: Address) -> Outcome<(u128, u128)> {
        self.weigh(operator).map(|weighed| (weighed.guaranteed, weighed.shared))
    }

    fn stake_at(&self, operator: Address, time: u64) -> u128 {
        self._stake_at(operator, time)
    }

    fn total_stake_at(&self, time: u64) -> u128 {
        self._total_stake_at(time)
    }

    fn signed_stake_at(&self, signing_keys: Vec<Address>, time: u64) -> Outcome<(u128, u128)> {
        self._signed_stake_at(&signing_keys, time)
    }

    fn evidence_window(&self) -> u64 {
        number(&self.evidence_window)
    }

    fn accepts_shared(&self) -> bool {
        self.accepts_shared.get()
    }

    fn operator_count(&self) -> u64 {
        time(&self.operator_count)
    }

    fn minimum_stake(&self) -> (u128, u128, u64) {
        self.minimum_stake.view(self.vm().block_timestamp())
    }

    fn strategy_weight(&self, token: Address) -> (u64, u64, u64) {
        self.weights.getter(U64::from(self.weight_index(token))).view(self.vm().block_timestamp())
    }

    fn admission(&self) -> (Address, Address, u64) {
        self.admission.view(self.vm().block_timestamp())
    }
}

impl Registry {
    fn suspend(&mut self, operator: Address) {
        let now = self.vm().block_timestamp();
        let mut stored = self.operators.setter(operator);
        let member = stored.read();
        if member.suspended_since == 0 {
            stored.write(&Member { suspended_since: now, ..member });
            self.vm().emit(&IRegistry::OperatorSuspended { operator });
        }
    }

    /// The service has one owner: its ServiceManager's.
    fn only_owner(&self) -> Outcome {
        let owner = calls::ask(self.vm(), self.service_manager.get(), IOwnable::ownerCall::SELECTOR, &[])?;
        let caller = self.vm().msg_sender();
        if owner != caller.into_word().as_slice() {
            return Err(IAccess::Unauthorized { caller }.into());
        }
        Ok(())
    }
}
