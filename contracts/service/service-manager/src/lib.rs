//! ServiceManager: a service's single point of contact with the protocol, and its published terms. See
//! [`interfaces::IServiceManager`].
//!
//! Its address is the service: operators opt in to it, and it is the verifying contract of what they sign. It lets
//! through the Registry (who serves), the DisputeResolution and the judges of other kinds (who is at fault), and nobody
//! else.
//!
//! Invariant: a fault is judged by the terms that were in force at its time, and never costs less than it would now;
//! terms were announced a full notice before they are in force.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod judges;
mod storage;
mod terms;

pub use storage::ServiceManager;

use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use arithmetic::fault::{ROOM, UNAVAILABILITY};
use common::stored::number;
use common::words::{self, Words};
use common::{access, calls, Outcome, Revert};
use interfaces::ISlasher;
use stylus_sdk::prelude::*;
use terms::{Penalty, Terms, TermsFields};

#[public]
impl ServiceManager {
    /// Sets who connects it with the contracts that name it, the first owner, the Slasher for good, and the terms to
    /// begin with, in the order of the ABI.
    #[constructor]
    #[allow(clippy::too_many_arguments)]
    pub fn constructor(
        &mut self,
        connector: Address,
        owner: Address,
        slasher: Address,
        wads: [u64; ROOM],
        challenger_share: u64,
        reward_rate: u64,
        profit_from_corruption: u128,
        recipient: Address,
        resolver: Address,
    ) -> Outcome {
        self.connection.begin(connector)?;
        self.ownership.begin(owner)?;
        self.slasher.set(access::contract(self.vm(), slasher)?);
        self.begin_terms(&Terms { wads, challenger_share, reward_rate, profit_from_corruption, recipient, resolver })
    }

    // Connector.

    fn connect(&mut self, registry: Address, dispute_resolution: Address) -> Outcome {
        self.connection.connect()?;
        self.registry.set(access::contract(self.vm(), registry)?);
        self.dispute_resolution.set(access::contract(self.vm(), dispute_resolution)?);
        Ok(())
    }

    // Registry.

    fn record_first_stake_update(&mut self, operator: Address) -> Outcome<(u64, u64, u64, u64)> {
        let recorded = self.record(&ISlasher::recordFirstStakeUpdateCall { operator })?;
        Ok((recorded.guaranteed, recorded.shared, recorded.magnitude, recorded.pending))
    }

    fn record_last_stake_update_and_revoke_slashing_ability(&mut self, operator: Address) -> Outcome {
        self.record(&ISlasher::recordLastStakeUpdateAndRevokeSlashingAbilityCall { operator })?;
        Ok(())
    }

    // DisputeResolution, and judges.

    fn freeze_operator(&mut self, operator: Address, challenger: Address, kind: u8, fault_time: u64) -> Outcome<u64> {
        access::only(self.vm(), self._judge_of(kind))?;
        let Penalty { wad, challenger_share, recipient, resolver } = self.penalty(kind, fault_time)?;
        let request = ISlasher::freezeOperatorCall {
            operator,
            wad,
            challenger,
            challengerShare: challenger_share,
            recipient,
            resolver,
        };
        let slasher = self.slasher.get();
        let answer = calls::send_raw(self, slasher, U256::ZERO, &words::call(&request))?;
        // The DisputeResolution suspends the operator itself, often with the same call that proves the fault.
        if kind > UNAVAILABILITY {
            self.suspend(operator)?;
        }
        u64::try_from(calls::answer(&answer, 0)?).map_err(|_| Revert::passed_on(Vec::new()))
    }

    // Owner.

    fn schedule_terms(
        &mut self,
        wads: [u64; ROOM],
        challenger_share: u64,
        reward_rate: u64,
        profit_from_corruption: u128,
        recipient: Address,
        resolver: Address,
    ) -> Outcome {
        self.ownership.only_owner()?;
        self._schedule_terms(&Terms {
            wads,
            challenger_share,
            reward_rate,
            profit_from_corruption,
            recipient,
            resolver,
        })
    }

    fn cancel_terms(&mut self) -> Outcome {
        self.ownership.only_owner()?;
        self._cancel_terms()
    }

    fn name_judge(&mut self, kind: u8, judge: Address) -> Outcome {
        self.ownership.only_owner()?;
        self._name_judge(kind, judge)
    }

    fn transfer_ownership(&mut self, new_owner: Address) -> Outcome {
        self.ownership.offer(new_owner)
    }

    fn accept_ownership(&mut self) -> Outcome {
        self.ownership.accept()
    }

    // Views.

    fn terms(&self) -> TermsFields {
        self.terms_of(self.vm().block_timestamp()).fields()
    }

    fn terms_at(&self, time: u64) -> TermsFields {
        self.terms_of(time).fields()
    }

    fn terms_effective_at(&self) -> u64 {
        number(&self.effective_at)
    }

    fn judge_of(&self, kind: u8) -> Address {
        self._judge_of(kind)
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
    fn record<C: SolCall>(&mut self, request: &C) -> Outcome<C::Return>
    where
        for<'a> C::Token<'a>: Words,
    {
        access::only(self.vm(), self.registry.get())?;
        let slasher = self.slasher.get();
        calls::send(self, slasher, request)
    }
}
