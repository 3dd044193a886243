//! Slash requests: a proven fault freezes the operator, time passes, anyone executes. What was asked for is published,
//! and only its hash is stored, so whoever closes a request gives it again.

use crate::published::Published;
use crate::storage::{pauses, Slasher};
use alloy_primitives::{Address, B256, U256, U64};
use alloy_sol_types::{SolCall, SolEvent};
use arithmetic::grant::{Freezes, Grant};
use arithmetic::{epoch, freeze, magnitude, pause, wad};
use common::calls::word;
use common::{access, calls, Emit, Outcome};
use interfaces::ISlasher::SlashRequest;
use interfaces::{IAccess, ISlasher, IStrategyManager};
use stylus_sdk::prelude::*;

/// What a service asks for.
pub(crate) struct Asked {
    /// The part of what is left of the budget (wad).
    pub(crate) part: u64,
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
    pub(crate) fn _freeze_operator(
        &mut self,
        operator: Address,
        service_manager: Address,
        asked: &Asked,
    ) -> Outcome<u64> {
        check(asked)?;
        let now = self.vm().block_timestamp();
        let (wad, exclusive) = self.use_budget(operator, service_manager, asked.part, now)?;
        let request = SlashRequest {
            operator,
            serviceManager: service_manager,
            wad,
            exclusive,
            challenger: asked.challenger,
            challengerShare: asked.challenger_share,
            recipient: asked.recipient,
            resolver: asked.resolver,
            executableAt: freeze::executable(now),
            pausedBefore: pauses(&self.execute_pauses).elapsed(now),
        };
        let request_id = self.next_request();
        self.set_next_request(request_id.saturating_add(1));

        let published = Published::from(&request);
        self.requests.insert(U64::from(request_id), published.hash());

        let mut status = self.operators.setter(operator);
        let Freezes { pending, released_at, refused, captures } = status.freezes();
        // A request is at least a hundredth of a budget, and a budget of the magnitude: nobody has 65,535 open at a
        // time, about 20,000 at most.
        let was_frozen = status.freeze().is_frozen();
        let (Some(captures), Some(freeze)) = (captures.opened(epoch::at(now)), status.freeze().opened(now)) else {
            return Err(ISlasher::SlashBudgetExhausted { operator }.into());
        };
        status.set_freezes(&Freezes { pending: pending.saturating_add(wad), released_at, refused, captures });
        if !exclusive {
            status.count_shared(wad, 0);
        }
        status.set_freeze(freeze);
        if !was_frozen {
            self.vm().emit(&ISlasher::OperatorFrozen { operator, serviceManager: service_manager });
        }
        let topics = [
            ISlasher::SlashRequested::SIGNATURE_HASH,
            word(request_id.into()),
            operator.into_word(),
            service_manager.into_word(),
        ]
        .map(|topic| topic.0);
        // The SDK's function for topics and data copies byte by byte.
        let log = [topics.as_flattened(), published.bytes()].concat();
        self.vm().emit_log(&log, topics.len());
        Ok(request_id)
    }

    /// Moves what a fault takes from the service's budget to its open requests. Returns how much, and whether it is of
    /// the exclusive tier.
    fn use_budget(&mut self, operator: Address, service_manager: Address, part: u64, now: u64) -> Outcome<(u64, bool)> {
        let mut grant = self.load_grant(operator, service_manager);
        if grant.can_slash_until < now {
            return Err(ISlasher::CannotSlash { operator, canSlashUntil: grant.shown_end() }.into());
        }
        let wad = magnitude::requested(grant.budget, grant.full_budget, part);
        if wad == 0 {
            return Err(ISlasher::SlashBudgetExhausted { operator }.into());
        }
        // At most the budget.
        grant.budget = grant.budget.saturating_sub(wad);
        grant.pending = grant.pending.saturating_add(wad);
        self.store_grant(operator, service_manager, &grant);
        Ok((wad, grant.exclusive))
    }

    pub(crate) fn _execute_slash(&mut self, request_id: u64, published: &Published) -> Outcome {
        let now = self.vm().block_timestamp();
        let request = self.require_open(request_id, published)?;
        let window = pauses(&self.execute_pauses);
        if window.is_open(now) {
            return Err(IAccess::Paused { action: pause::EXECUTE }.into());
        }
        let SlashRequest { operator, wad, exclusive, executableAt: executable_at, .. } = request;
        if now < executable_at {
            return Err(ISlasher::SlashNotExecutable { executableAt: executable_at }.into());
        }
        let expired_at = self.expiry(&request);
        if now >= expired_at {
            return Err(ISlasher::SlashRequestExpired { expiredAt: expired_at }.into());
        }
        let captured = epoch::at(freeze::captured(executable_at));

        let status = self.operators.getter(operator);
        let (mut budgets, executed) = (status.budgets(), status.executed());
        let magnitude = budgets.magnitude();
        let taken = budgets.execute(wad, exclusive);
        self.close(request_id, &request);
        self.store_budgets(operator, budgets);
        let mut status = self.operators.setter(operator);
        // Only requests that are open now and were captured before need to know.
        if status.freeze().is_frozen() {
            status.set_executed(&executed.add(captured, taken));
        }
        let executor = self.vm().msg_sender();
        self.vm().emit(&ISlasher::SlashExecuted { requestId: request_id, operator, executor, taken, magnitude });
        self.log_release(operator);
        if taken == 0 {
            return Ok(());
        }
        let [first, second, third, fourth] = executed.later(captured).map(|sum| word(sum.into()));
        // In the order of the ABI.
        let slash = [
            operator.into_word(),
            word(taken.into()),
            word(magnitude.into()),
            word(captured.into()),
            first,
            second,
            third,
            fourth,
            request.challenger.into_word(),
            word(request.challengerShare.into()),
            request.recipient.into_word(),
        ];
        let calldata = calls::words(IStrategyManager::slashCall::SELECTOR, &slash);
        calls::send_raw(self, self.strategy_manager.get(), U256::ZERO, &calldata)?;
        Ok(())
    }

    pub(crate) fn _veto_slash(&mut self, request_id: u64, published: &Published) -> Outcome {
        let request = self.require_open(request_id, published)?;
        let SlashRequest { operator, resolver, executableAt: executable_at, .. } = request;
        // Nobody calls from the zero address, so where no resolver was named nobody is let through.
        access::only(self.vm(), resolver)?;
        let now = self.vm().block_timestamp();
        let window = pauses(&self.execute_pauses);
        // A pause that runs since then or earlier: it could not be executed for one second.
        let waits = window.is_open(now) && window.since <= executable_at;
        if now >= executable_at && !waits {
            return Err(ISlasher::VetoWindowEnded { endedAt: executable_at }.into());
        }
        self.vm().emit(&ISlasher::SlashVetoed { requestId: request_id, operator, resolver });
        self.give_back(request_id, &request);
        Ok(())
    }

    pub(crate) fn _close_expired_request(&mut self, request_id: u64, published: &Published) -> Outcome {
        let request = self.require_open(request_id, published)?;
        let expires_at = self.expiry(&request);
        if self.vm().block_timestamp() < expires_at {
            return Err(ISlasher::SlashNotExpired { expiresAt: expires_at }.into());
        }
        self.vm().emit(&ISlasher::SlashExpired { requestId: request_id, operator: request.operator });
        self.give_back(request_id, &request);
        Ok(())
    }

    /// Closes a request that takes nothing, and gives its wad back to the budget it came from.
    fn give_back(&mut self, request_id: u64, request: &SlashRequest) {
        let SlashRequest { operator, serviceManager: service_manager, wad, .. } = *request;
        let grant = self.load_grant(operator, service_manager);
        self.store_grant(operator, service_manager, &Grant { budget: grant.budget.saturating_add(wad), ..grant });
        if !grant.exclusive {
            self.operators.setter(operator).count_shared(0, wad);
        }
        self.close(request_id, request);
        self.log_release(operator);
    }

    /// Takes a request out of what is open of its service and of its operator, which is released with the last.
    fn close(&mut self, request_id: u64, request: &SlashRequest) {
        let now = self.vm().block_timestamp();
        self.requests.insert(U64::from(request_id), B256::ZERO);
        let SlashRequest { operator, serviceManager: service_manager, wad, executableAt: executable_at, .. } = *request;
        let grant = self.load_grant(operator, service_manager);
        self.store_grant(operator, service_manager, &Grant { pending: grant.pending.saturating_sub(wad), ..grant });
        let mut status = self.operators.setter(operator);
        // While it still counts as frozen.
        let refused_seconds = status.refused_seconds(now);
        let freeze = status.freeze().closed();
        status.set_freeze(freeze);
        let Freezes { pending, released_at, refused, captures } = status.freezes();
        let captures = captures.closed(epoch::at(freeze::captured(executable_at)));
        let pending = pending.saturating_sub(wad);
        let (released_at, refused) = if freeze.is_frozen() { (released_at, refused) } else { (now, refused_seconds) };
        status.set_freezes(&Freezes { pending, released_at, refused, captures });
    }

    fn log_release(&self, operator: Address) {
        if !self.is_frozen_now(operator) {
            self.vm().emit(&ISlasher::FrozenStatusReset { operator });
        }
    }

    /// Checks that this request is open under this number. Returns what it says.
    fn require_open(&self, request_id: u64, published: &Published) -> Outcome<SlashRequest> {
        let open = self.requests.get(U64::from(request_id));
        if open.is_zero() {
            return Err(ISlasher::NoOpenRequest { requestId: request_id }.into());
        }
        if open != published.hash() {
            return Err(ISlasher::WrongRequest { requestId: request_id }.into());
        }
        Ok(published.read())
    }

    /// From when a request has expired: later by the time for which executing was paused since its capture.
    fn expiry(&self, request: &SlashRequest) -> u64 {
        let elapsed = pauses(&self.execute_pauses).elapsed(self.vm().block_timestamp());
        freeze::expires(request.executableAt, elapsed.saturating_sub(request.pausedBefore))
    }
}

fn check(asked: &Asked) -> Outcome {
    access::nonzero(asked.challenger)?;
    access::nonzero(asked.recipient)?;
    if asked.part == 0 || asked.part > wad::ONE {
        return Err(ISlasher::InvalidWad { wad: asked.part }.into());
    }
    if asked.challenger_share > wad::MAX_CHALLENGER_SHARE {
        return Err(ISlasher::ChallengerShareTooHigh {
            share: asked.challenger_share,
            limit: wad::MAX_CHALLENGER_SHARE,
        }
        .into());
    }
    Ok(())
}
