//! Slasher: grants, freezes and slash requests. See [`interfaces::ISlasher`].
//!
//! Invariants: exclusive budgets and their open requests never exceed the magnitude in sum, so each can be taken whole,
//! whatever else is executed before; what a service takes in all stays within the budget it was granted; no budget
//! begins or grows before everybody who shares the risk had a full notice to leave; an operator is frozen exactly while
//! it has an open request, and anyone can close each request, by its execution after the challenge period or after its
//! expiry; no freeze holds a withdrawal for more than nine days beyond its release; no service can keep an operator's
//! grant alive.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod grants;
mod operators;
mod published;
mod requests;
mod storage;

pub use storage::Slasher;

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U64, U8};
use arithmetic::pause;
use common::list::{Answer, Operators, MANY};
use common::stored::byte;
use common::{access, Emit, Outcome};
use interfaces::{IAccess, ISlasher};
use published::Published;
use requests::Asked;
use storage::{pauses, set_pauses};
use stylus_sdk::prelude::*;

#[public]
impl Slasher {
    /// Sets who connects it with the contracts that name it.
    #[constructor]
    pub fn constructor(&mut self, connector: Address) -> Outcome {
        self.set_next_request(0);
        self.connection.begin(connector)
    }

    // Connector.

    fn connect(&mut self, governance: Address, strategy_manager: Address) -> Outcome {
        self.connection.connect()?;
        self.governance.set(access::contract(self.vm(), governance)?);
        self.strategy_manager.set(access::contract(self.vm(), strategy_manager)?);
        Ok(())
    }

    // Operators.

    fn opt_into_slashing(&mut self, service_manager: Address, budget: u64, exclusive: bool) -> Outcome {
        self._opt_into_slashing(self.vm().msg_sender(), service_manager, budget, exclusive)
    }

    fn raise_budget(&mut self, service_manager: Address, budget: u64) -> Outcome {
        self._raise_budget(self.vm().msg_sender(), service_manager, budget)
    }

    fn cancel_pending_grant(&mut self, service_manager: Address) -> Outcome {
        self._cancel_pending_grant(self.vm().msg_sender(), service_manager)
    }

    fn opt_out_of_slashing(&mut self, service_manager: Address) -> Outcome {
        let operator = self.vm().msg_sender();
        self.require_granted(operator, service_manager)?;
        self.end_grant(operator, service_manager);
        Ok(())
    }

    // Services: the caller is the service, and its grant from the operator is what it may do.

    fn record_first_stake_update(&mut self, operator: Address) -> Outcome<(u64, u64, u64, u64)> {
        let service_manager = self.vm().msg_sender();
        self.require_granted(operator, service_manager)?;
        self.vm().emit(&ISlasher::ServiceJoined { operator, serviceManager: service_manager });
        Ok(self._guarantee_of(operator, service_manager))
    }

    fn record_last_stake_update_and_revoke_slashing_ability(&mut self, operator: Address) {
        self.end_grant(operator, self.vm().msg_sender());
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
        let asked = Asked { part: wad, challenger, challenger_share, recipient, resolver };
        self._freeze_operator(operator, self.vm().msg_sender(), &asked)
    }

    // Resolvers.

    fn veto_slash(&mut self, request_id: u64, request: Published) -> Outcome {
        self._veto_slash(request_id, &request)
    }

    // Anyone.

    fn execute_slash(&mut self, request_id: u64, request: Published) -> Outcome {
        self._execute_slash(request_id, &request)
    }

    fn close_expired_request(&mut self, request_id: u64, request: Published) -> Outcome {
        self._close_expired_request(request_id, &request)
    }

    fn activate_grant(&mut self, operator: Address, service_manager: Address) -> Outcome {
        self._activate_grant(operator, service_manager)
    }

    fn clear_lapsed_grant(&mut self, operator: Address, service_manager: Address) -> Outcome {
        self._clear_lapsed_grant(operator, service_manager)
    }

    fn release_commitment(&mut self, operator: Address, service_manager: Address) -> Outcome {
        self._release_commitment(operator, service_manager)
    }

    // Governance.

    fn set_pause(&mut self, flags: u8, until: u64) -> Outcome {
        access::only(self.vm(), self.governance.get())?;
        let now = self.vm().block_timestamp();
        self.paused.set(U8::from(flags));
        for (word, action) in [(&mut self.queue_pauses, pause::QUEUE), (&mut self.execute_pauses, pause::EXECUTE)] {
            let mut window = pauses(word);
            window.set(flags & action != 0, until, now);
            set_pauses(word, &window);
        }
        self.vm().emit(&ISlasher::PauseSet { flags, until });
        Ok(())
    }

    // Views.

    fn is_frozen(&self, operator: Address) -> bool {
        self.is_frozen_now(operator)
    }

    fn check_stake(&self, operator: Address, max_commitment: u64) -> Outcome {
        self._check_stake(operator, max_commitment)
    }

    fn refuse_queueing(&self, operators: Operators) -> Answer {
        let mut refused = Answer::of(MANY);
        for (index, operator) in operators.operators().enumerate() {
            refused.set(index, self._refuse_queueing(operator).into());
        }
        refused
    }

    fn check_release(&self, operator: Address, release_epoch: u64) -> Outcome {
        self._check_release(operator, release_epoch)
    }

    fn can_slash(&self, operator: Address, service_manager: Address) -> bool {
        self.load_grant(operator, service_manager).can_slash_until >= self.vm().block_timestamp()
    }

    fn guarantee_of(&self, operator: Address, service_manager: Address) -> (u64, u64, u64, u64) {
        self._guarantee_of(operator, service_manager)
    }

    fn pending_slash(&self, operator: Address) -> (u64, u64) {
        let status = self.operators.getter(operator);
        (status.budgets().pending(status.freezes().pending), status.freeze().since)
    }

    fn request_count(&self) -> u64 {
        self.next_request()
    }

    fn request_hash(&self, request_id: u64) -> B256 {
        self.requests.get(U64::from(request_id))
    }

    fn strategy_manager(&self) -> Address {
        self.strategy_manager.get()
    }

    fn extsload(&self, slot: B256) -> B256 {
        self.vm().storage_load_bytes32(slot.into())
    }
}

impl Slasher {
    /// Refuses an action that stays paused until the next change.
    fn require_unpaused(&self, action: u8) -> Outcome {
        if pause::is_paused(action, byte(&self.paused), 0, self.vm().block_timestamp()) {
            return Err(IAccess::Paused { action }.into());
        }
        Ok(())
    }
}
