//! Steps of operators and services, and challenges.

use super::Chooser;
use crate::action::{Action, Leaf, Owned, Task};
use crate::stage::{LIMITS, SERVICES, Service, WHOLE, Who};
use alloy::primitives::Address;
use arithmetic::epoch;
use arithmetic::wad::ONE;
use restake_model::NO_END;

impl Chooser<'_> {
    /// The next thing that an operator needs to serve, if one does not.
    pub(crate) fn joining(&mut self) -> Option<Action> {
        let (who, service) = (self.operator(), self.service());
        let (model, operator, of) = (self.model, self.stage.of(who), Service::Full(service));
        let grant = model.grants.of(operator, self.stage.manager(of));
        if model.serves(service, operator) {
            return None;
        }
        if grant.announced.is_some() {
            return Some(Action::Activate { who, operator: who, service: of });
        }
        if grant.until != NO_END {
            let wad = ONE / 100 + self.random.below(ONE / 2);
            return Some(Action::OptIn { who, service: of, wad, exclusive: service == 0 || self.random.one_in(2) });
        }
        let registry = &model.registries[service];
        if model.weigh(service, operator).0 < registry.minimum.at(model.now) {
            return Some(Action::Stake { who, token: 0, amount: 400 * WHOLE, operator: who, max: u64::MAX });
        }
        if !model.is_admitted(service, operator) {
            return Some(Action::Admit { who, operator: who, admitted: true });
        }
        Some(Action::Register { who, service, key: self.unused_key(service, who) })
    }

    /// Opens a leaf that was asked for, while there is time.
    pub(super) fn opening(&mut self) -> Option<Action> {
        let service = self.service();
        let challenges = (0..).zip(&self.model.disputes[service].challenges);
        let mut open = challenges.filter(|(_, of)| of.state == 1 && self.model.now <= of.deadline);
        let (challenge, of) = open.next()?;
        let small = |number: u64| u8::try_from(number).unwrap_or(u8::MAX);
        let leaf = Leaf { index: small(of.index), of: small(of.leaf_count) };
        Some(Action::Answer { who: self.stage.who(of.operator), service, challenge, leaf })
    }

    pub(super) fn serving(&mut self) -> Action {
        let (who, service, operator) = (self.somebody(), self.service(), self.operator());
        let owner = self.owner_of(Owned::Service(service));
        match self.random.below(27) {
            0..=3 => {
                let key = if self.random.one_in(10) { self.key() } else { self.unused_key(service, operator) };
                Action::Register { who: operator, service, key }
            }
            4 => {
                let (service, operator) = self.member(service, operator);
                let key = if self.random.one_in(6) { self.key() } else { self.unused_key(service, operator) };
                Action::Rotate { who: operator, service, key }
            }
            5 => Action::Deregister { who: operator, service },
            6..=8 => {
                let (service, operator) = self.member(service, operator);
                Action::Update { who, service, operators: [operator, self.operator()] }
            }
            9 => match self.random.below(6) {
                0 => {
                    let token = self.token().min(LIMITS.len() - 1);
                    Action::SetWeight { who: owner, service, token, wad: self.wad() }
                }
                1 => {
                    let most = if self.random.one_in(10) { u128::MAX } else { 40 * WHOLE };
                    Action::SetMinimum { who: owner, service, stake: self.random.up_to(most) }
                }
                2 => Action::SetAdmission { who: owner, service, asks: self.random.one_in(2) },
                _ => Action::Admit { who, operator, admitted: !self.random.one_in(3) },
            },
            10..=13 => {
                let (service, operator) = self.member(service, operator);
                let answers = if self.random.one_in(6) { (1, 1) } else { (1, 2) };
                let task = self.task(service);
                let (signer, bonded) = (self.signer(service, operator, task.time), !self.random.one_in(12));
                Action::Accuse { who, service, operator, task, answers, signer, bonded }
            }
            14..=16 => {
                let (service, operator) = self.member(service, operator);
                let (task, leaf) = (self.task(service), self.leaf());
                let (signer, bonded) = (self.signer(service, operator, task.time), !self.random.one_in(12));
                Action::Ask { who, service, operator, task, leaf, signer, bonded }
            }
            17 | 18 => {
                let service = self.disputed(service);
                let (challenge, leaf) = self.challenge(service);
                let leaf = if self.random.one_in(4) { self.leaf() } else { leaf };
                Action::Answer { who, service, challenge, leaf }
            }
            19..=21 => {
                let service = self.disputed(service);
                Action::Resolve { who, service, challenge: self.challenge(service).0 }
            }
            22 => {
                let creditors: Vec<Address> = self.model.disputes[service].bonds.keys().copied().collect();
                let creditor = self.random.pick(&creditors).map_or(who, |account| self.stage.who(account));
                let who = if self.random.one_in(4) { who } else { creditor };
                let recipient = if self.random.one_in(6) { Who::NOBODY } else { who };
                Action::WithdrawBond { who, service, recipient }
            }
            23 | 24 => {
                // A kind can be switched off.
                let kind = |chooser: &mut Self| if chooser.random.one_in(4) { 0 } else { chooser.wad() };
                let (wads, share) = ((kind(self), kind(self)), self.wad() / 10);
                let resolver = self.random.pick(&[Who::JUDGE, Who::SLY, Who::NOBODY]).unwrap_or(Who::NOBODY);
                Action::ScheduleTerms { who: owner, service, wads, share, resolver }
            }
            25 if self.random.one_in(3) => Action::CancelTerms { who: owner, service },
            _ => Action::Update { who, service, operators: [operator, self.operator()] },
        }
    }

    /// Tasks of now and before; a few of them, so that they meet again.
    fn task(&mut self, service: usize) -> Task {
        let now = self.model.now;
        let setup = &self.stage.setup.services[service];
        let (window, reserve) = (setup.evidence_window, setup.evidence_window - setup.answer_window);
        let time = match self.random.below(10) {
            0 => now - window,
            1 => now - window - 1,
            2 => now + 1,
            3 => now - reserve,
            4 => now - reserve - 1,
            5..=7 => now - self.random.below(reserve),
            _ => epoch::start(epoch::at(now)).max(now - reserve),
        };
        Task { number: u8::try_from(self.random.below(3)).unwrap_or(0), time }
    }

    fn leaf(&mut self) -> Leaf {
        let of = self.random.pick(&[0, 1, 3, 3, 5, 5]).unwrap_or(1);
        Leaf { index: u8::try_from(self.random.below(u64::from(of) + 1)).unwrap_or(0), of }
    }

    fn challenge(&mut self, service: usize) -> (u64, Leaf) {
        let challenges = &self.model.disputes[service].challenges;
        let open: Vec<_> = (0..).zip(challenges).filter(|(_, challenge)| challenge.state == 1).collect();
        let small = |number: u64| u8::try_from(number).unwrap_or(u8::MAX);
        match self.random.pick(&open) {
            Some((id, challenge)) if !self.random.one_in(10) => {
                (id, Leaf { index: small(challenge.index), of: small(challenge.leaf_count) })
            }
            _ => (self.random.below(4), self.leaf()),
        }
    }

    /// Mostly an operator that a service has.
    fn member(&mut self, service: usize, operator: Who) -> (usize, Who) {
        let registries = self.model.registries.iter().enumerate();
        let members: Vec<(usize, Address)> =
            registries.flat_map(|(service, registry)| registry.members.keys().map(move |of| (service, *of))).collect();
        match self.random.pick(&members) {
            Some((service, operator)) if !self.random.one_in(8) => (service, self.stage.who(operator)),
            _ => (service, operator),
        }
    }

    /// Mostly a service with an open challenge.
    fn disputed(&mut self, service: usize) -> usize {
        let open = |service: &usize| self.model.disputes[*service].challenges.iter().any(|of| of.state == 1);
        let disputed: Vec<usize> = (0..SERVICES).filter(open).collect();
        self.random.pick(&disputed).unwrap_or(service)
    }
}
