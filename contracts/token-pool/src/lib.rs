//! TokenPool: the stakers' only door, and the vault. See [`interfaces::ITokenPool`].
//!
//! It knows who calls and moves tokens; the StrategyManager knows what belongs to whom. Every function tells the ledger first and moves tokens last, and the SDK
//! denies re-entry, so a token that calls back finds the door closed.
//!
//! Invariant: for each token it holds at least what the ledger owes. What somebody sends to it without staking belongs to nobody.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main)]
extern crate alloc;

mod storage;

pub use storage::TokenPool;

use alloy_primitives::Address;
use common::{access, calls, token, Outcome};
use interfaces::IStrategyManager;
use stylus_sdk::prelude::*;

#[public]
impl TokenPool {
    /// Sets the ledger, for good.
    #[constructor]
    pub fn constructor(&mut self, strategy_manager: Address) -> Outcome {
        self.strategy_manager.set(access::contract(self.vm(), strategy_manager)?);
        Ok(())
    }

    fn stake(&mut self, token: Address, amount: u128, operator: Address) -> Outcome<u128> {
        let staker = self.vm().msg_sender();
        let shares = self.tell(&IStrategyManager::creditStakeCall { staker, token, operator, amount })?;
        token::pull(self, token, staker, amount)?;
        Ok(shares)
    }

    fn delegate_to(&mut self, token: Address, operator: Address, shares: u128) -> Outcome<u128> {
        let staker = self.vm().msg_sender();
        self.tell(&IStrategyManager::delegateCall { staker, token, operator, shares })
    }

    fn queue_withdrawal(&mut self, token: Address, operator: Address, shares: u128) -> Outcome<u64> {
        let staker = self.vm().msg_sender();
        self.tell(&IStrategyManager::queueWithdrawalCall { staker, token, operator, shares })
    }

    fn complete_queued_withdrawal(
        &mut self,
        token: Address,
        operator: Address,
        release_epoch: u64,
        recipient: Address,
    ) -> Outcome<u128> {
        let staker = self.vm().msg_sender();
        let amount = self.tell(&IStrategyManager::completeWithdrawalCall {
            staker,
            token,
            operator,
            releaseEpoch: release_epoch,
            recipient,
        })?;
        token::push(self, token, recipient, amount)?;
        Ok(amount)
    }

    fn complete_queued_withdrawal_as_shares(
        &mut self,
        token: Address,
        operator: Address,
        release_epoch: u64,
        new_operator: Address,
    ) -> Outcome<u128> {
        let staker = self.vm().msg_sender();
        self.tell(&IStrategyManager::completeWithdrawalAsSharesCall {
            staker,
            token,
            operator,
            releaseEpoch: release_epoch,
            newOperator: new_operator,
        })
    }

    fn claim_slashed(&mut self, token: Address, claimant: Address) -> Outcome<u128> {
        let amount = self.tell(&IStrategyManager::claimSlashedCall { claimant, token })?;
        token::push(self, token, claimant, amount)?;
        Ok(amount)
    }

    fn strategy_manager(&self) -> Address {
        self.strategy_manager.get()
    }
}

impl TokenPool {
    fn tell<C: alloy_sol_types::SolCall>(&mut self, request: &C) -> Outcome<C::Return> {
        let ledger = self.strategy_manager.get();
        calls::send(self, ledger, request)
    }
}
