//! ServiceManager: a service's single point of contact with the protocol, and its published terms. See [`interfaces::IServiceManager`].
//!
//! Its address is the service: operators opt in to it, and it is the verifying contract of what they sign. It lets through the Registry (who serves) and the
//! DisputeResolution (who is at fault) and nobody else.
//!
//! Invariant: a fault is judged by the terms that were in force at its time, and terms were announced a full notice before they are.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main)]
extern crate alloc;

mod storage;
mod terms;

pub use storage::ServiceManager;

use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use common::stored::number;
use common::{access, calls, Outcome};
use interfaces::ISlasher;
use stylus_sdk::prelude::*;
use terms::Terms;

#[public]
impl ServiceManager {
    /// Sets the first owner, the collaborators for good, and the terms to begin with, in the order of the ABI.
    #[constructor]
    #[allow(clippy::too_many_arguments)]
    pub fn constructor(
        &mut self,
        owner: Address,
        slasher: Address,
        registry: Address,
        dispute_resolution: Address,
        equivocation_wad: u64,
        availability_wad: u64,
        challenger_share: u64,
        reward_rate: u64,
        recipient: Address,
        resolver: Address,
    ) -> Outcome {
        self.ownership.begin(owner)?;
        self.slasher.set(access::contract(self.vm(), slasher)?);
        self.registry.set(access::contract(self.vm(), registry)?);
        self.dispute_resolution.set(access::contract(self.vm(), dispute_resolution)?);
        self.begin_terms(&Terms {
            equivocation_wad,
            availability_wad,
            challenger_share,
            reward_rate,
            recipient,
            resolver,
        })
    }

    // Registry.

    fn record_first_stake_update(&mut self, operator: Address, serve_until: u64) -> Outcome {
        self.record(&ISlasher::recordFirstStakeUpdateCall { operator, serveUntil: serve_until })
    }

    fn record_stake_update(&mut self, operator: Address, serve_until: u64) -> Outcome {
        self.record(&ISlasher::recordStakeUpdateCall { operator, serveUntil: serve_until })
    }

    fn record_last_stake_update_and_revoke_slashing_ability(&mut self, operator: Address, serve_until: u64) -> Outcome {
        self.record(&ISlasher::recordLastStakeUpdateAndRevokeSlashingAbilityCall { operator, serveUntil: serve_until })
    }

    // DisputeResolution.

    fn freeze_operator(&mut self, operator: Address, challenger: Address, kind: u8, fault_time: u64) -> Outcome<u64> {
        access::only(self.vm(), self.dispute_resolution.get())?;
        // A task that is dated ahead must not choose terms that are only announced.
        let terms = self.terms_of(fault_time.min(self.vm().block_timestamp()));
        let request = ISlasher::freezeOperatorCall {
            operator,
            wad: terms.wad_of(kind)?,
            challenger,
            challengerShare: terms.challenger_share,
            recipient: terms.recipient,
            resolver: terms.resolver,
        };
        let slasher = self.slasher.get();
        calls::send(self, slasher, &request)
    }

    // Owner.

    fn schedule_terms(
        &mut self,
        equivocation_wad: u64,
        availability_wad: u64,
        challenger_share: u64,
        reward_rate: u64,
        recipient: Address,
        resolver: Address,
    ) -> Outcome {
        self.ownership.only_owner()?;
        self.schedule(&Terms { equivocation_wad, availability_wad, challenger_share, reward_rate, recipient, resolver })
    }

    fn cancel_terms(&mut self) -> Outcome {
        self.ownership.only_owner()?;
        self.cancel()
    }

    fn transfer_ownership(&mut self, new_owner: Address) -> Outcome {
        self.ownership.offer(new_owner)
    }

    fn accept_ownership(&mut self) -> Outcome {
        self.ownership.accept()
    }

    // Views.

    fn terms(&self) -> (u64, u64, u64, u64, Address, Address) {
        self.terms_of(self.vm().block_timestamp()).fields()
    }

    fn terms_at(&self, time: u64) -> (u64, u64, u64, u64, Address, Address) {
        self.terms_of(time).fields()
    }

    fn terms_effective_at(&self) -> u64 {
        number(&self.effective_at)
    }

    fn owner(&self) -> Address {
        self.ownership.owner()
    }

    fn pending_owner(&self) -> Address {
        self.ownership.pending()
    }

    fn contracts(&self) -> (Address, Address, Address) {
        (self.slasher.get(), self.registry.get(), self.dispute_resolution.get())
    }
}

impl ServiceManager {
    fn record<C: SolCall>(&mut self, request: &C) -> Outcome {
        access::only(self.vm(), self.registry.get())?;
        let slasher = self.slasher.get();
        calls::send(self, slasher, request)?;
        Ok(())
    }
}
