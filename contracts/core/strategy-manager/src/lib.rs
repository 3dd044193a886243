//! StrategyManager: the ledger of strategies, pools, positions, withdrawals and slashed funds. See
//! [`interfaces::IStrategyManager`].
//!
//! A *pool* is the active stake of one operator in one token (operator zero: idle stake, which nobody can slash). A
//! *bucket* is a pool of withdrawals from a pool that are released at the same epoch. Whatever happens to a pool or a
//! bucket costs the same however many stakers it has.
//!
//! Invariants: nothing joins a frozen operator; a slash takes the same part of all that was at stake when its fault was
//! captured and has not been paid, whatever other slashes were executed in between; slashed funds leave no faster than
//! stake.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod foreign;
mod funds;
mod ledger;
mod rewards;
mod slashing;
mod staking;
mod storage;
mod strategies;
mod withdrawals;

pub use storage::StrategyManager;

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U64};
use common::list::{Answer, Operators, Parts, MANY};
use common::stored::amount;
use common::{access, ids, Outcome};
use slashing::{Slash, LATER};
use stylus_sdk::prelude::*;

#[public]
impl StrategyManager {
    /// Sets the only TokenPool and the only Slasher, for good.
    #[constructor]
    pub fn constructor(&mut self, token_pool: Address, slasher: Address) -> Outcome {
        self.token_pool.set(access::contract(self.vm(), token_pool)?);
        self.slasher.set(access::contract(self.vm(), slasher)?);
        Ok(())
    }

    // TokenPool.

    fn add_strategy(&mut self, token: Address) -> Outcome {
        access::only(self.vm(), self.token_pool.get())?;
        self._add_strategy(token)
    }

    fn credit_stake(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        amount: u128,
        max_commitment: u64,
    ) -> Outcome<u128> {
        access::only(self.vm(), self.token_pool.get())?;
        self._credit_stake(staker, token, operator, amount, max_commitment)
    }

    fn delegate(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        shares: u128,
        max_commitment: u64,
    ) -> Outcome<u128> {
        access::only(self.vm(), self.token_pool.get())?;
        self._delegate(staker, token, operator, shares, max_commitment)
    }

    fn queue_withdrawals(&mut self, staker: Address, token: Address, parts: Parts) -> Outcome<Answer> {
        access::only(self.vm(), self.token_pool.get())?;
        self._queue_withdrawals(staker, token, &parts)
    }

    fn complete_withdrawal(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        release_epoch: u64,
        recipient: Address,
    ) -> Outcome<u128> {
        access::only(self.vm(), self.token_pool.get())?;
        self._complete_withdrawal(staker, token, operator, release_epoch, recipient)
    }

    fn complete_withdrawal_as_shares(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        release_epoch: u64,
        new_operator: Address,
        max_commitment: u64,
    ) -> Outcome<u128> {
        access::only(self.vm(), self.token_pool.get())?;
        self._complete_withdrawal_as_shares(staker, token, operator, release_epoch, new_operator, max_commitment)
    }

    fn claim_funds(&mut self, claimant: Address, token: Address, release_epoch: u64) -> Outcome<u128> {
        access::only(self.vm(), self.token_pool.get())?;
        self._claim_funds(claimant, token, release_epoch)
    }

    fn add_reward(&mut self, operator: Address, token: Address, amount: u128, commission: u128) -> Outcome {
        access::only(self.vm(), self.token_pool.get())?;
        self._add_reward(operator, token, amount, commission)
    }

    // Slasher.

    #[allow(clippy::too_many_arguments)]
    fn slash(
        &mut self,
        operator: Address,
        taken: u64,
        magnitude: u64,
        capture_epoch: u64,
        later: [u64; LATER],
        challenger: Address,
        challenger_share: u64,
        recipient: Address,
    ) -> Outcome {
        access::only(self.vm(), self.slasher.get())?;
        let slash = Slash { taken, magnitude, capture_epoch, later, challenger, challenger_share, recipient };
        self._slash(operator, &slash)
    }

    // Views.

    fn operator_stake(&self, operator: Address, token: Address) -> u128 {
        self.look_at_pool(ids::pool(operator, token)).assets
    }

    fn has_foreign_stake(&self, operator: Address) -> bool {
        self._has_foreign_stake(operator)
    }

    fn position(&self, staker: Address, operator: Address, token: Address) -> Answer {
        let (shares, assets) = self.position_in(staker, ids::pool(operator, token));
        Answer::from([shares, assets])
    }

    fn positions(&self, staker: Address, token: Address, operators: Operators) -> Answer {
        let mut answer = Answer::of(2 * MANY);
        for (index, operator) in operators.operators().enumerate().filter(|(_, operator)| !operator.is_zero()) {
            let (shares, assets) = self.position_in(staker, ids::pool(operator, token));
            answer.set(index, shares);
            answer.set(index.saturating_add(MANY), assets);
        }
        answer
    }

    fn withdrawal(&self, staker: Address, operator: Address, token: Address, release_epoch: u64) -> Answer {
        let id = ids::pool(operator, token);
        let bucket = self.look_at_pool(ids::bucket(id, release_epoch));
        let (shares, assets) = ledger::worth(&bucket, &self.load_withdrawal(staker, id, release_epoch).0);
        Answer::from([shares, assets, bucket.generation.into()])
    }

    fn funds_of(&self, claimant: Address, token: Address, release_epoch: u64) -> Answer {
        let funds = self.funds.getter(claimant);
        let of_token = funds.getter(token);
        let stored = of_token.getter(U64::from(release_epoch));
        Answer::from([amount(&stored.amount), amount(&stored.unqueued)])
    }

    fn extsload(&self, slot: B256) -> B256 {
        self.vm().storage_load_bytes32(slot.into())
    }
}
