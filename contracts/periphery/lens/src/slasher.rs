//! What the Slasher stores.

use crate::storage::Lens;
use alloy_primitives::{Address, B256};
use arithmetic::freeze;
use arithmetic::grant::{Freeze, Freezes, Notice};
use arithmetic::pause::Window;
use common::{layout, slashing, Outcome};
use stylus_sdk::prelude::*;

impl Lens {
    pub(crate) fn _commitment_of(&self, operator: Address) -> Outcome<(u64, u64, u64, u64, u64)> {
        let budgets = slashing::budgets(self.vm(), self.slasher.get(), operator)?;
        Ok((budgets.exclusive, budgets.shared(), budgets.announced(), budgets.magnitude(), budgets.commitment()))
    }

    pub(crate) fn _grant(&self, operator: Address, service: Address) -> Outcome<(u64, u64, bool, u64, u64)> {
        let grant = slashing::grant(self.vm(), self.slasher.get(), operator, service)?;
        Ok((grant.budget, grant.full_budget, grant.exclusive, grant.shown_end(), grant.pending))
    }

    pub(crate) fn _pending_grant(&self, operator: Address, service: Address) -> Outcome<(u64, bool, u64, u64)> {
        let slot = slashing::grant_slot(operator, service);
        let notice = Notice::from_limbs(self.slasher_numbers(slot, slashing::NOTICE)?);
        if notice.raise == 0 {
            return Ok((0, false, 0, 0));
        }
        let grant = slashing::grant(self.vm(), self.slasher.get(), operator, service)?;
        let (.., refused) = self._operator_status(operator)?;
        let ends = freeze::notice_ends(notice.announced_at, refused.saturating_sub(notice.refused_before));
        Ok((notice.raise, grant.exclusive, ends, freeze::lapses(ends)))
    }

    pub(crate) fn _operator_status(&self, operator: Address) -> Outcome<(u64, u64, u64, u64)> {
        let slot = slashing::operator_slot(operator);
        let [.., freeze] = self.slasher_numbers(slot, slashing::OUTLINE)?;
        let freeze = Freeze::from_limb(freeze);
        let Freezes { released_at, mut refused, .. } =
            Freezes::from_limbs(self.slasher_numbers(slot, slashing::FREEZES)?);
        let now = self.vm().block_timestamp();
        if freeze.is_frozen() {
            refused = refused.saturating_add(freeze::refused_seconds(freeze.since, released_at, now));
        }
        refused = refused.saturating_add(self.pauses(slashing::QUEUE_PAUSES)?.elapsed(now));
        Ok((freeze.open_requests, freeze.since, released_at, refused))
    }

    pub(crate) fn _request_expiry(&self, executable_at: u64, paused_before: u64) -> Outcome<u64> {
        let elapsed = self.pauses(slashing::EXECUTE_PAUSES)?.elapsed(self.vm().block_timestamp());
        Ok(freeze::expires(executable_at, elapsed.saturating_sub(paused_before)))
    }

    fn pauses(&self, field: u64) -> Outcome<Window> {
        let [since, until, before, _] = self.slasher_numbers(layout::field(field), 0)?;
        Ok(Window { since, until, before })
    }

    /// The four numbers, lowest first, of the word `index` of what the Slasher stores from `slot` on.
    fn slasher_numbers(&self, slot: B256, index: u64) -> Outcome<[u64; 4]> {
        slashing::numbers(self.vm(), self.slasher.get(), slot, index)
    }
}
