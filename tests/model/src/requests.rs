//! Slash requests, and what executing one takes.

use crate::freezes::Freeze;
use crate::{Answer, Mistake, Protocol, nonzero, revert};
use alloy_primitives::Address;
use arithmetic::time::{CHALLENGE_PERIOD_SECONDS, EXECUTION_WINDOW_SECONDS};
use arithmetic::{epoch, pause, wad};
use interfaces::IAccess::{Paused, Unauthorized};
use interfaces::ISlasher::*;
use std::collections::BTreeMap;

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It can be vetoed, executed or closed.
    Open,
    /// It took what it could.
    Executed,
    /// It was vetoed, or expired.
    TakenBack,
}

/// A slash request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Whom it slashes.
    pub operator: Address,
    /// Whose grant it uses.
    pub service: Address,
    /// What it asks for (wad of the magnitude one).
    pub wad: u64,
    /// The part of what was left of the budget that the service asked for (wad).
    pub part: u64,
    /// Whether its grant is of the exclusive tier.
    pub exclusive: bool,
    /// Who gets the challenger's share.
    pub challenger: Address,
    /// The challenger's share (wad).
    pub share: u64,
    /// Who gets the rest.
    pub recipient: Address,
    /// The epoch in which it was opened.
    pub captured: u64,
    /// When it was opened (Unix seconds).
    pub captured_at: u64,
    /// For how long executing had ever been paused by then (seconds).
    pub paused: u64,
    /// From when it can be executed (Unix seconds).
    pub executable_at: u64,
    /// Who may veto it.
    pub resolver: Address,
    /// How it stands.
    pub state: State,
    /// What it took of the magnitude, if it was executed.
    pub taken: u64,
    /// Whether others were open when it was executed.
    pub beside_others: bool,
    /// In which freeze of the operator that was, counted from one.
    pub freeze: usize,
    /// When the fault happened, by the evidence (Unix seconds).
    pub fault_time: u64,
}

impl Request {
    /// What the Slasher's event says of it, and whoever closes it gives again.
    pub fn published(&self) -> SlashRequest {
        SlashRequest {
            operator: self.operator,
            serviceManager: self.service,
            wad: self.wad,
            exclusive: self.exclusive,
            challenger: self.challenger,
            challengerShare: self.share,
            recipient: self.recipient,
            resolver: self.resolver,
            executableAt: self.executable_at,
            pausedBefore: self.paused,
        }
    }
}

/// All requests, by number.
#[derive(Debug, Clone, Default)]
pub struct Requests {
    /// In the order in which they were opened.
    pub all: Vec<Request>,
    /// The numbers of executed ones, in that order.
    pub executions: Vec<u64>,
    /// Operator => its freezes, oldest first.
    pub freezes: BTreeMap<Address, Vec<Freeze>>,
}

impl Requests {
    /// The open requests against an operator.
    pub fn open(&self, operator: Address) -> impl Iterator<Item = &Request> {
        self.all.iter().filter(move |request| request.operator == operator && request.state == State::Open)
    }

    /// The request with a number, if there is one.
    pub fn get(&self, id: u64) -> Option<&Request> {
        self.all.get(usize::try_from(id).ok()?)
    }

    /// The executed requests against an operator, in the order of their execution.
    pub fn executed(&self, operator: Address) -> impl Iterator<Item = &Request> {
        let executed = self.executions.iter().filter_map(|id| self.get(*id));
        executed.filter(move |request| request.operator == operator)
    }
}

impl Protocol {
    /// From when a request has expired, if executing is not paused until then.
    pub fn expiry(&self, request: &Request) -> u64 {
        let paused = self.governance.paused_seconds(pause::EXECUTE, self.now).saturating_sub(request.paused);
        request.executable_at + EXECUTION_WINDOW_SECONDS + paused
    }

    /// The service freezes an operator. The number of the request is that of the last one afterwards.
    #[allow(clippy::too_many_arguments)] // What a request is made of.
    pub fn freeze_operator(
        &mut self,
        service: Address,
        operator: Address,
        part: u64,
        challenger: Address,
        share: u64,
        recipient: Address,
        resolver: Address,
        fault_time: u64,
    ) -> Answer<u64> {
        nonzero(challenger)?;
        nonzero(recipient)?;
        if part == 0 || part > wad::ONE {
            return revert(InvalidWad { wad: part });
        }
        if share > wad::MAX_CHALLENGER_SHARE {
            return revert(ChallengerShareTooHigh { share, limit: wad::MAX_CHALLENGER_SHARE });
        }
        let grant = self.grants.of(operator, service);
        if grant.until < self.now {
            return revert(CannotSlash { operator, canSlashUntil: grant.until });
        }
        let wad = self.requested(&grant, part);
        if wad == 0 {
            return revert(SlashBudgetExhausted { operator });
        }
        let frozen = self.is_frozen(operator);
        self.grants.all.entry((operator, service)).or_default().budget -= wad;
        let id = u64::try_from(self.requests.all.len()).unwrap_or(u64::MAX);
        let request = Request {
            operator,
            service,
            wad,
            part,
            exclusive: grant.exclusive,
            challenger,
            share,
            recipient,
            captured: epoch::at(self.now),
            captured_at: self.now,
            paused: self.governance.paused_seconds(pause::EXECUTE, self.now),
            executable_at: self.now + CHALLENGE_PERIOD_SECONDS,
            resolver,
            state: State::Open,
            taken: 0,
            beside_others: false,
            freeze: 0,
            fault_time,
        };
        self.requests.all.push(request);
        self.note_freeze(operator);
        if !frozen {
            self.log(self.setup.contracts.slasher, OperatorFrozen { operator, serviceManager: service });
        }
        let event = SlashRequested { requestId: id, operator, serviceManager: service, request: request.published() };
        self.log(self.setup.contracts.slasher, event);
        Ok(id)
    }

    /// Anyone: executes a request after its challenge period.
    pub fn execute_slash(&mut self, executor: Address, id: u64) -> Answer {
        let request = self.open_request(id)?;
        if self.governance.is_paused(pause::EXECUTE, self.now) {
            return revert(Paused { action: pause::EXECUTE });
        }
        let Request { operator, wad, captured, executable_at, .. } = request;
        if self.now < executable_at {
            return revert(SlashNotExecutable { executableAt: executable_at });
        }
        let expiry = self.expiry(&request);
        if self.now >= expiry {
            return revert(SlashRequestExpired { expiredAt: expiry });
        }
        let (sums, magnitude) = (self.sums(operator), self.magnitude(operator));
        let whole = request.exclusive || self.mistake == Mistake::SharedTakesAll;
        let taken = if whole { wad.min(magnitude) } else { wad.min(magnitude.saturating_sub(sums.exclusive)) };
        // What was executed before, captured at or after a release, the bucket of that release has not felt.
        let later = |release: u64| -> u64 {
            let missed = self.requests.executed(operator).filter(|of| of.captured >= release);
            missed.map(|of| of.taken).sum()
        };
        let buckets: Vec<(u64, u64)> =
            (captured + 1..=epoch::at(self.now) + 2).map(|release| (release, magnitude + later(release))).collect();
        self.close(id, State::Executed);
        let beside_others = self.is_frozen(operator);
        let freeze = self.freezes(operator).len();
        let executed = &mut self.requests.all[usize::try_from(id).unwrap_or(usize::MAX)];
        (executed.taken, executed.beside_others, executed.freeze) = (taken, beside_others, freeze);
        self.requests.executions.push(id);
        self.forget_if_nothing_granted(operator);
        self.log(self.setup.contracts.slasher, SlashExecuted { requestId: id, operator, executor, taken, magnitude });
        self.release_if_last(operator);
        if taken == 0 {
            return Ok(());
        }
        self.slash(&request, taken, magnitude, &buckets)
    }

    /// Resolver: takes a request back before it could first be executed.
    pub fn veto_slash(&mut self, caller: Address, id: u64) -> Answer {
        let Request { operator, executable_at, resolver, .. } = self.open_request(id)?;
        if caller != resolver {
            return revert(Unauthorized { caller });
        }
        // A pause that runs since then or earlier: it could not be executed for one second.
        let pauses = self.governance.pauses.iter().filter(|pause| pause.action == pause::EXECUTE);
        let waits = pauses.clone().any(|pause| pause.since <= executable_at && self.now < pause.until);
        if self.now >= executable_at && !waits {
            return revert(VetoWindowEnded { endedAt: executable_at });
        }
        self.log(self.setup.contracts.slasher, SlashVetoed { requestId: id, operator, resolver });
        self.take_back(id);
        Ok(())
    }

    /// Anyone: closes a request that has expired.
    pub fn close_expired_request(&mut self, id: u64) -> Answer {
        let request = self.open_request(id)?;
        let expiry = self.expiry(&request);
        if self.now < expiry {
            return revert(SlashNotExpired { expiresAt: expiry });
        }
        self.log(self.setup.contracts.slasher, SlashExpired { requestId: id, operator: request.operator });
        self.take_back(id);
        Ok(())
    }

    /// Closes a request that takes nothing, and gives its wad back to its grant, which cannot be released before.
    fn take_back(&mut self, id: u64) {
        let Request { operator, service, wad, .. } = self.requests.all[usize::try_from(id).unwrap_or(usize::MAX)];
        self.grants.all.entry((operator, service)).or_default().budget += wad;
        self.close(id, State::TakenBack);
        self.release_if_last(operator);
    }

    fn close(&mut self, id: u64, state: State) {
        let request = &mut self.requests.all[usize::try_from(id).unwrap_or(usize::MAX)];
        request.state = state;
        let operator = request.operator;
        self.note_freeze(operator);
    }

    fn release_if_last(&mut self, operator: Address) {
        if !self.is_frozen(operator) {
            self.log(self.setup.contracts.slasher, FrozenStatusReset { operator });
        }
    }

    fn open_request(&self, id: u64) -> Answer<Request> {
        match self.requests.get(id).filter(|request| request.state == State::Open) {
            Some(request) => Ok(*request),
            None => revert(NoOpenRequest { requestId: id }),
        }
    }
}
