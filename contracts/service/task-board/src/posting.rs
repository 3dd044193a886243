//! Posting a task, and closing one that nobody answered.

use crate::storage::TaskBoard;
use alloc::vec::Vec;
use alloy_primitives::{keccak256, B256, U64, U8};
use arithmetic::fault::UNAVAILABILITY;
use common::stored::{byte, large, number, set_large, set_number};
use common::{token, Emit, Outcome};
use interfaces::ITaskBoard;
use stylus_sdk::prelude::*;

pub(crate) const OPEN: u8 = 1;
pub(crate) const ANSWERED: u8 = 2;
pub(crate) const CLOSED: u8 = 3;

impl TaskBoard {
    pub(crate) fn _post_task(&mut self, kind: u8, question: B256, fee: u128, deadline: u64) -> Outcome<u64> {
        // Those that an attestation, or data, answers.
        if kind > UNAVAILABILITY {
            return Err(ITaskBoard::InvalidKind { kind }.into());
        }
        let (poster, now) = (self.vm().msg_sender(), self.vm().block_timestamp());
        let limit = now.saturating_add(number(&self.longest));
        if deadline <= now || deadline > limit {
            return Err(ITaskBoard::InvalidDeadline { deadline, limit }.into());
        }
        let owed = large(&self.owed).checked_add(fee).ok_or(ITaskBoard::FeeTooLarge {})?;
        let task_id = number(&self.task_count);
        set_number(&mut self.task_count, task_id.saturating_add(1));
        let mut task = self.tasks.setter(U64::from(task_id));
        task.poster.set(poster);
        set_number(&mut task.deadline, deadline);
        task.state.set(U8::from(OPEN));
        task.kind.set(U8::from(kind));
        task.question.set(question);
        set_large(&mut task.fee, fee);
        set_number(&mut task.task_time, now);
        let task = self._task_hash(task_id);
        let posted =
            ITaskBoard::TaskPosted { taskId: task_id, poster, kind, task, question, fee, taskTime: now, deadline };
        self.vm().emit(&posted);
        if fee != 0 {
            set_large(&mut self.owed, owed);
            let fee_token = self.token.get();
            token::pull(self, fee_token, poster, fee, owed)?;
        }
        Ok(task_id)
    }

    pub(crate) fn _close_task(&mut self, task_id: u64) -> Outcome {
        let deadline = self.require_open(task_id)?;
        if self.vm().block_timestamp() <= deadline {
            return Err(ITaskBoard::TaskStillOpen { deadline }.into());
        }
        self.tasks.setter(U64::from(task_id)).state.set(U8::from(CLOSED));
        self.vm().emit(&ITaskBoard::TaskClosed { taskId: task_id });
        let fee = large(&self.tasks.getter(U64::from(task_id)).fee);
        self.return_fee(task_id, fee);
        Ok(())
    }

    /// Checks that a task is neither answered nor closed. Returns its deadline.
    pub(crate) fn require_open(&self, task_id: u64) -> Outcome<u64> {
        let task = self.tasks.getter(U64::from(task_id));
        if byte(&task.state) == OPEN {
            Ok(number(&task.deadline))
        } else {
            Err(ITaskBoard::NoOpenTask { taskId: task_id }.into())
        }
    }

    /// keccak256(board ‖ task id ‖ kind ‖ question): numbers are eight bytes, kinds one.
    pub(crate) fn _task_hash(&self, task_id: u64) -> B256 {
        let task = self.tasks.getter(U64::from(task_id));
        let mut bytes = Vec::with_capacity(61);
        bytes.extend_from_slice(self.vm().contract_address().as_slice());
        bytes.extend_from_slice(&task_id.to_be_bytes());
        bytes.push(byte(&task.kind));
        bytes.extend_from_slice(task.question.get().as_slice());
        keccak256(bytes)
    }
}
