//! Slash requests: a proven fault freezes the operator, time passes, anyone executes.

use crate::storage::Slasher;
use alloy_primitives::{Address, U64};
use arithmetic::time::{CHALLENGE_PERIOD_SECONDS, EXECUTION_WINDOW_SECONDS};
use arithmetic::{epoch, pause, wad};
use common::stored::{number, set_number};
use common::{access, calls, Outcome};
use interfaces::{ISlasher, IStrategyManager};
use stylus_sdk::prelude::*;

/// What a service asks for.
pub(crate) struct Terms {
    /// The fraction of the operator's stake (wad).
    pub(crate) wad: u64,
    /// Who proved the fault.
    pub(crate) challenger: Address,
    /// The challenger's part of the slash (wad).
    pub(crate) challenger_share: u64,
    /// Who gets the rest.
    pub(crate) recipient: Address,
    /// Who may veto it; the zero address for nobody.
    pub(crate) resolver: Address,
}

impl Slasher {
    pub(crate) fn open_request(&mut self, operator: Address, service_manager: Address, terms: &Terms) -> Outcome<u64> {
        self.require_unpaused(pause::FREEZE)?;
        check(terms)?;
        let now = self.vm().block_timestamp();
        let wad = self.use_budget(operator, service_manager, terms.wad, now)?;
        let executable_at = now.saturating_add(CHALLENGE_PERIOD_SECONDS);
        let request_id = number(&self.request_count);
        set_number(&mut self.request_count, request_id.saturating_add(1));

        let mut request = self.requests.setter(U64::from(request_id));
        request.operator.set(operator);
        set_number(&mut request.wad, wad);
        request.open.set(true);
        request.service_manager.set(service_manager);
        set_number(&mut request.executable_at, executable_at);
        request.challenger.set(terms.challenger);
        set_number(&mut request.challenger_share, terms.challenger_share);
        request.recipient.set(terms.recipient);
        set_number(&mut request.capture_epoch, epoch::at(now));
        if !terms.resolver.is_zero() {
            request.resolver.set(terms.resolver);
        }

        let mut status = self.operators.setter(operator);
        let open_before = number(&status.open_requests);
        set_number(&mut status.open_requests, open_before.saturating_add(1));
        // What is pending was taken from the operator's commitments, which end before they are renewed: far below 64 bits.
        let pending = number(&status.pending_slash).saturating_add(wad);
        set_number(&mut status.pending_slash, pending);
        if open_before == 0 {
            set_number(&mut status.frozen_since, now);
            self.vm().log(ISlasher::OperatorFrozen { operator, serviceManager: service_manager });
        }
        self.vm().log(ISlasher::SlashRequested {
            requestId: request_id,
            operator,
            serviceManager: service_manager,
            wad,
            challenger: terms.challenger,
            executableAt: executable_at,
            resolver: terms.resolver,
        });
        Ok(request_id)
    }

    /// Takes `asked` out of the service's budget, or what is left of it, and out of the operator's commitment with it. Returns how much.
    fn use_budget(&mut self, operator: Address, service_manager: Address, asked: u64, now: u64) -> Outcome<u64> {
        let mut grants = self.grants.setter(operator);
        let mut grant = grants.setter(service_manager);
        let can_slash_until = number(&grant.can_slash_until);
        if can_slash_until < now {
            return Err(ISlasher::CannotSlash { operator, canSlashUntil: can_slash_until }.into());
        }
        let budget = number(&grant.max_slash);
        let used = asked.min(budget);
        if used == 0 {
            return Err(ISlasher::SlashBudgetExhausted { operator }.into());
        }
        // `used` is at most the budget, and the budget is part of the commitment.
        set_number(&mut grant.max_slash, budget.saturating_sub(used));
        let mut status = self.operators.setter(operator);
        let rest = number(&status.commitment).saturating_sub(used);
        set_number(&mut status.commitment, rest);
        Ok(used)
    }

    pub(crate) fn execute(&mut self, request_id: u64) -> Outcome {
        let now = self.vm().block_timestamp();
        let mut request = self.requests.setter(U64::from(request_id));
        if !request.open.get() {
            return Err(ISlasher::NoOpenRequest { requestId: request_id }.into());
        }
        let executable_at = number(&request.executable_at);
        if now < executable_at {
            return Err(ISlasher::SlashNotExecutable { executableAt: executable_at }.into());
        }
        let expires_at = expiry(executable_at);
        if now >= expires_at {
            return Err(ISlasher::SlashRequestExpired { expiredAt: expires_at }.into());
        }
        request.open.set(false);
        let (operator, wad) = (request.operator.get(), number(&request.wad));
        let slash = IStrategyManager::slashCall {
            operator,
            wad,
            captureEpoch: number(&request.capture_epoch),
            challenger: request.challenger.get(),
            challengerShare: number(&request.challenger_share),
            recipient: request.recipient.get(),
        };
        let executor = self.vm().msg_sender();
        self.vm().log(ISlasher::SlashExecuted { requestId: request_id, operator, executor });
        self.close(operator, wad);
        let ledger = self.strategy_manager.get();
        calls::send(self, ledger, &slash)?;
        Ok(())
    }

    /// The resolver that was named before the fault takes the request back, while nobody can execute it.
    pub(crate) fn veto(&mut self, request_id: u64) -> Outcome {
        let request = self.requests.getter(U64::from(request_id));
        if !request.open.get() {
            return Err(ISlasher::NoOpenRequest { requestId: request_id }.into());
        }
        // Nobody calls from the zero address, so where no resolver was named nobody is let through.
        access::only(self.vm(), request.resolver.get())?;
        let executable_at = number(&request.executable_at);
        if self.vm().block_timestamp() >= executable_at {
            return Err(ISlasher::VetoWindowEnded { endedAt: executable_at }.into());
        }
        let (operator, resolver) = (request.operator.get(), request.resolver.get());
        self.vm().log(ISlasher::SlashVetoed { requestId: request_id, operator, resolver });
        self.take_back(request_id);
        Ok(())
    }

    /// A request that nobody executed in time is closed, so that the operator does not stay frozen.
    pub(crate) fn expire(&mut self, request_id: u64) -> Outcome {
        let request = self.requests.getter(U64::from(request_id));
        if !request.open.get() {
            return Err(ISlasher::NoOpenRequest { requestId: request_id }.into());
        }
        let expires_at = expiry(number(&request.executable_at));
        if self.vm().block_timestamp() < expires_at {
            return Err(ISlasher::SlashNotExpired { expiresAt: expires_at }.into());
        }
        let operator = request.operator.get();
        self.vm().log(ISlasher::SlashExpired { requestId: request_id, operator });
        self.take_back(request_id);
        Ok(())
    }

    /// Closes a request that takes nothing, and gives its wad back to the budget if the grant can still be used. While there are open requests the operator cannot
    /// opt in or raise a budget, so it is the grant that the wad came from, and neither sum exceeds what it was before.
    fn take_back(&mut self, request_id: u64) {
        let now = self.vm().block_timestamp();
        let mut request = self.requests.setter(U64::from(request_id));
        request.open.set(false);
        let (operator, service_manager) = (request.operator.get(), request.service_manager.get());
        let wad = number(&request.wad);
        let mut grants = self.grants.setter(operator);
        let mut grant = grants.setter(service_manager);
        if number(&grant.can_slash_until) >= now {
            let budget = number(&grant.max_slash).saturating_add(wad);
            set_number(&mut grant.max_slash, budget);
            let mut status = self.operators.setter(operator);
            let commitment = number(&status.commitment).saturating_add(wad);
            set_number(&mut status.commitment, commitment);
        }
        self.close(operator, wad);
    }

    /// Takes a request out of the operator's status, and releases the operator if it was the last open one.
    fn close(&mut self, operator: Address, wad: u64) {
        let now = self.vm().block_timestamp();
        let mut status = self.operators.setter(operator);
        let pending = number(&status.pending_slash).saturating_sub(wad);
        set_number(&mut status.pending_slash, pending);
        let open = number(&status.open_requests).saturating_sub(1);
        set_number(&mut status.open_requests, open);
        if open == 0 {
            set_number(&mut status.frozen_since, 0);
            set_number(&mut status.released_at, now);
            self.vm().log(ISlasher::FrozenStatusReset { operator });
        }
    }
}

/// From when a request has expired.
fn expiry(executable_at: u64) -> u64 {
    executable_at.saturating_add(EXECUTION_WINDOW_SECONDS)
}

fn check(terms: &Terms) -> Outcome {
    access::nonzero(terms.challenger)?;
    access::nonzero(terms.recipient)?;
    if terms.wad == 0 || terms.wad > wad::ONE {
        return Err(ISlasher::InvalidWad { wad: terms.wad }.into());
    }
    if terms.challenger_share > wad::MAX_CHALLENGER_SHARE {
        return Err(ISlasher::ChallengerShareTooHigh {
            share: terms.challenger_share,
            limit: wad::MAX_CHALLENGER_SHARE,
        }
        .into());
    }
    Ok(())
}
