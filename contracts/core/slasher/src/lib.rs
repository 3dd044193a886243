//! Slasher: permissions to slash, freezes and slash requests. See [`interfaces::ISlasher`].
//!
//! Invariants: an operator is frozen exactly while it has an open request, and every request can be closed by anyone, by its execution after the challenge period or after its expiry, so no request freezes an operator for
//! good; what a service takes in all stays within the budget it was granted; no budget begins or grows before those who share the risk had a full notice to leave; the sum of an operator's budgets stays within the protocol's
//! maximum commitment; no service can keep an operator's grant alive against its will for more than one epoch.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main)]
extern crate alloc;

mod grants;
mod requests;
mod storage;

pub use storage::Slasher;

use alloy_primitives::{Address, U64, U8};
use arithmetic::pause;
use common::stored::{byte, number};
use common::{access, Outcome};
use interfaces::{IAccess, ISlasher};
use stylus_sdk::prelude::*;

/// The fields of a request, in the order of [`interfaces::ISlasher::slashRequest`](interfaces::ISlasher).
type RequestFields = (Address, Address, u64, Address, u64, Address, u64, u64, bool, Address);

#[public]
impl Slasher {
    /// Sets who may pause, and the ledger that slashes are executed on, for good.
    #[constructor]
    pub fn constructor(&mut self, governance: Address, strategy_manager: Address) -> Outcome {
        self.governance.set(access::contract(self.vm(), governance)?);
        self.strategy_manager.set(access::contract(self.vm(), strategy_manager)?);
        Ok(())
    }

    // Operators.

    fn opt_into_slashing(&mut self, service_manager: Address, max_slash: u64) -> Outcome {
        self.open_grant(self.vm().msg_sender(), service_manager, max_slash)
    }

    fn raise_budget(&mut self, service_manager: Address, max_slash: u64) -> Outcome {
        self.raise_slash_budget(self.vm().msg_sender(), service_manager, max_slash)
    }

    fn cancel_pending_grant(&mut self, service_manager: Address) -> Outcome {
        self.cancel_pending(self.vm().msg_sender(), service_manager)
    }

    fn opt_out_of_slashing(&mut self, service_manager: Address) -> Outcome {
        self.close_grant(self.vm().msg_sender(), service_manager)
    }

    // Services: the caller is the service, and the operator's grant to it is the permission.

    fn record_first_stake_update(&mut self, operator: Address, serve_until: u64) -> Outcome {
        self.record_obligation(operator, self.vm().msg_sender(), serve_until)
    }

    fn record_stake_update(&mut self, operator: Address, serve_until: u64) -> Outcome {
        self.record_obligation(operator, self.vm().msg_sender(), serve_until)
    }

    fn record_last_stake_update_and_revoke_slashing_ability(&mut self, operator: Address, serve_until: u64) -> Outcome {
        self.end_obligation(operator, self.vm().msg_sender(), serve_until)
    }

    fn freeze_operator(
        &mut self,
        operator: Address,
        wad: u64,
        challenger: Address,
        challenger_share: u64,
        recipient: Address,
        resolver: Address,
    ) -> Outcome<u64> {
        let service_manager = self.vm().msg_sender();
        let terms = requests::Terms { wad, challenger, challenger_share, recipient, resolver };
        self.open_request(operator, service_manager, &terms)
    }

    // Resolvers.

    fn veto_slash(&mut self, request_id: u64) -> Outcome {
        self.veto(request_id)
    }

    // Anyone.

    fn execute_slash(&mut self, request_id: u64) -> Outcome {
        self.execute(request_id)
    }

    fn close_expired_request(&mut self, request_id: u64) -> Outcome {
        self.expire(request_id)
    }

    fn activate_grant(&mut self, operator: Address, service_manager: Address) -> Outcome {
        self.activate(operator, service_manager)
    }

    fn release_commitment(&mut self, operator: Address, service_manager: Address) -> Outcome {
        self.release_ended_grant(operator, service_manager)
    }

    // Governance.

    fn set_pause(&mut self, flags: u8, until: u64) -> Outcome {
        access::only(self.vm(), self.governance.get())?;
        self.paused.set(U8::from(flags));
        self.paused_until.set(U64::from(until));
        self.vm().log(ISlasher::PauseSet { flags, until });
        Ok(())
    }

    // Views.

    fn is_frozen(&self, operator: Address) -> bool {
        number(&self.operators.getter(operator).open_requests) != 0
    }

    fn can_slash(&self, operator: Address, service_manager: Address) -> bool {
        let until = number(&self.grants.getter(operator).getter(service_manager).can_slash_until);
        until >= self.vm().block_timestamp()
    }

    fn secures(&self, operator: Address, service_manager: Address) -> bool {
        self.is_granted(operator, service_manager)
            && number(&self.grants.getter(operator).getter(service_manager).max_slash) != 0
            && number(&self.operators.getter(operator).open_requests) == 0
    }

    fn grant(&self, operator: Address, service_manager: Address) -> (u64, u64, u64, u64) {
        let grants = self.grants.getter(operator);
        let grant = grants.getter(service_manager);
        (
            number(&grant.max_slash),
            number(&grant.can_slash_until),
            number(&grant.serve_until),
            number(&grant.last_update),
        )
    }

    fn pending_grant(&self, operator: Address, service_manager: Address) -> (u64, u64) {
        let grants = self.grants.getter(operator);
        let grant = grants.getter(service_manager);
        (number(&grant.raise), number(&grant.raise_at))
    }

    fn operator_status(&self, operator: Address) -> (u64, u64, u64) {
        let status = self.operators.getter(operator);
        (number(&status.commitment), number(&status.open_requests), number(&status.frozen_since))
    }

    fn pending_slash(&self, operator: Address) -> u64 {
        number(&self.operators.getter(operator).pending_slash)
    }

    fn slash_request(&self, request_id: u64) -> RequestFields {
        let request = self.requests.getter(U64::from(request_id));
        (
            request.operator.get(),
            request.service_manager.get(),
            number(&request.wad),
            request.challenger.get(),
            number(&request.challenger_share),
            request.recipient.get(),
            number(&request.capture_epoch),
            number(&request.executable_at),
            request.open.get(),
            request.resolver.get(),
        )
    }

    fn request_count(&self) -> u64 {
        number(&self.request_count)
    }

    fn strategy_manager(&self) -> Address {
        self.strategy_manager.get()
    }
}

impl Slasher {
    fn require_unpaused(&self, action: u8) -> Outcome {
        let (flags, until) = (byte(&self.paused), number(&self.paused_until));
        if pause::is_paused(action, flags, until, self.vm().block_timestamp()) {
            return Err(IAccess::Paused { action }.into());
        }
        Ok(())
    }
}
