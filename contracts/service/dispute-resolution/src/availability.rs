//! Availability: an operator that signed a commitment to data must open a leaf of it when asked.

use crate::equivocation::{attestation, number as number_in, SignedAttestation};
use crate::merkle;
use crate::storage::DisputeResolution;
use crate::verdict::name;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U64, U8};
use alloy_sol_types::SolError;
use common::stored::{byte, number, set_number};
use common::{calls, typed_data, Outcome};
use interfaces::{IDisputeResolution, IServiceManager, ISlasher};
use stylus_sdk::prelude::*;

/// The kind of this fault, as the service's terms count them.
const UNAVAILABLE: u8 = 1;

const OPEN: U8 = U8::from_limbs([1]);
const ANSWERED: U8 = U8::from_limbs([2]);
const RAN_OUT: U8 = U8::from_limbs([3]);

/// A decoded [`interfaces::IDisputeResolution::Commitment`].
struct Commitment {
    signed: SignedAttestation,
    root: B256,
    leaf_count: u64,
    index: u64,
}

impl Commitment {
    /// Decodes the ABI encoding: eight words.
    fn decode(evidence: &[u8]) -> Option<Self> {
        let (words, rest) = evidence.as_chunks::<32>();
        let words = <&[[u8; 32]; 8]>::try_from(words).ok().filter(|_| rest.is_empty())?;
        let [a, b, c, d, e, root, leaf_count, index] = words.map(B256::from);
        let signed = attestation([a, b, c, d, e])?;
        Some(Self { signed, root, leaf_count: number_in(leaf_count)?, index: number_in(index)? })
    }
}

impl DisputeResolution {
    pub(crate) fn ask_for_leaf(&mut self, challenger: Address, operator: Address, evidence: &[u8]) -> Outcome<u64> {
        // The bond stays here until the challenge is closed.
        self.take_bond()?;
        let Commitment { signed, root, leaf_count, index } =
            Commitment::decode(evidence).ok_or(IDisputeResolution::MalformedEvidence {})?;
        self.require_operator(operator)?;
        self.require_in_window(&signed)?;
        if index >= leaf_count || signed.answer != merkle::commitment(root, leaf_count) {
            return Err(IDisputeResolution::NotCommitted {}.into());
        }
        let hash = self.hash_of(&signed);
        // A leaf is asked for once. The subject is longer than a fault and shorter than an equivocation's evidence, so the names never meet.
        let asked = name(operator, &[hash.as_slice(), &index.to_be_bytes()].concat());
        if self.judged.get(asked) {
            return Err(IDisputeResolution::AlreadyJudged { evidence: asked }.into());
        }
        if !self.is_signed_by(operator, &signed)? {
            return Err(IDisputeResolution::NotSigned { operator }.into());
        }

        self.judged.insert(asked, true);
        let challenge_id = number(&self.challenge_count);
        set_number(&mut self.challenge_count, challenge_id.saturating_add(1));
        let deadline = self.vm().block_timestamp().saturating_add(number(&self.answer_window));
        let mut challenge = self.challenges.setter(U64::from(challenge_id));
        challenge.operator.set(operator);
        set_number(&mut challenge.deadline, deadline);
        challenge.state.set(OPEN);
        challenge.challenger.set(challenger);
        set_number(&mut challenge.task_time, signed.task_time);
        set_number(&mut challenge.leaf_count, leaf_count);
        set_number(&mut challenge.index, index);
        challenge.attestation.set(hash);
        challenge.root.set(root);
        self.vm().log(IDisputeResolution::AvailabilityChallenged {
            challengeId: challenge_id,
            operator,
            challenger,
            attestation: hash,
            index,
            deadline,
        });
        Ok(challenge_id)
    }

    pub(crate) fn open_leaf(&mut self, challenge_id: u64, leaf: &[u8], proof: &[u8]) -> Outcome {
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
        let bond = self.bond.get();
        self.credit_bond(operator, bond);
        self.vm().log(IDisputeResolution::ChallengeAnswered { challengeId: challenge_id, operator, bond });
        Ok(())
    }

    pub(crate) fn run_out(&mut self, challenge_id: u64) -> Outcome {
        let deadline = self.require_open(challenge_id)?;
        if self.vm().block_timestamp() <= deadline {
            return Err(IDisputeResolution::AnswerWindowOpen { deadline }.into());
        }
        let mut challenge = self.challenges.setter(U64::from(challenge_id));
        challenge.state.set(RAN_OUT);
        let (operator, challenger) = (challenge.operator.get(), challenge.challenger.get());
        let (hash, fault_time) = (challenge.attestation.get(), number(&challenge.task_time));
        let bond = self.bond.get();
        self.credit_bond(challenger, bond);
        // One attestation is punished once, however many of its leaves are missing.
        let fault = name(operator, &[hash.as_slice(), b"unavailable"].concat());
        let request_id = if self.judged.get(fault) {
            None
        } else {
            self.punish(&IServiceManager::freezeOperatorCall {
                operator,
                challenger,
                kind: UNAVAILABLE,
                faultTime: fault_time,
            })?
        };
        // Where nothing was left to slash the fault is not used up: a vetoed request may give a budget back, and then another leaf can be asked for.
        if request_id.is_some() {
            self.judged.insert(fault, true);
        }
        self.vm().log(IDisputeResolution::ChallengeRanOut {
            challengeId: challenge_id,
            operator,
            challenger,
            frozen: request_id.is_some(),
            requestId: request_id.unwrap_or(0),
        });
        Ok(())
    }

    /// Freezes the operator. Returns the request's number, or none if there is nothing left that the service could slash. Any other refusal is passed on: a pause ends,
    /// and a call that was given too little gas, which fails without data, must not let the operator off.
    fn punish(&mut self, freeze: &IServiceManager::freezeOperatorCall) -> Outcome<Option<u64>> {
        let service = self.service_manager.get();
        match calls::send(self, service, freeze) {
            Ok(request_id) => Ok(Some(request_id)),
            Err(refusal) => {
                let data = Vec::from(refusal);
                let nothing_left = [ISlasher::CannotSlash::SELECTOR, ISlasher::SlashBudgetExhausted::SELECTOR];
                if nothing_left.iter().any(|selector| data.starts_with(selector)) {
                    Ok(None)
                } else {
                    Err(common::Revert::passed_on(data))
                }
            }
        }
    }

    fn require_open(&self, challenge_id: u64) -> Outcome<u64> {
        let challenge = self.challenges.getter(U64::from(challenge_id));
        if challenge.state.get() == OPEN {
            Ok(number(&challenge.deadline))
        } else {
            Err(IDisputeResolution::NoOpenChallenge { challengeId: challenge_id }.into())
        }
    }

    fn hash_of(&self, signed: &SignedAttestation) -> B256 {
        let service = self.service_manager.get();
        typed_data::attestation(self.vm(), service, signed.task, signed.task_time, signed.answer)
    }

    pub(crate) fn challenge_fields(&self, challenge_id: u64) -> (Address, Address, B256, u64, u64, u8) {
        let challenge = self.challenges.getter(U64::from(challenge_id));
        (
            challenge.operator.get(),
            challenge.challenger.get(),
            challenge.attestation.get(),
            number(&challenge.index),
            number(&challenge.deadline),
            byte(&challenge.state),
        )
    }
}
