//! TaskBoard: tasks for the operators of a service, and what they answered. See [`interfaces::ITaskBoard`].
//!
//! Invariants: a task is answered once, by a quorum, before its deadline; the board holds what it owes; a fee goes
//! whole to those who signed and to its poster; nobody's refusal keeps anybody else from being paid.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_main, no_std)]
#[macro_use]
extern crate alloc;

mod answering;
mod asking;
mod fees;
mod posting;
mod storage;

pub use storage::TaskBoard;

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U16, U64};
use common::stored::{byte, large, number, set_number};
use common::{access, calls, token, Outcome};
use interfaces::{IQuorum, IRegistry, IRewards, ITaskBoard};
use stylus_sdk::abi::Bytes;
use stylus_sdk::prelude::*;

/// 100 % in basis points.
const ALL: u16 = 10_000;

#[public]
impl TaskBoard {
    /// Sets the service's Quorum, through which Rewards fees are paid and in which token, and the stake that must sign
    /// and the leaves of data that must be kept (basis points), for good.
    #[constructor]
    pub fn constructor(
        &mut self,
        quorum: Address,
        rewards: Address,
        fee_token: Address,
        stake_threshold: u16,
        leaf_threshold: u16,
    ) -> Outcome {
        for threshold in [stake_threshold, leaf_threshold] {
            if threshold == 0 || threshold > ALL {
                return Err(IQuorum::InvalidThreshold { threshold }.into());
            }
        }
        self.quorum.set(access::contract(self.vm(), quorum)?);
        self.rewards.set(access::contract(self.vm(), rewards)?);
        self.token.set(access::contract(self.vm(), fee_token)?);
        self.stake_threshold.set(U16::from(stake_threshold));
        self.leaf_threshold.set(U16::from(leaf_threshold));
        let registry = calls::view(self.vm(), quorum, &IQuorum::contractsCall {})?.registry;
        let window = calls::view(self.vm(), registry, &IRegistry::evidenceWindowCall {})?;
        // As the Quorum has it: the other half is left to prove a fault of who signed.
        set_number(&mut self.longest, window / 2);
        let vault = calls::view(self.vm(), rewards, &IRewards::contractsCall {})?.tokenPool;
        token::allow(self, fee_token, vault)
    }

    fn post_task(&mut self, kind: u8, question: B256, fee: u128, deadline: u64) -> Outcome<u64> {
        self._post_task(kind, question, fee, deadline)
    }

    fn answer_task(&mut self, task_id: u64, answer: B256, signatures: Bytes) -> Outcome {
        self._answer_task(task_id, answer, &signatures)
    }

    fn answer_data_task(&mut self, task_id: u64, leaf_count: u64, signatures: Bytes) -> Outcome {
        self._answer_data_task(task_id, leaf_count, &signatures)
    }

    fn close_task(&mut self, task_id: u64) -> Outcome {
        self._close_task(task_id)
    }

    fn withdraw_fees(&mut self, recipient: Address) -> Outcome<u128> {
        self._withdraw_fees(recipient)
    }

    // Views.

    fn task_count(&self) -> u64 {
        number(&self.task_count)
    }

    fn task_of(&self, task_id: u64) -> (Address, u8, u8, B256, u128, u64, u64) {
        let task = self.tasks.getter(U64::from(task_id));
        (
            task.poster.get(),
            byte(&task.kind),
            byte(&task.state),
            task.question.get(),
            large(&task.fee),
            number(&task.task_time),
            number(&task.deadline),
        )
    }

    fn task_hash(&self, task_id: u64) -> B256 {
        self._task_hash(task_id)
    }

    fn answer_of(&self, task_id: u64) -> Outcome<(B256, u64, u128, u128)> {
        let task = self.tasks.getter(U64::from(task_id));
        let answered_at = number(&task.answered_at);
        if answered_at == 0 {
            return Err(ITaskBoard::NotAnswered { taskId: task_id }.into());
        }
        Ok((task.answer.get(), answered_at, large(&task.signed_stake), large(&task.total_stake)))
    }

    fn returned_to(&self, account: Address) -> u128 {
        large(&self.returned.getter(account))
    }

    fn thresholds(&self) -> (u16, u16) {
        (self.stake_threshold.get().to(), self.leaf_threshold.get().to())
    }

    fn contracts(&self) -> (Address, Address, Address) {
        (self.quorum.get(), self.rewards.get(), self.token.get())
    }
}
