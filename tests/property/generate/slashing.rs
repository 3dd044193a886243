//! Steps around grants and slash requests.

use super::Chooser;
use crate::action::Action;
use crate::stage::{Service, Who};
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use restake_model::State;

impl Chooser<'_> {
    /// Executes the first request that can be executed.
    pub(super) fn keeping(&mut self) -> Option<Action> {
        let model = self.model;
        let ready = (0..).zip(&model.requests.all).find(|(_, request)| {
            let open = request.state == State::Open && request.executable_at <= model.now;
            open && model.now < model.expiry(request)
        });
        ready.map(|(request, _)| Action::Execute { who: self.somebody(), request })
    }

    pub(super) fn slashing(&mut self) -> Action {
        let (who, service, operator) = (self.somebody(), self.grantee(), self.operator());
        match self.random.below(21) {
            0..=3 => Action::OptIn { who: operator, service, wad: self.budget(), exclusive: !self.random.one_in(3) },
            4 => Action::Raise { who: operator, service, wad: self.budget() },
            5 => Action::CancelPending { who: operator, service },
            6 | 7 => self.pending(who, operator, service),
            8 => Action::OptOut { who: operator, service },
            9 => Action::Release { who, operator, service },
            10..=14 => self.close(who),
            15 => {
                let request = self.request();
                let resolver = self.model.requests.get(request).map(|request| self.stage.who(request.resolver));
                let who = if self.random.one_in(4) { who } else { resolver.unwrap_or(Who::JUDGE) };
                Action::Veto { who, request }
            }
            16..=19 => {
                let by = if self.random.one_in(2) { Who::SLY } else { Who::FUND };
                let (operator, challenger, recipient) = (self.granting(by), self.anybody(), self.anybody());
                let who = if self.random.one_in(8) { who } else { by };
                let resolver = self.random.pick(&[Who::JUDGE, Who::SLY, Who::NOBODY]).unwrap_or(Who::NOBODY);
                let (wad, share) = (self.wad(), self.wad() / 10);
                Action::Freeze { who, operator, wad, share, challenger, recipient, resolver }
            }
            _ => {
                let operator = self.granting(Who::SLY);
                let who = if self.random.one_in(8) { who } else { Who::SLY };
                Action::Record { who, operator, last: self.random.one_in(3) }
            }
        }
    }

    /// Mostly somebody who let this account slash it.
    fn granting(&mut self, service: Who) -> Who {
        let manager = self.stage.of(service);
        let grants = self.model.grants.all.keys().filter(|(_, grantee)| *grantee == manager);
        let granting: Vec<Address> = grants.map(|(operator, _)| *operator).collect();
        match self.random.pick(&granting) {
            Some(operator) if !self.random.one_in(8) => self.stage.who(operator),
            _ => self.operator(),
        }
    }

    /// What can be done about something announced, mostly something there is.
    fn pending(&mut self, who: Who, operator: Who, service: Service) -> Action {
        let announced = self.model.grants.all.iter().filter(|(_, grant)| grant.announced.is_some());
        let announced: Vec<(Address, Address)> = announced.map(|(of, _)| *of).collect();
        let found = self
            .random
            .pick(&announced)
            .and_then(|(operator, manager)| Some((self.stage.who(operator), self.stage.service(manager)?)));
        let (operator, service) = found.unwrap_or((operator, service));
        let (_, lapses) = self.model.notice(self.stage.of(operator), self.stage.manager(service));
        if (self.model.now >= lapses) != self.random.one_in(8) {
            Action::ClearLapsed { who, operator, service }
        } else {
            Action::Activate { who, operator, service }
        }
    }

    /// What can be done about a request by now, mostly.
    fn close(&mut self, who: Who) -> Action {
        let request = self.request();
        let known = self.model.requests.get(request);
        let expired = known.is_some_and(|request| self.model.now >= self.model.expiry(request));
        if expired != self.random.one_in(8) {
            Action::Expire { who, request }
        } else {
            Action::Execute { who, request }
        }
    }

    /// Mostly an open request.
    fn request(&mut self) -> u64 {
        let all = &self.model.requests.all;
        let open: Vec<u64> =
            (0..).zip(all).filter(|(_, request)| request.state == State::Open).map(|(id, _)| id).collect();
        match self.random.pick(&open) {
            Some(id) if !self.random.one_in(10) => id,
            _ => self.random.below(6),
        }
    }

    /// A budget: mostly one of several that fit beside each other.
    pub(crate) fn budget(&mut self) -> u64 {
        match self.random.below(10) {
            0 => self.wad(),
            1 => ONE / 100,
            2 => ONE / 100 - 1,
            3 => ONE,
            4 | 5 => self.random.below(ONE),
            _ => ONE / 100 + self.random.below(ONE / 3),
        }
    }
}
