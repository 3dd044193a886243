//! TokenPool: the stakers' only door, and the vault. See [`interfaces::ITokenPool`].
//!
//! It knows who calls, moves tokens, and limits how much comes and goes; the StrategyManager knows what belongs to
//! whom. Every function tells the ledger first and moves tokens last, and the SDK denies re-entry, so a token that
//! calls back finds the door closed.
//!
//! Invariants: for each token it holds at least what it owes: pools, streams, buckets and funds set aside. What
//! somebody sends to it without staking belongs to nobody. Where a token has an outflow limit, nothing leaves without a
//! turn.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod funds;
mod outflow;
mod storage;
mod strategies;
mod withdrawals;

pub use storage::TokenPool;

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U64, U8};
use alloy_sol_types::SolCall;
use arithmetic::pause;
use common::list::{Answer, Parts};
use common::stored::{byte, number};
use common::words::Words;
use common::{access, calls, token, Emit, Outcome};
use interfaces::{IAccess, IStrategyManager, ITokenPool};
use stylus_sdk::prelude::*;

#[public]
impl TokenPool {
    /// Sets who connects it with the contracts that name it.
    #[constructor]
    pub fn constructor(&mut self, connector: Address) -> Outcome {
        self.connection.begin(connector)
    }

    // Connector.

    fn connect(&mut self, strategy_manager: Address, governance: Address, rewards: Address, batch: Address) -> Outcome {
        self.connection.connect()?;
        self.strategy_manager.set(access::contract(self.vm(), strategy_manager)?);
        self.governance.set(access::contract(self.vm(), governance)?);
        self.rewards.set(access::contract(self.vm(), rewards)?);
        self.batch.set(access::contract(self.vm(), batch)?);
        Ok(())
    }

    // Stakers.

    fn stake(&mut self, token: Address, amount: u128, operator: Address, max_commitment: u64) -> Outcome<u128> {
        let staker = self.vm().msg_sender();
        self.take_stake(token, amount, operator, staker, max_commitment, staker)
    }

    fn stake_for(
        &mut self,
        token: Address,
        amount: u128,
        operator: Address,
        staker: Address,
        max_commitment: u64,
    ) -> Outcome<u128> {
        access::nonzero(staker)?;
        let payer = self.vm().msg_sender();
        self.take_stake(token, amount, operator, staker, max_commitment, payer)
    }

    fn delegate_to(&mut self, token: Address, operator: Address, shares: u128, max_commitment: u64) -> Outcome<u128> {
        self.require_unpaused(pause::DELEGATE)?;
        let staker = self.vm().msg_sender();
        self.tell(&IStrategyManager::delegateCall { staker, token, operator, shares, maxCommitment: max_commitment })
    }

    fn queue_withdrawal(&mut self, token: Address, operator: Address, shares: u128) -> Outcome<Answer> {
        let staker = self.vm().msg_sender();
        self.queue(staker, token, operator, shares)
    }

    fn queue_withdrawals(&mut self, token: Address, parts: Parts) -> Outcome<Answer> {
        let staker = self.vm().msg_sender();
        self._queue_withdrawals(staker, token, &parts)
    }

    fn complete_queued_withdrawal(
        &mut self,
        token: Address,
        operator: Address,
        release_epoch: u64,
        recipient: Address,
    ) -> Outcome<u128> {
        let staker = self.vm().msg_sender();
        self.complete(staker, token, operator, release_epoch, recipient)
    }

    fn complete_queued_withdrawal_as_shares(
        &mut self,
        token: Address,
        operator: Address,
        release_epoch: u64,
        new_operator: Address,
        max_commitment: u64,
    ) -> Outcome<u128> {
        self.require_unpaused(pause::COMPLETE)?;
        // Joining an operator is delegating, wherever the stake comes from. Idle stake joins nobody.
        if !new_operator.is_zero() {
            self.require_unpaused(pause::DELEGATE)?;
        }
        let staker = self.vm().msg_sender();
        // The turn is used up, or what is queued and staked again would keep others waiting without leaving.
        self.require_turn(staker, operator, token, release_epoch)?;
        self.tell(&IStrategyManager::completeWithdrawalAsSharesCall {
            staker,
            token,
            operator,
            releaseEpoch: release_epoch,
            newOperator: new_operator,
            maxCommitment: max_commitment,
        })
    }

    // Anyone.

    fn queue_funds(&mut self, token: Address, claimant: Address, release_epoch: u64) -> Outcome<u64> {
        self._queue_funds(token, claimant, release_epoch)
    }

    fn claim_funds(&mut self, token: Address, claimant: Address, release_epoch: u64) -> Outcome<u128> {
        self._claim_funds(token, claimant, release_epoch)
    }

    // Batch: for who called it.

    fn stake_from(
        &mut self,
        staker: Address,
        token: Address,
        amount: u128,
        operator: Address,
        max_commitment: u64,
    ) -> Outcome<u128> {
        access::only(self.vm(), self.batch.get())?;
        self.take_stake(token, amount, operator, staker, max_commitment, staker)
    }

    fn queue_withdrawal_for(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        shares: u128,
    ) -> Outcome<Answer> {
        access::only(self.vm(), self.batch.get())?;
        self.queue(staker, token, operator, shares)
    }

    fn complete_queued_withdrawal_for(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        release_epoch: u64,
        recipient: Address,
    ) -> Outcome<u128> {
        access::only(self.vm(), self.batch.get())?;
        self.complete(staker, token, operator, release_epoch, recipient)
    }

    // Rewards.

    fn receive_reward(
        &mut self,
        payer: Address,
        operator: Address,
        token: Address,
        amount: u128,
        commission: u128,
    ) -> Outcome {
        access::only(self.vm(), self.rewards.get())?;
        self.require_unpaused(pause::STAKE)?;
        let total = amount.checked_add(commission).ok_or(IStrategyManager::AmountTooLarge {})?;
        let owed = self.owe_within_cap(token, total)?;
        self.tell(&IStrategyManager::addRewardCall { operator, token, amount, commission })?;
        token::pull(self, token, payer, total, owed)
    }

    // Governance.

    fn set_strategy(
        &mut self,
        token: Address,
        open: bool,
        cap: u128,
        deposit_percent: u8,
        outflow_percent: u8,
    ) -> Outcome {
        access::only(self.vm(), self.governance.get())?;
        self._set_strategy(token, open, cap, deposit_percent, outflow_percent)
    }

    fn set_pause(&mut self, flags: u8, until: u64) -> Outcome {
        access::only(self.vm(), self.governance.get())?;
        self.paused.set(U8::from(flags));
        self.paused_until.set(U64::from(until));
        self.vm().emit(&ITokenPool::PauseSet { flags, until });
        Ok(())
    }

    // Views.

    fn extsload(&self, slot: B256) -> B256 {
        self.vm().storage_load_bytes32(slot.into())
    }

    fn strategy_manager(&self) -> Address {
        self.strategy_manager.get()
    }
}

impl TokenPool {
    fn take_stake(
        &mut self,
        token: Address,
        amount: u128,
        operator: Address,
        staker: Address,
        max_commitment: u64,
        payer: Address,
    ) -> Outcome<u128> {
        self.require_unpaused(pause::STAKE)?;
        let owed = self.owe_deposit(token, amount)?;
        let request =
            IStrategyManager::creditStakeCall { staker, token, operator, amount, maxCommitment: max_commitment };
        let shares = self.tell(&request)?;
        token::pull(self, token, payer, amount, owed)?;
        Ok(shares)
    }

    pub(crate) fn require_unpaused(&self, action: u8) -> Outcome {
        let (flags, until) = (byte(&self.paused), number(&self.paused_until));
        if pause::is_paused(action, flags, until, self.vm().block_timestamp()) {
            return Err(IAccess::Paused { action }.into());
        }
        Ok(())
    }

    pub(crate) fn tell<C: SolCall>(&mut self, request: &C) -> Outcome<C::Return>
    where
        for<'a> C::Token<'a>: Words,
    {
        let ledger = self.strategy_manager.get();
        calls::send(self, ledger, request)
    }
}
