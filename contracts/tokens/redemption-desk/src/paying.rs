//! What comes in for redemptions, and paying it.

use crate::storage::{key, short, too_large, RedemptionDesk};
use alloc::vec::Vec;
use alloy_primitives::{Address, U32, U64};
use arithmetic::epoch;
use arithmetic::redemption::{queued_units, Part, WAITING};
use common::stored::{amount, set_amount};
use common::{calls, Emit, Outcome};
use interfaces::{IRedemptionDesk, IRestakingVault};
use stylus_sdk::prelude::*;

/// Of a redemption: when what was queued with it is released, and the period in which the rest began to wait.
struct Times {
    release_epoch: u64,
    period: u64,
}

impl RedemptionDesk {
    pub(crate) fn _claim_redemption(&mut self, id: u64) -> Outcome<u128> {
        let (account, times) = {
            let stored = self.redemptions.getter(U64::from(id));
            let times = Times { release_epoch: short(&stored.release_epoch), period: short(&stored.period) };
            (stored.account.get(), times)
        };
        if account.is_zero() {
            return Err(IRedemptionDesk::NoRedemption { id }.into());
        }
        let (parts, mut paid, mut left) = (self.parts(id), 0u128, Vec::new());
        for bits in &parts {
            match self.pay_part(&times, Part::unpack(*bits))? {
                Some(amount) => paid = paid.checked_add(amount).ok_or_else(too_large)?,
                None => left.push(*bits),
            }
        }
        if left.len() == parts.len() {
            return Err(IRedemptionDesk::NothingToClaim {}.into());
        }
        let count = self.store(id, account, &left);
        self.vm().emit(&IRedemptionDesk::RedemptionClaimed { id, account, amount: paid, left: count });
        if paid != 0 {
            calls::send(self, self.vault.get(), &IRestakingVault::payCall { account, amount: paid })?;
        }
        Ok(paid)
    }

    /// Takes what a part gets out of its pot, which is filled if that works now. `None`: its money is not there yet.
    fn pay_part(&mut self, times: &Times, part: Part) -> Outcome<Option<u128>> {
        let Part { mut units, operator, place } = part;
        let mut release_epoch = times.release_epoch.saturating_sub(u64::from(place));
        if place == WAITING {
            let batch = self.batches.getter(key(operator, times.period));
            release_epoch = short(&batch.release_epoch);
            units = queued_units(units, amount(&batch.shares), amount(&batch.bucket_shares));
            if release_epoch == 0 {
                return Ok(None);
            }
            // A batch that was lost, or a part of it that got nothing.
            if units == 0 {
                return Ok(Some(0));
            }
        }
        let pot = key(operator, release_epoch);
        if self.pots.getter(pot).read().shares == 0 {
            if self.vm().block_timestamp() < epoch::start(release_epoch) {
                return Ok(None);
            }
            match self.fill(operator, release_epoch) {
                Ok(_) => (),
                // The bucket was slashed to nothing, or others were paid all that came in.
                Err(refusal) if refusal.is::<IRestakingVault::NoReleaseAt>() => return Ok(Some(0)),
                Err(refusal) if refusal.has_reason() => return Ok(None),
                // It may have run out of gas: whoever sends the transaction shall not choose so what is left.
                Err(failure) => return Err(failure),
            }
        }
        let mut stored = self.pots.setter(pot);
        let mut rest = stored.read();
        let paid = rest.pay(units);
        stored.write(&rest)?;
        Ok(Some(paid))
    }

    /// Collects a withdrawal of the vault. Returns what came in, for redemptions and for holders.
    pub(crate) fn fill(&mut self, operator: u64, release_epoch: u64) -> Outcome<u128> {
        let request = IRestakingVault::collectCall { id: operator, releaseEpoch: release_epoch };
        let came = calls::send(self, self.vault.get(), &request)?;
        let mut stored = self.pots.setter(key(operator, release_epoch));
        let mut pot = stored.read();
        // A withdrawal is collected once; what is left of a pot stays in it all the same.
        pot.amount = pot.amount.checked_add(came.amount).ok_or_else(too_large)?;
        pot.shares = pot.shares.checked_add(came.shares).ok_or_else(too_large)?;
        stored.write(&pot)?;
        came.kept.checked_add(came.amount).ok_or_else(too_large)
    }

    pub(crate) fn _queue_waiting(&mut self, operator: Address, period: u64) -> Outcome<u64> {
        let id = self.number_of(operator)?;
        let batch = self.batches.getter(key(id, period));
        let shares = amount(&batch.shares);
        if shares == 0 || short(&batch.release_epoch) != 0 {
            return Err(IRedemptionDesk::NothingWaiting { period }.into());
        }
        // What begins to wait from now on is not part of what is queued now.
        if period == short(&self.period) {
            self.period.set(U32::from(u32::try_from(period.saturating_add(1)).unwrap_or(u32::MAX)));
        }
        let queued = calls::send(self, self.vault.get(), &IRestakingVault::queueWaitingCall { id, shares })?;
        let mut batch = self.batches.setter(key(id, period));
        batch.release_epoch.set(U32::from(u32::try_from(queued.releaseEpoch).unwrap_or(u32::MAX)));
        set_amount(&mut batch.bucket_shares, queued.bucketShares).map_err(|_| too_large())?;
        self.vm().emit(&IRedemptionDesk::WaitingQueued {
            operator,
            period,
            releaseEpoch: queued.releaseEpoch,
            poolShares: shares,
            bucketShares: queued.bucketShares,
        });
        Ok(queued.releaseEpoch)
    }

    /// The operator's number at the vault.
    pub(crate) fn number_of(&self, operator: Address) -> Outcome<u64> {
        calls::view(self.vm(), self.vault.get(), &IRestakingVault::idOfCall { operator })
    }

    /// The operator with a number.
    pub(crate) fn operator_with(&self, id: u64) -> Outcome<Address> {
        calls::view(self.vm(), self.vault.get(), &IRestakingVault::accountOfCall { id })
    }
}
