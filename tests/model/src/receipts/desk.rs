//! Redemptions: the parts that they own, and paying them.

use super::{Batch, Redemption};
use crate::{Answer, Protocol, revert};
use alloy_primitives::Address;
use alloy_sol_types::SolError;
use arithmetic::epoch;
use arithmetic::redemption::{Part, WAITING, queued_units};
use interfaces::IRedemptionDesk::{
    NoRedemption, NothingToClaim, NothingWaiting, PartWaits, RedemptionClaimed, RedemptionOpened, WaitingQueued,
};
use interfaces::IRestakingVault::NoReleaseAt;

impl Protocol {
    pub(super) fn open_redemption(
        &mut self,
        account: Address,
        shares: u128,
        supply: u128,
        min_assets: u128,
    ) -> Answer<u64> {
        let (release, paid, parts) = self.redeem(account, shares, supply, min_assets)?;
        let (id, period) = (self.receipts.opened, self.receipts.period);
        self.receipts.opened += 1;
        for part in parts.iter().filter(|part| part.place == WAITING) {
            self.receipts.batches.entry((part.operator, period)).or_default().shares += part.units;
            let operator = self.receipts.account(part.operator);
            self.log(self.setup.receipt.desk, PartWaits { id, operator, period, poolShares: part.units });
        }
        let event = RedemptionOpened {
            id,
            account,
            shares,
            paid,
            releaseEpoch: release,
            period,
            parts: u64::try_from(parts.len()).unwrap_or(u64::MAX),
        };
        if !parts.is_empty() {
            self.receipts.redemptions.insert(id, Redemption { account, release, period, parts });
        }
        self.log(self.setup.receipt.desk, event);
        Ok(id)
    }

    /// Anyone: has what came in for a redemption paid to its account. Returns the amount.
    pub fn claim_redemption(&mut self, id: u64) -> Answer<u128> {
        let Some(redemption) = self.receipts.redemptions.get(&id).cloned() else { return revert(NoRedemption { id }) };
        let (mut paid, mut left) = (0, Vec::new());
        for part in &redemption.parts {
            match self.pay_part(&redemption, *part) {
                Some(amount) => paid += amount,
                None => left.push(*part),
            }
        }
        if left.len() == redemption.parts.len() {
            return revert(NothingToClaim {});
        }
        let account = redemption.account;
        let event =
            RedemptionClaimed { id, account, amount: paid, left: u64::try_from(left.len()).unwrap_or(u64::MAX) };
        if left.is_empty() {
            self.receipts.redemptions.remove(&id);
        } else {
            self.receipts.redemptions.insert(id, Redemption { parts: left, ..redemption });
        }
        self.log(self.setup.receipt.desk, event);
        if paid != 0 {
            self.receipts.pots_total -= paid;
            self.pay_out_of_vault(account, paid)?;
        }
        Ok(paid)
    }

    /// What a part gets out of its pot; none if its money is not there.
    fn pay_part(&mut self, redemption: &Redemption, part: Part) -> Option<u128> {
        let (mut units, mut release) = (part.units, redemption.release.saturating_sub(u64::from(part.place)));
        if part.place == WAITING {
            let batch = self.receipts.batches.get(&(part.operator, redemption.period)).copied().unwrap_or_default();
            let (queued, bucket_shares) = batch.queued?;
            release = queued;
            units = queued_units(units, batch.shares, bucket_shares);
            if units == 0 {
                return Some(0);
            }
        }
        let pot = (part.operator, release);
        if self.receipts.pots.get(&pot).copied().unwrap_or_default().shares == 0 {
            if self.now < epoch::start(release) {
                return None;
            }
            let mut after = self.clone();
            match after.fill_pot(part.operator, release) {
                Ok(_) => *self = after,
                Err(revert) if revert.starts_with(&NoReleaseAt::SELECTOR) => return Some(0),
                Err(_) => return None,
            }
        }
        Some(self.receipts.pots.entry(pot).or_default().pay(units))
    }

    /// Anyone: collects a withdrawal of the vault. Returns what came in.
    pub fn collect(&mut self, operator: Address, release: u64) -> Answer<u128> {
        self.fill_pot(self.receipts.id(operator), release)
    }

    fn fill_pot(&mut self, id: u64, release: u64) -> Answer<u128> {
        let (kept, came) = self.collect_withdrawal(id, release)?;
        let pot = self.receipts.pots.entry((id, release)).or_default();
        pot.amount += came.amount;
        pot.shares += came.shares;
        Ok(kept + came.amount)
    }

    /// Anyone: queues what waits with an operator since a period. Returns when it is released.
    pub fn queue_waiting(&mut self, operator: Address, period: u64) -> Answer<u64> {
        let id = self.receipts.id(operator);
        let batch = self.receipts.batches.get(&(id, period)).copied().unwrap_or_default();
        if batch.shares == 0 || batch.queued.is_some() {
            return revert(NothingWaiting { period });
        }
        if period == self.receipts.period {
            self.receipts.period += 1;
        }
        let (release, bucket_shares) = self.queue_set_apart(id, batch.shares)?;
        self.receipts.batches.insert((id, period), Batch { queued: Some((release, bucket_shares)), ..batch });
        let event = WaitingQueued {
            operator,
            period,
            releaseEpoch: release,
            poolShares: batch.shares,
            bucketShares: bucket_shares,
        };
        self.log(self.setup.receipt.desk, event);
        Ok(release)
    }
}
