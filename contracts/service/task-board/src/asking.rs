//! Asking the Quorum. Its questions have a list of signatures in them, and are written as the words that they are: what
//! alloy has for everything that an ABI can say makes the program too large.

use crate::storage::TaskBoard;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;
use common::{calls, Outcome, Revert};
use interfaces::IQuorum;
use stylus_sdk::prelude::*;

/// What was signed for a task.
pub(crate) enum Signed {
    /// An answer.
    Answer(B256),
    /// That data is kept: its Merkle root and the number of its leaves.
    Data(B256, u64),
}

/// What a quorum has.
pub(crate) struct Verdict {
    pub(crate) reached: bool,
    pub(crate) signed_stake: u128,
    pub(crate) total_stake: u128,
    /// Of data.
    pub(crate) kept_leaves: u128,
}

/// A task, as it is signed.
pub(crate) struct Task {
    pub(crate) hash: B256,
    pub(crate) time: u64,
}

impl TaskBoard {
    /// Whether a quorum signed.
    pub(crate) fn verdict(&self, task: &Task, signed: &Signed, signatures: &[u8]) -> Outcome<Verdict> {
        let selector = match signed {
            Signed::Answer(_) => IQuorum::verifyQuorumCall::SELECTOR,
            Signed::Data(..) => IQuorum::verifyDataQuorumCall::SELECTOR,
        };
        let threshold = calls::word(self.stake_threshold.get().to());
        let answer = self.ask(selector, task, signed, signatures, Some(threshold))?;
        let word = |index| calls::answer(&answer, index);
        let kept_leaves = if matches!(signed, Signed::Data(..)) { word(3)? } else { 0 };
        Ok(Verdict { reached: word(0)? != 0, signed_stake: word(1)?, total_stake: word(2)?, kept_leaves })
    }

    /// The operators whose signatures count, with the stake of each.
    pub(crate) fn signers(&self, task: &Task, signed: &Signed, signatures: &[u8]) -> Outcome<Vec<(Address, u128)>> {
        let selector = match signed {
            Signed::Answer(_) => IQuorum::signersOfCall::SELECTOR,
            Signed::Data(..) => IQuorum::dataSignersOfCall::SELECTOR,
        };
        let answer = self.ask(selector, task, signed, signatures, None)?;
        // Two lists of one length: where they begin, then each with its length before it.
        let count = usize::try_from(calls::answer(&answer, 2)?).unwrap_or(usize::MAX);
        let (words, _) = answer.as_chunks::<32>();
        let operators = words.iter().skip(3).take(count);
        let first_stake = count.saturating_add(4);
        let signers = operators.enumerate().map(|(index, operator)| {
            let stake = calls::answer(&answer, first_stake.saturating_add(index))?;
            Ok((Address::from_word(operator.into()), stake))
        });
        signers.collect()
    }

    fn ask(
        &self,
        selector: [u8; 4],
        task: &Task,
        signed: &Signed,
        signatures: &[u8],
        threshold: Option<B256>,
    ) -> Outcome<Vec<u8>> {
        let mut words = vec![task.hash, calls::word(task.time.into())];
        match signed {
            Signed::Answer(answer) => words.push(*answer),
            Signed::Data(root, leaf_count) => words.extend([*root, calls::word((*leaf_count).into())]),
        }
        // The signatures come behind the words, and theirs says where.
        let count = words.len().saturating_add(1).saturating_add(usize::from(threshold.is_some()));
        words.push(length(count.saturating_mul(32))?);
        words.extend(threshold);
        words.push(length(signatures.len())?);
        let mut question = calls::words(selector, &words);
        question.extend_from_slice(signatures);
        let filled = question.len().saturating_sub(4).next_multiple_of(32).saturating_add(4);
        question.resize(filled, 0);
        calls::view_raw(self.vm(), self.quorum.get(), &question)
    }
}

fn length(bytes: usize) -> Outcome<B256> {
    let bytes = u128::try_from(bytes).map_err(|_| Revert::passed_on(Vec::new()))?;
    Ok(calls::word(bytes))
}
