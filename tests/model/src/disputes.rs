//! Challenges and their bonds.

use crate::evidence::{Opening, Signed, commitment_hash};
use crate::terms::disputes_over;
use crate::{Answer, Mistake, Protocol, nonzero, revert};
use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolError;
use arithmetic::fault::{EQUIVOCATION, UNAVAILABILITY};
use interfaces::IDisputeResolution::*;
use interfaces::ISlasher::CannotSlash;
use std::collections::BTreeMap;

/// A challenge to open a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge {
    /// Who must open it.
    pub operator: Address,
    /// Who asked.
    pub challenger: Address,
    /// When the task was set (Unix seconds).
    pub task_time: u64,
    /// The root of the tree that the operator committed to.
    pub root: B256,
    /// How many leaves it has.
    pub leaf_count: u64,
    /// Which one is asked for.
    pub index: u64,
    /// The hash of the commitment.
    pub commitment: B256,
    /// Until when it can be opened (Unix seconds).
    pub deadline: u64,
    /// 1 open, 2 answered, 3 ran out.
    pub state: u8,
}

/// What was judged: a fault that was proven, or a leaf that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// Whose.
    pub operator: Address,
    /// The kind of the fault.
    pub kind: u8,
    /// The request that was opened for the fault.
    pub request: Option<u64>,
    /// The challenge in which the leaf was asked for.
    pub challenge: Option<u64>,
}

/// The disputes of one service.
#[derive(Debug, Clone, Default)]
pub struct Disputes {
    /// All challenges to open a leaf, by number.
    pub challenges: Vec<Challenge>,
    /// What cannot be judged again, by name.
    pub judged: BTreeMap<B256, Judged>,
    /// Account => wei that it can withdraw.
    pub bonds: BTreeMap<Address, U256>,
}

impl Protocol {
    /// Anyone: accuses an operator of two answers to one task.
    pub fn challenge(
        &mut self,
        challenger: Address,
        sent: U256,
        service: usize,
        operator: Address,
        first: &Signed<Attestation>,
        second: &Signed<Attestation>,
    ) -> Answer<bool> {
        let bond = self.require_bond(service, sent)?;
        let (task, time) = (first.message.task, first.message.taskTime);
        self.require_in_window(service, time, 0)?;
        let fault = Self::judgement(operator, EQUIVOCATION, task, Some(time));
        self.require_unjudged(service, fault)?;
        let emitter = self.setup.services[service].contracts.dispute_resolution;
        self.hold(challenger, service, bond);
        let contradict = second.message.task == task
            && second.message.taskTime == time
            && second.message.answer != first.message.answer;
        let holds = contradict && [first, second].iter().all(|of| self.accuses(service, of.signer, operator, time));
        if !holds {
            self.require_operator(service, operator)?;
            if self.mistake == Mistake::RejectedEvidenceRemembered {
                let judged = Judged { operator, kind: EQUIVOCATION, request: None, challenge: None };
                self.disputes[service].judged.insert(fault, judged);
            }
            self.log(emitter, ChallengeRejected { operator, challenger, evidence: fault, bond });
            self.settle_bond(challenger, operator, service, bond);
            return Ok(false);
        }
        let id = self.punish(service, operator, challenger, EQUIVOCATION, time, fault)?;
        self.log(emitter, ChallengeUpheld { operator, challenger, evidence: fault, requestId: id });
        self.settle_bond(challenger, challenger, service, bond);
        Ok(true)
    }

    /// Anyone: asks an operator for a leaf that it committed to. Returns the challenge's number.
    pub fn challenge_availability(
        &mut self,
        challenger: Address,
        sent: U256,
        service: usize,
        operator: Address,
        signed: &Signed<DataCommitment>,
        index: u64,
    ) -> Answer<u64> {
        let bond = self.require_bond(service, sent)?;
        let DataCommitment { taskTime: time, root, leafCount: leaf_count, firstLeaf, keptLeaves, .. } = signed.message;
        let answer_window = self.setup.services[service].answer_window;
        self.require_in_window(service, time, answer_window)?;
        if index >= leaf_count || !(firstLeaf..firstLeaf.saturating_add(keptLeaves)).contains(&index) {
            return revert(NotCommitted {});
        }
        let contracts = self.setup.services[service].contracts;
        let commitment = commitment_hash(self.setup.chain_id, contracts.service_manager, &signed.message);
        let leaf = Self::judgement(operator, UNAVAILABILITY, commitment, Some(index));
        self.require_unjudged(service, leaf)?;
        if !self.accuses(service, signed.signer, operator, time) {
            self.require_operator(service, operator)?;
            return revert(NotSigned { operator });
        }
        if self.terms[service].at(time).wads[usize::from(UNAVAILABILITY)] == 0 {
            return revert(FaultKindIsOff { kind: UNAVAILABILITY });
        }
        self.hold(challenger, service, bond);
        let deadline = self.now + answer_window;
        let disputes = &mut self.disputes[service];
        let id = u64::try_from(disputes.challenges.len()).unwrap_or(u64::MAX);
        let judged = Judged { operator, kind: UNAVAILABILITY, request: None, challenge: Some(id) };
        disputes.judged.insert(leaf, judged);
        let challenge = Challenge {
            operator,
            challenger,
            task_time: time,
            root,
            leaf_count,
            index,
            commitment,
            deadline,
            state: 1,
        };
        disputes.challenges.push(challenge);
        let event = AvailabilityChallenged { challengeId: id, operator, challenger, commitment, index, deadline };
        self.log(contracts.dispute_resolution, event);
        Ok(id)
    }

    /// Anyone: opens the leaf that was asked for.
    pub fn answer_challenge(&mut self, caller: Address, service: usize, id: u64, opening: &Opening) -> Answer {
        let challenge = self.open_challenge(service, id)?;
        let Challenge { operator, deadline, root, leaf_count, index, .. } = challenge;
        if self.now > deadline {
            return revert(AnswerTooLate { deadline });
        }
        if !opening.opens(root, leaf_count, index) {
            return revert(WrongOpening {});
        }
        self.end_challenge(service, id, 2);
        let bond = self.setup.services[service].bond;
        let emitter = self.setup.services[service].contracts.dispute_resolution;
        self.log(emitter, ChallengeAnswered { challengeId: id, operator, bond });
        self.settle_bond(caller, operator, service, bond);
        Ok(())
    }

    /// Anyone: closes a challenge that was not answered in time.
    pub fn resolve_challenge(&mut self, caller: Address, service: usize, id: u64) -> Answer {
        let Challenge { operator, challenger, task_time, commitment, deadline, .. } =
            self.open_challenge(service, id)?;
        if self.now <= deadline {
            return revert(AnswerWindowOpen { deadline });
        }
        self.end_challenge(service, id, 3);
        let fault = Self::judgement(operator, UNAVAILABILITY, commitment, None);
        let over = self.disputes[service].judged.contains_key(&fault) || self.now >= disputes_over(task_time);
        let mut request = None;
        if !over {
            request = match self.punish(service, operator, challenger, UNAVAILABILITY, task_time, fault) {
                Ok(id) => Some(id),
                // The grant has ended, which nothing undoes. (The Slasher checks that first, and nothing has changed.)
                Err(revert) if revert.starts_with(&CannotSlash::SELECTOR) => None,
                Err(revert) => return Err(revert),
            };
        }
        let event = ChallengeRanOut {
            challengeId: id,
            operator,
            challenger,
            frozen: request.is_some(),
            requestId: request.unwrap_or(0),
        };
        self.log(self.setup.services[service].contracts.dispute_resolution, event);
        self.settle_bond(caller, challenger, service, self.setup.services[service].bond);
        Ok(())
    }

    /// Anyone: has its bonds paid.
    pub fn withdraw_bond(&mut self, account: Address, service: usize, recipient: Address) -> Answer<U256> {
        nonzero(recipient)?;
        let Some(amount) = self.disputes[service].bonds.remove(&account).filter(|amount| !amount.is_zero()) else {
            return revert(NoBond {});
        };
        self.pay_bond(account, service, amount, recipient);
        Ok(amount)
    }

    /// Whether a key accuses an operator for a task of a time: it was the operator's then, the second included in which
    /// it was replaced.
    pub fn accuses(&self, service: usize, key: Address, operator: Address, time: u64) -> bool {
        let known = self.registries[service].keys.get(&key);
        let ever = self.mistake == Mistake::KeysAccuseForEver;
        known.is_some_and(|key| key.operator == operator && (ever || (key.from..=key.until).contains(&time)))
    }

    fn require_bond(&self, service: usize, sent: U256) -> Answer<U256> {
        let bond = self.setup.services[service].bond;
        if sent == bond { Ok(bond) } else { revert(WrongBond { sent, bond }) }
    }

    fn require_in_window(&self, service: usize, task_time: u64, reserve: u64) -> Answer {
        if task_time > self.now && self.mistake != Mistake::EvidenceAboutTheFuture {
            return revert(EvidenceFromFuture { taskTime: task_time });
        }
        let deadline = task_time.saturating_add(self.setup.services[service].evidence_window - reserve);
        if self.now > deadline { revert(EvidenceExpired { deadline }) } else { Ok(()) }
    }

    fn require_unjudged(&self, service: usize, judgement: B256) -> Answer {
        if self.disputes[service].judged.contains_key(&judgement) {
            return revert(AlreadyJudged { evidence: judgement });
        }
        Ok(())
    }

    fn require_operator(&self, service: usize, operator: Address) -> Answer {
        if self.registries[service].members.contains_key(&operator) {
            Ok(())
        } else {
            revert(OperatorNotRegistered { operator })
        }
    }

    /// Freezes the operator for a proven fault, which this uses up, and takes the weight from its signatures. Returns
    /// the request's number.
    fn punish(
        &mut self,
        service: usize,
        operator: Address,
        challenger: Address,
        kind: u8,
        time: u64,
        fault: B256,
    ) -> Answer<u64> {
        // Whose fault is judged at once is suspended before it is frozen, if it is.
        if kind == EQUIVOCATION {
            self.suspend(service, operator);
        }
        let (asked, terms) = self.penalty(service, kind, time)?;
        let manager = self.setup.services[service].contracts.service_manager;
        let (recipient, resolver) = (terms.recipient, terms.resolver);
        let id = self.freeze_operator(manager, operator, asked, challenger, terms.share, recipient, resolver, time)?;
        let judged = Judged { operator, kind, request: Some(id), challenge: None };
        self.disputes[service].judged.insert(fault, judged);
        if kind != EQUIVOCATION {
            self.suspend(service, operator);
        }
        Ok(id)
    }

    fn open_challenge(&self, service: usize, id: u64) -> Answer<Challenge> {
        let challenge = usize::try_from(id).ok().and_then(|index| self.disputes[service].challenges.get(index));
        match challenge.filter(|challenge| challenge.state == 1) {
            Some(challenge) => Ok(*challenge),
            None => revert(NoOpenChallenge { challengeId: id }),
        }
    }

    fn end_challenge(&mut self, service: usize, id: u64, state: u8) {
        let index = usize::try_from(id).unwrap_or(usize::MAX);
        self.disputes[service].challenges[index].state = state;
    }

    fn hold(&mut self, challenger: Address, service: usize, bond: U256) {
        *self.eth.entry(challenger).or_default() -= bond;
        *self.eth.entry(self.setup.services[service].contracts.dispute_resolution).or_default() += bond;
    }

    /// Whoever calls is paid at once, and nobody that plays refuses.
    fn settle_bond(&mut self, caller: Address, account: Address, service: usize, bond: U256) {
        if account == caller {
            self.pay_bond(account, service, bond, account);
        } else {
            *self.disputes[service].bonds.entry(account).or_default() += bond;
        }
    }

    fn pay_bond(&mut self, account: Address, service: usize, amount: U256, recipient: Address) {
        let holder = self.setup.services[service].contracts.dispute_resolution;
        *self.eth.entry(holder).or_default() -= amount;
        *self.eth.entry(recipient).or_default() += amount;
        self.log(holder, BondWithdrawn { account, amount, recipient });
    }
}
