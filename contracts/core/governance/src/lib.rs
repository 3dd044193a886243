//! Governance: every hand that the owner has on the protocol. See [`interfaces::IGovernance`].
//!
//! Invariants: limits that stakers live with change only a full notice after they were announced, and not later than an
//! epoch after that, except that a token can be closed for new deposits; no pause keeps anybody from leaving, or a
//! slash from being executed, for more than seven days in a row.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod limits;
mod pausing;
mod storage;

pub use storage::Governance;

use alloc::vec::Vec;
use alloy_primitives::Address;
use common::stored::number;
use common::{access, Emit, Outcome};
use interfaces::IGovernance;
use limits::Limits;
use stylus_sdk::prelude::*;

#[public]
impl Governance {
    /// Sets the first owner, pauser and unpauser (the zero address: nobody), and the contracts that are governed, for
    /// good.
    #[constructor]
    pub fn constructor(
        &mut self,
        owner: Address,
        pauser: Address,
        unpauser: Address,
        token_pool: Address,
        slasher: Address,
    ) -> Outcome {
        self.ownership.begin(owner)?;
        self.token_pool.set(access::contract(self.vm(), token_pool)?);
        self.slasher.set(access::contract(self.vm(), slasher)?);
        self.appoint(pauser, unpauser);
        Ok(())
    }

    // Owner.

    fn add_strategy(&mut self, token: Address, cap: u128, deposit_percent: u8, outflow_percent: u8) -> Outcome {
        self.ownership.only_owner()?;
        self._add_strategy(token, Limits { cap, deposit_percent, outflow_percent })
    }

    fn close_strategy(&mut self, token: Address) -> Outcome {
        self.ownership.only_owner()?;
        self._close_strategy(token)
    }

    fn schedule_limits(&mut self, token: Address, cap: u128, deposit_percent: u8, outflow_percent: u8) -> Outcome {
        self.ownership.only_owner()?;
        self._schedule_limits(token, Limits { cap, deposit_percent, outflow_percent })
    }

    fn cancel_limits(&mut self, token: Address) -> Outcome {
        self.ownership.only_owner()?;
        self._cancel_limits(token)
    }

    fn set_roles(&mut self, pauser: Address, unpauser: Address) -> Outcome {
        self.ownership.only_owner()?;
        self.appoint(pauser, unpauser);
        Ok(())
    }

    fn transfer_ownership(&mut self, new_owner: Address) -> Outcome {
        self.ownership.offer(new_owner)
    }

    fn accept_ownership(&mut self) -> Outcome {
        self.ownership.accept()
    }

    // Anyone.

    fn apply_limits(&mut self, token: Address) -> Outcome {
        self._apply_limits(token)
    }

    // Pauser and unpauser.

    fn pause(&mut self, flags: u8) -> Outcome {
        self._pause(flags)
    }

    fn unpause(&mut self) -> Outcome {
        self._unpause()
    }

    // Views.

    fn paused(&self) -> (u8, u64) {
        (self._paused(), number(&self.paused_until))
    }

    fn pause_allowed_at(&self) -> u64 {
        self.allowed_at()
    }

    fn roles(&self) -> (Address, Address) {
        (self.pauser.get(), self.unpauser.get())
    }

    fn scheduled_limits(&self, token: Address) -> (u128, u8, u8, u64) {
        let scheduled = self.scheduled.getter(token);
        let Limits { cap, deposit_percent, outflow_percent } = scheduled.read();
        (cap, deposit_percent, outflow_percent, number(&scheduled.effective_at))
    }

    fn owner(&self) -> Address {
        self.ownership.owner()
    }

    fn pending_owner(&self) -> Address {
        self.ownership.pending()
    }

    fn contracts(&self) -> (Address, Address) {
        (self.token_pool.get(), self.slasher.get())
    }
}

impl Governance {
    fn appoint(&mut self, pauser: Address, unpauser: Address) {
        self.pauser.set(pauser);
        self.unpauser.set(unpauser);
        self.vm().emit(&IGovernance::RolesSet { pauser, unpauser });
    }
}
