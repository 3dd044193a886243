//! Slash requests: a proven fault freezes the operator, time passes, anyone executes.

use crate::storage::Slasher;
use alloy_primitives::{Address, U64};
use arithmetic::time::CHALLENGE_PERIOD_SECONDS;
use arithmetic::{epoch, wad};
use common::stored::{number, set_number};
use common::{access, calls, pause, Outcome};
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

    /// Takes a request out of the operator's status, and releases the operator if it was the last open one.
    fn close(&mut self, operator: Address, wad: u64) {
        let mut status = self.operators.setter(operator);
        let pending = number(&status.pending_slash).saturating_sub(wad);
        set_number(&mut status.pending_slash, pending);
        let open = number(&status.open_requests).saturating_sub(1);
        set_number(&mut status.open_requests, open);
        if open == 0 {
            set_number(&mut status.frozen_since, 0);
            self.vm().log(ISlasher::FrozenStatusReset { operator });
        }
    }
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
