//! Challenges and their bonds.

use super::{Answer, Model, nonzero, refuse};
use crate::action::{Leaf, Task};
use crate::evidence;
use crate::stage::Who;
use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::SolError;
use interfaces::IDisputeResolution::*;
use interfaces::ISlasher::{CannotSlash, SlashBudgetExhausted};
use std::collections::{BTreeMap, BTreeSet};

/// A challenge to open a leaf; its state is 1 open, 2 answered, 3 ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Challenge {
    pub(crate) operator: Address,
    pub(crate) challenger: Address,
    pub(crate) task_time: u64,
    pub(crate) leaf: Leaf,
    pub(crate) attestation: B256,
    pub(crate) deadline: u64,
    pub(crate) state: u8,
}

/// The disputes of one service.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disputes {
    pub(crate) challenges: Vec<Challenge>,
    pub(crate) judged: BTreeSet<B256>,
    /// Account => wei.
    pub(crate) bonds: BTreeMap<Address, U256>,
}

impl Model {
    #[allow(clippy::too_many_arguments)] // What a challenge is made of.
    pub(super) fn accuse(
        &mut self,
        challenger: Address,
        service: usize,
        operator: Address,
        task: Task,
        answers: (u8, u8),
        signer: Who,
        sent: U256,
    ) -> Answer {
        let bond = self.require_challenge(service, operator, task, sent)?;
        let evidence = evidence::accusation(&self.stage, service, task, answers, signer).unwrap_or_default();
        let given = evidence::name(operator, &evidence);
        let fault = evidence::fault(operator, task);
        for known in [given, fault] {
            if self.disputes[service].judged.contains(&known) {
                return refuse(AlreadyJudged { evidence: known });
            }
        }
        let emitter = self.stage.services[service].dispute_resolution;
        self.hold(challenger, service, bond);
        if answers.0 != answers.1 && self.signs_for(service, operator, signer) {
            self.disputes[service].judged.insert(fault);
            self.credit(challenger, service, bond);
            let id = self.punish(service, operator, challenger, task.time, 0)?;
            self.log(emitter, ChallengeUpheld { operator, challenger, evidence: fault, requestId: id });
        } else {
            self.disputes[service].judged.insert(given);
            self.credit(operator, service, bond);
            self.log(emitter, ChallengeRejected { operator, challenger, evidence: given, bond });
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments)] // What a challenge is made of.
    pub(super) fn ask(
        &mut self,
        challenger: Address,
        service: usize,
        operator: Address,
        task: Task,
        leaf: Leaf,
        signer: Who,
        sent: U256,
    ) -> Answer {
        let bond = self.require_challenge(service, operator, task, sent)?;
        if leaf.index >= leaf.of {
            return refuse(NotCommitted {});
        }
        let attestation = evidence::hash(&self.stage, service, task, evidence::tree(leaf.of).commitment());
        let index = u64::from(leaf.index);
        let asked = evidence::name(operator, &[attestation.as_slice(), &index.to_be_bytes()].concat());
        if self.disputes[service].judged.contains(&asked) {
            return refuse(AlreadyJudged { evidence: asked });
        }
        if !self.signs_for(service, operator, signer) {
            return refuse(NotSigned { operator });
        }
        self.hold(challenger, service, bond);
        let deadline = self.now + self.stage.parameters[service].answer_window;
        let disputes = &mut self.disputes[service];
        disputes.judged.insert(asked);
        let id = u64::try_from(disputes.challenges.len()).unwrap_or(u64::MAX);
        let task_time = task.time;
        disputes.challenges.push(Challenge { operator, challenger, task_time, leaf, attestation, deadline, state: 1 });
        let event = AvailabilityChallenged { challengeId: id, operator, challenger, attestation, index, deadline };
        self.log(self.stage.services[service].dispute_resolution, event);
        Ok(())
    }

    pub(super) fn answer(&mut self, service: usize, id: u64, leaf: Leaf) -> Answer {
        let challenge = self.open_challenge(service, id)?;
        let Challenge { operator, deadline, .. } = challenge;
        if self.now > deadline {
            return refuse(AnswerTooLate { deadline });
        }
        if leaf != challenge.leaf {
            return refuse(WrongOpening {});
        }
        self.end(service, id, 2);
        let bond = self.stage.parameters[service].bond;
        self.credit(operator, service, bond);
        let emitter = self.stage.services[service].dispute_resolution;
        self.log(emitter, ChallengeAnswered { challengeId: id, operator, bond });
        Ok(())
    }

    pub(super) fn resolve(&mut self, service: usize, id: u64) -> Answer {
        let Challenge { operator, challenger, task_time, attestation, deadline, .. } =
            self.open_challenge(service, id)?;
        if self.now <= deadline {
            return refuse(AnswerWindowOpen { deadline });
        }
        self.end(service, id, 3);
        self.credit(challenger, service, self.stage.parameters[service].bond);
        let fault = evidence::name(operator, &[attestation.as_slice(), b"unavailable"].concat());
        let mut request = None;
        if !self.disputes[service].judged.contains(&fault) {
            request = match self.punish(service, operator, challenger, task_time, 1) {
                Ok(id) => Some(id),
                Err(refusal) if nothing_left(&refusal) => None,
                Err(refusal) => return Err(refusal),
            };
        }
        if request.is_some() {
            self.disputes[service].judged.insert(fault);
        }
        let event = ChallengeRanOut {
            challengeId: id,
            operator,
            challenger,
            frozen: request.is_some(),
            requestId: request.unwrap_or(0),
        };
        self.log(self.stage.services[service].dispute_resolution, event);
        Ok(())
    }

    pub(super) fn withdraw_bond(&mut self, account: Address, service: usize, recipient: Address) -> Answer {
        nonzero(recipient)?;
        let Some(amount) = self.disputes[service].bonds.remove(&account).filter(|amount| !amount.is_zero()) else {
            return refuse(NoBond {});
        };
        let holder = self.stage.services[service].dispute_resolution;
        *self.eth.entry(holder).or_default() -= amount;
        *self.eth.entry(recipient).or_default() += amount;
        self.log(holder, BondWithdrawn { account, amount, recipient });
        Ok(())
    }

    /// What every challenge needs: the bond, an operator that serves or served, a task that is not too old.
    fn require_challenge(&self, service: usize, operator: Address, task: Task, sent: U256) -> Answer<U256> {
        let bond = self.stage.parameters[service].bond;
        if sent != bond {
            return refuse(WrongBond { sent, bond });
        }
        if !self.registries[service].members.contains_key(&operator) {
            return refuse(OperatorNotRegistered { operator });
        }
        let deadline = task.time.saturating_add(self.stage.parameters[service].challenge_window);
        if self.now > deadline {
            return refuse(EvidenceExpired { deadline });
        }
        Ok(bond)
    }

    /// Freezes the operator by the terms of the fault's time, of now for a task that is dated ahead.
    fn punish(&mut self, service: usize, operator: Address, challenger: Address, time: u64, kind: u8) -> Answer<u64> {
        let terms = self.terms[service].at(time.min(self.now));
        let asked = if kind == 0 { terms.wads.0 } else { terms.wads.1 };
        let service = self.stage.services[service].service_manager;
        self.freeze(operator, service, &terms, asked, challenger, time)
    }

    /// Whether the signer's key belongs to the operator.
    fn signs_for(&self, service: usize, operator: Address, signer: Who) -> bool {
        self.registries[service].keys.get(&self.stage.key(signer).address()) == Some(&operator)
    }

    fn open_challenge(&self, service: usize, id: u64) -> Answer<Challenge> {
        let challenge = usize::try_from(id).ok().and_then(|index| self.disputes[service].challenges.get(index));
        match challenge.filter(|challenge| challenge.state == 1) {
            Some(challenge) => Ok(*challenge),
            None => refuse(NoOpenChallenge { challengeId: id }),
        }
    }

    fn end(&mut self, service: usize, id: u64, state: u8) {
        let index = usize::try_from(id).unwrap_or(usize::MAX);
        self.disputes[service].challenges[index].state = state;
    }

    fn hold(&mut self, challenger: Address, service: usize, bond: U256) {
        *self.eth.entry(challenger).or_default() -= bond;
        *self.eth.entry(self.stage.services[service].dispute_resolution).or_default() += bond;
    }

    fn credit(&mut self, account: Address, service: usize, bond: U256) {
        *self.disputes[service].bonds.entry(account).or_default() += bond;
    }
}

/// The refusals with which nothing is left to slash.
fn nothing_left(refusal: &[u8]) -> bool {
    [CannotSlash::SELECTOR, SlashBudgetExhausted::SELECTOR].iter().any(|selector| refusal.starts_with(selector))
}
