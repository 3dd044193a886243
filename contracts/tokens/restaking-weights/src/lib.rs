//! RestakingWeights: the operators that a receipt is restaked with, and their weights. See
//! [`interfaces::IRestakingWeights`].
//!
//! Invariants: the weights, in force and announced, are at most one in sum; nothing that holders had no notice of makes
//! their risk larger.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod moving;
mod scheduling;
mod storage;

pub use storage::RestakingWeights;

use alloc::vec::Vec;
use alloy_primitives::Address;
use arithmetic::epoch;
use common::{access, Outcome};
use stylus_sdk::prelude::*;

#[public]
impl RestakingWeights {
    /// Sets the first owner, and the vault and the Slasher for good.
    #[constructor]
    pub fn constructor(&mut self, owner: Address, vault: Address, slasher: Address) -> Outcome {
        self.ownership.begin(owner)?;
        self.vault.set(access::contract(self.vm(), vault)?);
        self.slasher.set(access::contract(self.vm(), slasher)?);
        Ok(())
    }

    // Anyone.

    fn stake_idle(&mut self) -> Outcome {
        self._stake_idle()
    }

    fn stake_idle_with_one(&mut self) -> Outcome {
        self._stake_idle_with_one()
    }

    fn rebalance(&mut self) -> Outcome {
        self._rebalance()
    }

    // Owner.

    fn schedule_weight(&mut self, operator: Address, weight: u64, max_commitment: u64) -> Outcome {
        self.ownership.only_owner()?;
        access::nonzero(operator)?;
        self._schedule_weight(operator, weight, max_commitment)
    }

    fn cancel_weight(&mut self, operator: Address) -> Outcome {
        self.ownership.only_owner()?;
        self._cancel_weight(operator)
    }

    fn transfer_ownership(&mut self, new_owner: Address) -> Outcome {
        self.ownership.offer(new_owner)
    }

    fn accept_ownership(&mut self) -> Outcome {
        self.ownership.accept()
    }

    // Views.

    fn operator_at(&self, index: u64) -> (Address, u64, u64, u64, u64, u64) {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let Some(stored) = self.operators.getter(index) else { return (Address::ZERO, 0, 0, 0, 0, 0) };
        let (now, next) = (self.terms_in_force(index), stored.next());
        let effective_at = epoch::start(stored.pending_at(epoch::at(self.vm().block_timestamp())));
        (stored.operator.get(), now.weight, next.weight, effective_at, now.max_commitment, next.max_commitment)
    }

    fn contracts(&self) -> (Address, Address) {
        (self.vault.get(), self.slasher.get())
    }

    fn owner(&self) -> Address {
        self.ownership.owner()
    }

    fn pending_owner(&self) -> Address {
        self.ownership.pending()
    }
}

fn wide_index(index: usize) -> u64 {
    u64::try_from(index).unwrap_or(u64::MAX)
}
