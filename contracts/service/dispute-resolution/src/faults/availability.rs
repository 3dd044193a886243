//! Unavailability: an operator that signed a commitment to data must open a leaf of it when asked.

use crate::merkle;
use crate::storage::DisputeResolution;
use alloy_primitives::{Address, B256, U64, U8};
use arithmetic::epoch;
use arithmetic::fault::UNAVAILABILITY as KIND;
use common::bonds::{self, Bonds};
use common::stored::{byte, number, set_number};
use common::words::{decoded, number as number_in};
use common::{disputes, ids, typed_data, Emit, Outcome};
use interfaces::{IDisputeResolution, ISlasher};
use stylus_sdk::prelude::*;

const OPEN: U8 = U8::from_limbs([1]);
const ANSWERED: U8 = U8::from_limbs([2]);
const RAN_OUT: U8 = U8::from_limbs([3]);

/// A decoded [`interfaces::IDisputeResolution::Unavailability`].
struct Unavailability {
    task: B256,
    task_time: u64,
    root: B256,
    leaf_count: u64,
    first_leaf: u64,
    kept_leaves: u64,
    index: u64,
    r: B256,
    vs: B256,
}

impl Unavailability {
    /// Decodes the ABI encoding: nine words. `None` if the length differs or a number exceeds 64 bits.
    fn decode(evidence: &[u8]) -> Option<Self> {
        let [task, task_time, root, leaf_count, first_leaf, kept_leaves, index, r, vs] = decoded(evidence)?;
        let (task_time, leaf_count, index) = (number_in(task_time)?, number_in(leaf_count)?, number_in(index)?);
        let (first_leaf, kept_leaves) = (number_in(first_leaf)?, number_in(kept_leaves)?);
        Some(Self { task, task_time, root, leaf_count, first_leaf, kept_leaves, index, r, vs })
    }

    /// Whether the leaf that is asked for is one of the data, and one that the signer keeps.
    fn is_kept(&self) -> bool {
        let place = self.index.checked_sub(self.first_leaf);
        self.index < self.leaf_count && place.is_some_and(|place| place < self.kept_leaves)
    }
}

impl DisputeResolution {
    pub(crate) fn _challenge_availability(
        &mut self,
        challenger: Address,
        operator: Address,
        evidence: &[u8],
    ) -> Outcome<u64> {
        // The bond stays here until the challenge is closed.
        bonds::take(self.vm(), bonds::bond_in(&self.bond))?;
        let asked = Unavailability::decode(evidence).ok_or(IDisputeResolution::MalformedEvidence {})?;
        let answer_window = number(&self.answer_window);
        self.require_in_window(asked.task_time, answer_window)?;
        if !asked.is_kept() {
            return Err(IDisputeResolution::NotCommitted {}.into());
        }
        let leaves = [asked.leaf_count, asked.first_leaf, asked.kept_leaves];
        let commitment = self._data_commitment_hash(asked.task, asked.task_time, asked.root, leaves);
        let leaf = ids::judgement(operator, KIND, commitment, &asked.index.to_be_bytes());
        self.require_unjudged(leaf)?;
        self.require_committed(operator, commitment, &asked)?;
        disputes::require_punished(self.vm(), self.service_manager.get(), KIND, asked.task_time)?;

        self.judged.insert(leaf, true);
        let challenge_id = number(&self.challenge_count);
        set_number(&mut self.challenge_count, challenge_id.saturating_add(1));
        let deadline = self.vm().block_timestamp().saturating_add(answer_window);
        let mut challenge = self.challenges.setter(U64::from(challenge_id));
        challenge.operator.set(operator);
        set_number(&mut challenge.deadline, deadline);
        challenge.state.set(OPEN);
        challenge.challenger.set(challenger);
        set_number(&mut challenge.task_time, asked.task_time);
        set_number(&mut challenge.leaf_count, asked.leaf_count);
        set_number(&mut challenge.index, asked.index);
        challenge.commitment.set(commitment);
        challenge.root.set(asked.root);
        self.vm().emit(&IDisputeResolution::AvailabilityChallenged {
            challengeId: challenge_id,
            operator,
            challenger,
            commitment,
            index: asked.index,
            deadline,
        });
        Ok(challenge_id)
    }

    pub(crate) fn _answer_challenge(&mut self, challenge_id: u64, leaf: &[u8], proof: &[u8]) -> Outcome {
        let deadline = self.require_open(challenge_id)?;
        if self.vm().block_timestamp() > deadline {
            return Err(IDisputeResolution::AnswerTooLate { deadline }.into());
        }
        let mut challenge = self.challenges.setter(U64::from(challenge_id));
        let (leaf_count, index) = (number(&challenge.leaf_count), number(&challenge.index));
        if !merkle::opens(challenge.root.get(), leaf_count, index, leaf, proof) {
            return Err(IDisputeResolution::WrongOpening {}.into());
        }
        challenge.state.set(ANSWERED);
        let operator = challenge.operator.get();
        let bond = bonds::bond_in(&self.bond);
        self.vm().emit(&IDisputeResolution::ChallengeAnswered { challengeId: challenge_id, operator, bond });
        self.settle_bond(operator, bond);
        Ok(())
    }

    pub(crate) fn _resolve_challenge(&mut self, challenge_id: u64) -> Outcome {
        let deadline = self.require_open(challenge_id)?;
        let now = self.vm().block_timestamp();
        if now <= deadline {
            return Err(IDisputeResolution::AnswerWindowOpen { deadline }.into());
        }
        let mut challenge = self.challenges.setter(U64::from(challenge_id));
        challenge.state.set(RAN_OUT);
        let (operator, challenger) = (challenge.operator.get(), challenge.challenger.get());
        let (commitment, task_time) = (challenge.commitment.get(), number(&challenge.task_time));
        // One commitment is punished once, however many of its leaves are missing.
        let fault = ids::judgement(operator, KIND, commitment, &[]);
        let over = self.judged.get(fault) || now >= epoch::disputes_over(task_time);
        let request_id = if over { None } else { self.punish(fault, operator, challenger, task_time)? };
        self.vm().emit(&IDisputeResolution::ChallengeRanOut {
            challengeId: challenge_id,
            operator,
            challenger,
            frozen: request_id.is_some(),
            requestId: request_id.unwrap_or(0),
        });
        let bond = bonds::bond_in(&self.bond);
        self.settle_bond(challenger, bond);
        Ok(())
    }

    /// Freezes the operator, and uses the fault up with the request that this opens. Returns the request's number; none
    /// if the grant has ended, which nothing undoes. Everything else is passed on, and the challenge stays open: a
    /// budget in open requests may come back, and a call that was given too little gas fails without data.
    fn punish(&mut self, fault: B256, operator: Address, challenger: Address, task_time: u64) -> Outcome<Option<u64>> {
        self.judged.insert(fault, true);
        match self.freeze(operator, challenger, KIND, task_time) {
            Ok(request_id) => {
                self.suspend(operator)?;
                Ok(Some(request_id))
            }
            Err(revert) if revert.is::<ISlasher::CannotSlash>() => {
                self.judged.insert(fault, false);
                Ok(None)
            }
            Err(revert) => Err(revert),
        }
    }

    /// Checks that a key of the operator signed the commitment.
    fn require_committed(&self, operator: Address, commitment: B256, asked: &Unavailability) -> Outcome {
        if let Some(key) = disputes::signer(self.vm(), commitment, asked.r, asked.vs)? {
            if self.accuses(key, operator, asked.task_time)? {
                return Ok(());
            }
        }
        self.require_operator(operator)?;
        Err(IDisputeResolution::NotSigned { operator }.into())
    }

    /// Checks that a challenge is open. Returns its deadline.
    fn require_open(&self, challenge_id: u64) -> Outcome<u64> {
        let challenge = self.challenges.getter(U64::from(challenge_id));
        if challenge.state.get() == OPEN {
            Ok(number(&challenge.deadline))
        } else {
            Err(IDisputeResolution::NoOpenChallenge { challengeId: challenge_id }.into())
        }
    }

    pub(crate) fn _data_commitment_hash(&self, task: B256, task_time: u64, root: B256, leaves: [u64; 3]) -> B256 {
        let domain = typed_data::domain_of(self.vm(), self.service_manager.get());
        typed_data::data_commitment(domain, task, task_time, root, leaves)
    }

    pub(crate) fn _challenge_of(&self, challenge_id: u64) -> (Address, Address, B256, u64, u64, u8) {
        let challenge = self.challenges.getter(U64::from(challenge_id));
        (
            challenge.operator.get(),
            challenge.challenger.get(),
            challenge.commitment.get(),
            number(&challenge.index),
            number(&challenge.deadline),
            byte(&challenge.state),
        )
    }
}
