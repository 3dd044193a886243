//! Storing what a quorum signed.

use crate::asking::{Signed, Task, Verdict};
use crate::posting::ANSWERED;
use crate::storage::TaskBoard;
use crate::ALL;
use alloy_primitives::{B256, U64, U8};
use arithmetic::fault::{EQUIVOCATION, UNAVAILABILITY};
use arithmetic::wide::mul_div_up;
use common::stored::{byte, large, number, set_large, set_number};
use common::{calls, Emit, Outcome};
use interfaces::ITaskBoard;
use stylus_sdk::prelude::*;

impl TaskBoard {
    pub(crate) fn _answer_task(&mut self, task_id: u64, answer: B256, signatures: &[u8]) -> Outcome {
        let task = self.require_answerable(task_id, EQUIVOCATION)?;
        self.answer(task_id, &task, &Signed::Answer(answer), signatures)
    }

    pub(crate) fn _answer_data_task(&mut self, task_id: u64, leaf_count: u64, signatures: &[u8]) -> Outcome {
        let task = self.require_answerable(task_id, UNAVAILABILITY)?;
        let root = self.tasks.getter(U64::from(task_id)).question.get();
        self.answer(task_id, &task, &Signed::Data(root, leaf_count), signatures)
    }

    fn answer(&mut self, task_id: u64, task: &Task, signed: &Signed, signatures: &[u8]) -> Outcome {
        let verdict = self.verdict(task, signed, signatures)?;
        let answer = match signed {
            Signed::Answer(answer) => *answer,
            Signed::Data(_, leaf_count) => {
                self.require_leaves(*leaf_count, verdict.kept_leaves)?;
                calls::word((*leaf_count).into())
            }
        };
        self.store(task_id, answer, &verdict)?;
        let fee = large(&self.tasks.getter(U64::from(task_id)).fee);
        if fee == 0 {
            return Ok(());
        }
        let signers = self.signers(task, signed, signatures)?;
        self.divide_fee(task_id, fee, &signers)
    }

    /// Checks that a task is open, of this kind and not over. Returns it as it is signed.
    fn require_answerable(&self, task_id: u64, kind: u8) -> Outcome<Task> {
        let deadline = self.require_open(task_id)?;
        if self.vm().block_timestamp() > deadline {
            return Err(ITaskBoard::TaskOver { deadline }.into());
        }
        let task = self.tasks.getter(U64::from(task_id));
        let asked = byte(&task.kind);
        if asked != kind {
            return Err(ITaskBoard::OtherKind { kind: asked }.into());
        }
        Ok(Task { hash: self._task_hash(task_id), time: number(&task.task_time) })
    }

    /// Checks that enough leaves of the data are kept.
    fn require_leaves(&self, leaf_count: u64, kept: u128) -> Outcome {
        let (count, threshold) = (u128::from(leaf_count), self.leaf_threshold.get().to());
        // Rounded up, against the signers; at most the number of leaves.
        let needed = mul_div_up(count, threshold, ALL.into()).unwrap_or(count);
        if kept < needed {
            let short = |number| u64::try_from(number).unwrap_or(u64::MAX);
            return Err(ITaskBoard::TooFewLeaves { keptLeaves: short(kept), needed: short(needed) }.into());
        }
        Ok(())
    }

    /// Stores an answer that a quorum signed.
    fn store(&mut self, task_id: u64, answer: B256, verdict: &Verdict) -> Outcome {
        let Verdict { reached, signed_stake: signed, total_stake: total, .. } = *verdict;
        if !reached {
            return Err(ITaskBoard::QuorumNotReached { signedStake: signed, totalStake: total }.into());
        }
        let now = self.vm().block_timestamp();
        let mut task = self.tasks.setter(U64::from(task_id));
        task.state.set(U8::from(ANSWERED));
        set_number(&mut task.answered_at, now);
        task.answer.set(answer);
        set_large(&mut task.signed_stake, signed);
        set_large(&mut task.total_stake, total);
        let answered = ITaskBoard::TaskAnswered { taskId: task_id, answer, signedStake: signed, totalStake: total };
        self.vm().emit(&answered);
        Ok(())
    }
}
