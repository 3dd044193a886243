//! Views of more than one number.

use crate::grants::shown;
use crate::operators::time;
use crate::storage::Slasher;
use alloy_primitives::{Address, U64};
use arithmetic::{epoch, freeze};
use common::stored::number;

/// The fields of a request, in the order of [`interfaces::ISlasher::slashRequest`](interfaces::ISlasher).
pub(crate) type RequestFields = (Address, Address, u64, bool, Address, u64, Address, u64, u64, bool, Address);

impl Slasher {
    pub(crate) fn _guarantee_of(&self, operator: Address, service_manager: Address) -> (u64, u64, u64, u64) {
        let grants = self.grants.getter(operator);
        let grant = grants.getter(service_manager);
        let budgets = self.operators.getter(operator).budgets();
        let (budget, pending, magnitude) = (number(&grant.budget), number(&grant.pending), budgets.magnitude());
        if !self.is_granted(operator, service_manager) {
            (0, 0, magnitude, pending)
        } else if grant.exclusive.get() {
            (budget, 0, magnitude, pending)
        } else {
            let others = budgets.open_shared.saturating_sub(pending);
            (0, budgets.countable_shared(budget, others), magnitude, pending)
        }
    }

    pub(crate) fn _commitment_of(&self, operator: Address) -> (u64, u64, u64, u64, u64) {
        let budgets = self.operators.getter(operator).budgets();
        let announced = budgets.announced_exclusive.saturating_add(budgets.announced_shared);
        (budgets.exclusive, budgets.shared(), announced, budgets.magnitude(), budgets.commitment())
    }

    pub(crate) fn _grant(&self, operator: Address, service_manager: Address) -> (u64, u64, bool, u64, u64) {
        let grants = self.grants.getter(operator);
        let grant = grants.getter(service_manager);
        (
            number(&grant.budget),
            number(&grant.full_budget),
            grant.exclusive.get(),
            shown(time(&grant.can_slash_until)),
            number(&grant.pending),
        )
    }

    pub(crate) fn _pending_grant(&self, operator: Address, service_manager: Address) -> (u64, bool, u64, u64) {
        let grants = self.grants.getter(operator);
        let grant = grants.getter(service_manager);
        let raise = number(&grant.raise);
        if raise == 0 {
            return (0, false, 0, 0);
        }
        let (effective_at, lapses_at) = self.notice(operator, service_manager);
        (raise, grant.exclusive.get(), effective_at, lapses_at)
    }

    pub(crate) fn _operator_status(&self, operator: Address) -> (u64, u64, u64, u64) {
        let status = self.operators.getter(operator);
        (
            status.open_requests(),
            number(&status.frozen_since),
            status.released_at(),
            self.seconds_without_queueing(operator),
        )
    }

    pub(crate) fn _slash_request(&self, request_id: u64) -> RequestFields {
        let request = self.requests.getter(U64::from(request_id));
        let executable_at = number(&request.executable_at);
        (
            request.operator.get(),
            request.service_manager.get(),
            number(&request.wad),
            request.exclusive.get(),
            request.challenger.get(),
            number(&request.challenger_share),
            request.recipient.get(),
            epoch::at(freeze::captured(executable_at)),
            executable_at,
            request.open.get(),
            request.resolver.get(),
        )
    }
}
