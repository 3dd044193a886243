//! Rewards: what services pay to the stakers of an operator. See [`interfaces::IRewards`].
//!
//! Invariants: an operator keeps at most the maximum commission, and never more than what it had announced a full
//! notice before; what is paid arrives whole in the vault, the commission set aside for the operator and the rest in
//! the stream of its pool.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod storage;

pub use storage::Rewards;

use alloc::vec::Vec;
use alloy_primitives::Address;
use arithmetic::{epoch, wad};
use common::stored::{number, set_number};
use common::{access, calls, Emit, Outcome};
use interfaces::{IRewards, IStrategyManager, ITokenPool};
use stylus_sdk::prelude::*;

#[public]
impl Rewards {
    /// Sets the ledger and the vault, for good.
    #[constructor]
    pub fn constructor(&mut self, strategy_manager: Address, token_pool: Address) -> Outcome {
        self.strategy_manager.set(access::contract(self.vm(), strategy_manager)?);
        self.token_pool.set(access::contract(self.vm(), token_pool)?);
        Ok(())
    }

    fn pay_reward(&mut self, operator: Address, token: Address, amount: u128) -> Outcome {
        let payer = self.vm().msg_sender();
        // Rounded down, against the operator; at most the amount.
        let commission = wad::portion_down(amount, self.commission_now(operator)).unwrap_or(0);
        let amount = amount.checked_sub(commission).ok_or(IStrategyManager::AmountTooLarge {})?;
        self.vm().emit(&IRewards::RewardPaid { payer, operator, token, amount, commission });
        let vault = self.token_pool.get();
        calls::send(self, vault, &ITokenPool::receiveRewardCall { payer, operator, token, amount, commission })?;
        Ok(())
    }

    fn schedule_commission(&mut self, commission: u64) -> Outcome {
        if commission > wad::MAX_COMMISSION {
            return Err(IRewards::CommissionTooHigh { commission, limit: wad::MAX_COMMISSION }.into());
        }
        let (operator, now) = (self.vm().msg_sender(), self.vm().block_timestamp());
        let mut stored = self.commissions.setter(operator);
        let pending_until = number(&stored.effective_at);
        if now < pending_until {
            return Err(IRewards::CommissionPending { effectiveAt: pending_until }.into());
        }
        let (before, effective_at) = (number(&stored.after), epoch::notice_ends(now));
        set_number(&mut stored.before, before);
        set_number(&mut stored.after, commission);
        set_number(&mut stored.effective_at, effective_at);
        self.vm().emit(&IRewards::CommissionScheduled { operator, commission, effectiveAt: effective_at });
        Ok(())
    }

    // Views.

    fn commission_of(&self, operator: Address) -> (u64, u64, u64) {
        let stored = self.commissions.getter(operator);
        (self.commission_now(operator), number(&stored.after), number(&stored.effective_at))
    }

    fn contracts(&self) -> (Address, Address) {
        (self.strategy_manager.get(), self.token_pool.get())
    }
}

impl Rewards {
    fn commission_now(&self, operator: Address) -> u64 {
        let stored = self.commissions.getter(operator);
        if self.vm().block_timestamp() < number(&stored.effective_at) {
            number(&stored.before)
        } else {
            number(&stored.after)
        }
    }
}
