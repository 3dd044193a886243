//! What the Slasher stores.

use crate::storage::Lens;
use crate::words::{self, slasher};
use alloy_primitives::{Address, B256};
use arithmetic::freeze;
use arithmetic::grant::{Freeze, Freezes, Grant, Notice};
use arithmetic::magnitude::Budgets;
use arithmetic::pause::Window;
use common::{calls, Outcome};
use interfaces::ISlasher;
use stylus_sdk::prelude::*;

impl Lens {
    pub(crate) fn _commitment_of(&self, operator: Address) -> Outcome<(u64, u64, u64, u64, u64)> {
        let budgets = self.read_budgets(operator)?;
        Ok((budgets.exclusive, budgets.shared(), budgets.announced(), budgets.magnitude(), budgets.commitment()))
    }

    pub(crate) fn _grant(&self, operator: Address, service: Address) -> Outcome<(u64, u64, bool, u64, u64)> {
        let grant = Grant::from_limbs(self.slasher_limbs(grant_of(operator, service), slasher::GRANT)?);
        Ok((grant.budget, grant.full_budget, grant.exclusive, grant.shown_end(), grant.pending))
    }

    pub(crate) fn _pending_grant(&self, operator: Address, service: Address) -> Outcome<(u64, bool, u64, u64)> {
        let slot = grant_of(operator, service);
        let notice = Notice::from_limbs(self.slasher_limbs(slot, slasher::NOTICE)?);
        if notice.raise == 0 {
            return Ok((0, false, 0, 0));
        }
        let grant = Grant::from_limbs(self.slasher_limbs(slot, slasher::GRANT)?);
        let (.., refused) = self._operator_status(operator)?;
        let ends = freeze::notice_ends(notice.announced_at, refused.saturating_sub(notice.refused_before));
        Ok((notice.raise, grant.exclusive, ends, freeze::lapses(ends)))
    }

    pub(crate) fn _operator_status(&self, operator: Address) -> Outcome<(u64, u64, u64, u64)> {
        let slot = words::entry_of(operator, words::field(slasher::OPERATORS));
        let [.., freeze] = self.slasher_limbs(slot, slasher::OUTLINE)?;
        let freeze = Freeze::from_limb(freeze);
        let Freezes { released_at, mut refused, .. } = Freezes::from_limbs(self.slasher_limbs(slot, slasher::FREEZES)?);
        let now = self.vm().block_timestamp();
        if freeze.is_frozen() {
            refused = refused.saturating_add(freeze::refused_seconds(freeze.since, released_at, now));
        }
        refused = refused.saturating_add(self.pauses(slasher::QUEUE_PAUSES)?.elapsed(now));
        Ok((freeze.open_requests, freeze.since, released_at, refused))
    }

    pub(crate) fn _request_expiry(&self, executable_at: u64, paused_before: u64) -> Outcome<u64> {
        let elapsed = self.pauses(slasher::EXECUTE_PAUSES)?.elapsed(self.vm().block_timestamp());
        Ok(freeze::expires(executable_at, elapsed.saturating_sub(paused_before)))
    }

    fn pauses(&self, field: u64) -> Outcome<Window> {
        let [since, until, before, _] = self.slasher_limbs(words::field(field), 0)?;
        Ok(Window { since, until, before })
    }

    fn read_budgets(&self, operator: Address) -> Outcome<Budgets> {
        let slot = words::entry_of(operator, words::field(slasher::OPERATORS));
        let outline = self.slasher_limbs(slot, slasher::OUTLINE)?;
        Ok(Budgets::from_limbs(outline, self.slasher_limbs(slot, slasher::BESIDE)?))
    }

    /// The word `index` of what the Slasher stores from `slot` on.
    fn slasher_word(&self, slot: B256, index: u64) -> Outcome<B256> {
        calls::view(self.vm(), self.slasher.get(), &ISlasher::extsloadCall { slot: words::after(slot, index) })
    }

    /// The four numbers of that word, lowest first.
    fn slasher_limbs(&self, slot: B256, index: u64) -> Outcome<[u64; 4]> {
        Ok(words::limbs(self.slasher_word(slot, index)?))
    }
}

fn grant_of(operator: Address, service: Address) -> B256 {
    words::entry_of(service, words::entry_of(operator, words::field(slasher::GRANTS)))
}
