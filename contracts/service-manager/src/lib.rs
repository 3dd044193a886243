//! ServiceManager: a service's single point of contact with the protocol, and its published terms. See [`interfaces::IServiceManager`].
//!
//! Its address is the service: operators opt in to it, and it is the verifying contract of what they sign. It lets through the Registry (who serves) and the
//! DisputeResolution (who is at fault) and nobody else.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main)]
extern crate alloc;

mod storage;

pub use storage::ServiceManager;

use alloy_primitives::{Address, U64};
use alloy_sol_types::SolCall;
use arithmetic::wad;
use common::stored::number;
use common::{access, calls, Outcome};
use interfaces::{IServiceManager, ISlasher};
use stylus_sdk::prelude::*;

#[public]
impl ServiceManager {
    /// Sets the owner and the collaborators for good, and the terms to begin with.
    #[constructor]
    #[allow(clippy::too_many_arguments)]
    pub fn constructor(
        &mut self,
        owner: Address,
        slasher: Address,
        registry: Address,
        dispute_resolution: Address,
        slash_wad: u64,
        challenger_share: u64,
        recipient: Address,
    ) -> Outcome {
        self.owner.set(access::nonzero(owner)?);
        self.slasher.set(access::contract(self.vm(), slasher)?);
        self.registry.set(access::contract(self.vm(), registry)?);
        self.dispute_resolution.set(access::contract(self.vm(), dispute_resolution)?);
        self.change_terms(slash_wad, challenger_share, recipient)
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

    fn freeze_operator(&mut self, operator: Address, challenger: Address) -> Outcome<u64> {
        access::only(self.vm(), self.dispute_resolution.get())?;
        let request = ISlasher::freezeOperatorCall {
            operator,
            wad: number(&self.slash_wad),
            challenger,
            challengerShare: number(&self.challenger_share),
            recipient: self.recipient.get(),
            resolver: Address::ZERO,
        };
        let slasher = self.slasher.get();
        calls::send(self, slasher, &request)
    }

    // Owner.

    fn set_terms(&mut self, slash_wad: u64, challenger_share: u64, recipient: Address) -> Outcome {
        access::only(self.vm(), self.owner.get())?;
        self.change_terms(slash_wad, challenger_share, recipient)
    }

    // Views.

    fn terms(&self) -> (u64, u64, Address) {
        (number(&self.slash_wad), number(&self.challenger_share), self.recipient.get())
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

    fn change_terms(&mut self, slash_wad: u64, challenger_share: u64, recipient: Address) -> Outcome {
        access::nonzero(recipient)?;
        if slash_wad == 0 || slash_wad > wad::ONE || challenger_share > wad::MAX_CHALLENGER_SHARE {
            return Err(IServiceManager::InvalidTerms {}.into());
        }
        self.slash_wad.set(U64::from(slash_wad));
        self.challenger_share.set(U64::from(challenger_share));
        self.recipient.set(recipient);
        self.vm().log(IServiceManager::TermsSet { slashWad: slash_wad, challengerShare: challenger_share, recipient });
        Ok(())
    }
}
