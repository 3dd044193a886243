//! Slash requests, and the freezes that come of them.

use super::governance::is_paused;
use super::{Answer, Model, nonzero, refuse};
use crate::model::terms::Terms;
use alloy::primitives::Address;
use arithmetic::time::{CHALLENGE_PERIOD_SECONDS, EXECUTION_WINDOW_SECONDS};
use arithmetic::{epoch, wad};
use interfaces::IAccess::{Paused, Unauthorized};
use interfaces::ISlasher::*;

const FREEZE: u8 = 16;

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    Executed,
    TakenBack,
}

/// A slash request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) operator: Address,
    pub(crate) service: Address,
    pub(crate) wad: u64,
    pub(crate) challenger: Address,
    pub(crate) share: u64,
    pub(crate) recipient: Address,
    pub(crate) captured: u64,
    pub(crate) executable_at: u64,
    pub(crate) resolver: Address,
    pub(crate) state: State,
    /// Since when the operator was frozen when it was opened.
    pub(crate) frozen_since: u64,
    /// When the fault happened, by the evidence.
    pub(crate) fault_time: u64,
}

/// All requests, by number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Requests {
    pub(crate) all: Vec<Request>,
}

impl Requests {
    /// The open requests against an operator.
    pub(crate) fn open(&self, operator: Address) -> impl Iterator<Item = &Request> {
        self.all.iter().filter(move |request| request.operator == operator && request.state == State::Open)
    }

    /// What an operator's open requests ask for.
    pub(crate) fn pending(&self, operator: Address) -> u64 {
        self.open(operator).map(|request| request.wad).sum()
    }
}

/// From when a request has expired.
pub(crate) fn expiry(request: &Request) -> u64 {
    request.executable_at + EXECUTION_WINDOW_SECONDS
}

impl Model {
    /// Whether a request is open.
    pub(crate) fn is_open(&self, request: &Request) -> bool {
        request.state == State::Open
    }

    /// Whether a request uses up its service's budget: not if it was taken back.
    pub(crate) fn counts(&self, request: &Request) -> bool {
        request.state != State::TakenBack
    }

    /// Whether an operator is frozen: whether it has an open request.
    pub(crate) fn is_frozen(&self, operator: Address) -> bool {
        self.requests.open(operator).next().is_some()
    }

    pub(super) fn freeze(
        &mut self,
        operator: Address,
        service: Address,
        terms: &Terms,
        asked: u64,
        challenger: Address,
        fault_time: u64,
    ) -> Answer<u64> {
        if is_paused(&self.governance, FREEZE, self.now) {
            return refuse(Paused { action: FREEZE });
        }
        nonzero(challenger)?;
        nonzero(terms.recipient)?;
        if asked == 0 || asked > wad::ONE {
            return refuse(InvalidWad { wad: asked });
        }
        if terms.share > wad::MAX_CHALLENGER_SHARE {
            return refuse(ChallengerShareTooHigh { share: terms.share, limit: wad::MAX_CHALLENGER_SHARE });
        }
        let grant = self.grants.of(operator, service);
        if grant.until < self.now {
            return refuse(CannotSlash { operator, canSlashUntil: grant.until });
        }
        let wad = asked.min(grant.budget);
        if wad == 0 {
            return refuse(SlashBudgetExhausted { operator });
        }
        let since = self.requests.open(operator).next().map(|first| first.frozen_since);
        self.grants.all.entry((operator, service)).or_default().budget -= wad;
        let id = u64::try_from(self.requests.all.len()).unwrap_or(u64::MAX);
        let request = Request {
            operator,
            service,
            wad,
            challenger,
            share: terms.share,
            recipient: terms.recipient,
            captured: epoch::at(self.now),
            executable_at: self.now + CHALLENGE_PERIOD_SECONDS,
            resolver: terms.resolver,
            state: State::Open,
            frozen_since: since.unwrap_or(self.now),
            fault_time,
        };
        self.requests.all.push(request);
        if since.is_none() {
            self.log(self.stage.suite.slasher, OperatorFrozen { operator, serviceManager: service });
        }
        let event = SlashRequested {
            requestId: id,
            operator,
            serviceManager: service,
            wad,
            challenger,
            executableAt: request.executable_at,
            resolver: request.resolver,
        };
        self.log(self.stage.suite.slasher, event);
        Ok(id)
    }

    pub(super) fn execute(&mut self, executor: Address, id: u64) -> Answer {
        let request = self.open_request(id)?;
        let Request { operator, executable_at, .. } = request;
        if self.now < executable_at {
            return refuse(SlashNotExecutable { executableAt: executable_at });
        }
        if self.now >= expiry(&request) {
            return refuse(SlashRequestExpired { expiredAt: expiry(&request) });
        }
        self.log(self.stage.suite.slasher, SlashExecuted { requestId: id, operator, executor });
        self.close(id, State::Executed);
        let Request { wad, captured, challenger, share, recipient, .. } = request;
        self.slash(operator, wad, captured, challenger, share, recipient)
    }

    pub(super) fn veto(&mut self, caller: Address, id: u64) -> Answer {
        let Request { operator, executable_at, resolver, .. } = self.open_request(id)?;
        if caller != resolver {
            return refuse(Unauthorized { caller });
        }
        if self.now >= executable_at {
            return refuse(VetoWindowEnded { endedAt: executable_at });
        }
        self.log(self.stage.suite.slasher, SlashVetoed { requestId: id, operator, resolver });
        self.take_back(id);
        Ok(())
    }

    pub(super) fn expire(&mut self, id: u64) -> Answer {
        let request = self.open_request(id)?;
        if self.now < expiry(&request) {
            return refuse(SlashNotExpired { expiresAt: expiry(&request) });
        }
        self.log(self.stage.suite.slasher, SlashExpired { requestId: id, operator: request.operator });
        self.take_back(id);
        Ok(())
    }

    /// Closes a request that takes nothing, and gives its wad back to a grant that can still be used.
    fn take_back(&mut self, id: u64) {
        let Request { operator, service, wad, .. } = self.requests.all[usize::try_from(id).unwrap_or(usize::MAX)];
        let now = self.now;
        let grant = self.grants.all.entry((operator, service)).or_default();
        if grant.until >= now {
            grant.budget += wad;
        }
        self.close(id, State::TakenBack);
    }

    fn close(&mut self, id: u64, state: State) {
        let request = &mut self.requests.all[usize::try_from(id).unwrap_or(usize::MAX)];
        request.state = state;
        let operator = request.operator;
        if !self.is_frozen(operator) {
            self.grants.released_at.insert(operator, self.now);
            self.log(self.stage.suite.slasher, FrozenStatusReset { operator });
        }
    }

    fn open_request(&self, id: u64) -> Answer<Request> {
        let request = usize::try_from(id).ok().and_then(|index| self.requests.all.get(index));
        match request.filter(|request| request.state == State::Open) {
            Some(request) => Ok(*request),
            None => refuse(NoOpenRequest { requestId: id }),
        }
    }
}
