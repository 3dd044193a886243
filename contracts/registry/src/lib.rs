//! Registry: a service's operator set. See [`interfaces::IRegistry`].
//!
//! Invariants: a signing key belongs to one operator for good, who has proven to hold it, so a signature always accuses the right one; an operator that serves had
//! opted in to slashing and held the minimum stake when it joined; leaving needs nobody's consent.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main)]
extern crate alloc;

mod membership;
mod stake;
mod storage;

pub use storage::Registry;

use alloy_primitives::{Address, B256, U128};
use common::stored::{number, wide};
use common::{access, Outcome};
use interfaces::IRegistry;
use stylus_sdk::prelude::*;

#[public]
impl Registry {
    /// Sets the owner, the service's ServiceManager and the protocol's ledger for good, and the minimum stake to begin with.
    #[constructor]
    pub fn constructor(
        &mut self,
        owner: Address,
        service_manager: Address,
        strategy_manager: Address,
        minimum_stake: u128,
    ) -> Outcome {
        self.owner.set(access::nonzero(owner)?);
        self.service_manager.set(access::contract(self.vm(), service_manager)?);
        self.strategy_manager.set(access::contract(self.vm(), strategy_manager)?);
        self.change_minimum_stake(minimum_stake);
        Ok(())
    }

    // Operators.

    fn register_operator(&mut self, signing_key: Address, r: B256, vs: B256) -> Outcome {
        self.join(self.vm().msg_sender(), signing_key, r, vs)
    }

    fn deregister_operator(&mut self) -> Outcome {
        self.leave(self.vm().msg_sender())
    }

    // Owner.

    fn set_strategy_weight(&mut self, token: Address, weight: u64) -> Outcome {
        access::only(self.vm(), self.owner.get())?;
        self.change_weight(token, weight)
    }

    fn set_minimum_stake(&mut self, minimum_stake: u128) -> Outcome {
        access::only(self.vm(), self.owner.get())?;
        self.change_minimum_stake(minimum_stake);
        Ok(())
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

    fn operator_count(&self) -> u64 {
        number(&self.operator_count)
    }

    fn minimum_stake(&self) -> u128 {
        wide(self.minimum_stake.get().as_limbs())
    }

    fn strategy_weight(&self, token: Address) -> u64 {
        number(&self.weights.getter(token))
    }
}

impl Registry {
    fn change_minimum_stake(&mut self, minimum_stake: u128) {
        self.minimum_stake.set(U128::from(minimum_stake));
        self.vm().log(IRegistry::MinimumStakeSet { minimumStake: minimum_stake });
    }
}
