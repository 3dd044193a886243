//! Operators, their weights, and moving tokens to and from them.
//!
//! Each operator's target is its weight of what stays when all redemptions are paid. An operator that refuses (because
//! it is frozen, its commitment is above what was agreed with its weight, or its pool takes or pays nothing now) is
//! left out, so it delays what concerns it and nothing else; the same step can be taken again by anyone.

use crate::storage::{RestakingVault, StoredOperator, MAX_OPERATORS, MAX_RELEASES};
use crate::too_large;
use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use arithmetic::wide::mul_div_up;
use arithmetic::{epoch, wad};
use common::stored::{large, number, set_number};
use common::{calls, Outcome};
use interfaces::{IRestakingVault, ITokenPool};
use stylus_sdk::prelude::*;

/// What holders had notice of.
#[derive(Clone, Copy, Default)]
pub(crate) struct Terms {
    /// The operator's part of what stays (wad).
    pub(crate) weight: u64,
    /// The highest commitment (wad) at which it gets that.
    pub(crate) max_commitment: u64,
}

impl StoredOperator {
    /// As scheduled last.
    pub(crate) fn next(&self) -> Terms {
        Terms { weight: number(&self.next_weight), max_commitment: number(&self.next_max_commitment) }
    }

    fn at(&self, now: u64) -> Terms {
        if now >= number(&self.effective_at) {
            return self.next();
        }
        Terms { weight: number(&self.weight), max_commitment: number(&self.max_commitment) }
    }
}

impl RestakingVault {
    /// Stakes what is idle beyond `kept`, with those below their target.
    pub(crate) fn _stake_idle(&mut self, kept: u128) -> Outcome {
        let value = self.value()?;
        let (staying, token) = (value.assets.saturating_sub(kept), self.token.get());
        let mut free = large(&self.idle).saturating_sub(kept);
        let mut done = false;
        for (index, position) in value.positions.iter().enumerate() {
            let operator = position.operator;
            let amount = self.target(index, staying).saturating_sub(position.assets).min(free);
            if amount == 0 {
                continue;
            }
            self.take_idle(amount)?;
            let max_commitment = self.terms_in_force(index).max_commitment;
            let request = ITokenPool::stakeCall { token, amount, operator, maxCommitment: max_commitment };
            if self.ask(&request)?.is_none() {
                self.add_idle(amount)?;
                continue;
            }
            free = free.saturating_sub(amount);
            done = true;
            self.vm().log(IRestakingVault::IdleStaked { operator, amount });
        }
        if done {
            Ok(())
        } else {
            Err(IRestakingVault::NothingToDo {}.into())
        }
    }

    /// Queues withdrawals for what redemptions lack, from those above their target, and everything from those without
    /// weight. Returns whether any was queued.
    pub(crate) fn _unstake(&mut self, kept: u128) -> Outcome<bool> {
        let value = self.value()?;
        let (staying, token) = (value.assets.saturating_sub(kept), self.token.get());
        let mut lacking = kept.saturating_sub(large(&self.idle)).saturating_sub(value.leaving);
        let mut done = false;
        for (index, position) in value.positions.iter().enumerate() {
            let operator = position.operator;
            let amount = match self.terms_in_force(index).weight {
                0 => position.assets,
                _ => position.assets.saturating_sub(self.target(index, staying)).min(lacking),
            };
            let Some(place) = self.place_for_release(index).filter(|_| amount != 0) else { continue };
            // Rounded up: what is queued covers what is lacking. At most all shares, because the amount is at most all
            // assets.
            let shares = mul_div_up(position.shares, amount, position.assets).ok_or_else(too_large)?;
            let queued = self.ask(&ITokenPool::queueWithdrawalCall { token, operator, shares })?;
            let Some(release_epoch) = queued.map(|queued| queued.releaseEpoch) else { continue };
            self.set_release(index, place, release_epoch);
            lacking = lacking.saturating_sub(amount);
            done = true;
            self.vm().log(IRestakingVault::Unstaked { operator, releaseEpoch: release_epoch, shares, amount });
        }
        Ok(done)
    }

    /// Asks the TokenPool to do something that it may refuse for a reason. Without one the call may have run out of
    /// gas: whoever sends the transaction shall not choose so what is left out.
    fn ask<C: SolCall>(&mut self, request: &C) -> Outcome<Option<C::Return>> {
        let pool = self.token_pool.get();
        match calls::send(self, pool, request) {
            Ok(answer) => Ok(Some(answer)),
            Err(refusal) if refusal.has_reason() => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    pub(crate) fn _collect(&mut self, operator: Address, release_epoch: u64) -> Outcome<u128> {
        let index = (0..MAX_OPERATORS).find(|index| self.operator(*index) == operator).unwrap_or(MAX_OPERATORS);
        let place = self.releases(index).iter().position(|release| *release == release_epoch && release_epoch != 0);
        let place = place.ok_or(IRestakingVault::NoReleaseAt { releaseEpoch: release_epoch })?;
        self.set_release(index, place, 0);
        let mut amount = self.withdrawal_from(operator, release_epoch)?;
        // The ledger pays no withdrawal that was slashed to nothing.
        if amount != 0 {
            let (token, recipient) = (self.token.get(), self.vm().contract_address());
            let request =
                ITokenPool::completeQueuedWithdrawalCall { token, operator, releaseEpoch: release_epoch, recipient };
            amount = calls::send(self, self.token_pool.get(), &request)?;
        }
        self.add_idle(amount)?;
        self.vm().log(IRestakingVault::Collected { operator, releaseEpoch: release_epoch, amount });
        Ok(amount)
    }

    pub(crate) fn _schedule_weight(&mut self, operator: Address, weight: u64, max_commitment: u64) -> Outcome {
        let now = self.vm().block_timestamp();
        let index = self.place_of(operator)?;
        let in_force = self.terms_in_force(index);
        let mut total = weight;
        for other in (0..MAX_OPERATORS).filter(|other| *other != index) {
            total = total.saturating_add(self.next_terms(other).weight);
        }
        if total > wad::ONE {
            return Err(IRestakingVault::WeightsTooHigh { total }.into());
        }
        // While there is nothing nobody needs notice.
        let effective_at = if self.value()?.assets == 0 { now } else { epoch::notice_ends(now) };
        let Some(mut stored) = self.operators.setter(index) else { return Ok(()) };
        let pending_until = number(&stored.effective_at);
        if pending_until > now {
            return Err(IRestakingVault::WeightPending { effectiveAt: pending_until }.into());
        }
        stored.operator.set(operator);
        set_number(&mut stored.weight, in_force.weight);
        set_number(&mut stored.max_commitment, in_force.max_commitment);
        set_number(&mut stored.next_weight, weight);
        set_number(&mut stored.next_max_commitment, max_commitment);
        set_number(&mut stored.effective_at, effective_at);
        self.vm().log(IRestakingVault::WeightScheduled {
            operator,
            weight,
            maxCommitment: max_commitment,
            effectiveAt: effective_at,
        });
        Ok(())
    }

    /// The operator's place, or one that is free or that an operator has left: without weight, position and
    /// withdrawals.
    fn place_of(&self, operator: Address) -> Outcome<usize> {
        let mut free = None;
        for index in 0..MAX_OPERATORS {
            let other = self.operator(index);
            if other == operator {
                return Ok(index);
            }
            if free.is_none() && (other.is_zero() || self.has_left(index, other)?) {
                free = Some(index);
            }
        }
        let limit = u64::try_from(MAX_OPERATORS).unwrap_or(u64::MAX);
        free.ok_or(IRestakingVault::TooManyOperators { limit }.into())
    }

    fn has_left(&self, index: usize, operator: Address) -> Outcome<bool> {
        let weightless = self.terms_in_force(index).weight == 0 && self.next_terms(index).weight == 0;
        Ok(weightless && self.releases(index) == [0; MAX_RELEASES] && self.position_with(operator)?.0 == 0)
    }

    fn target(&self, index: usize, staying: u128) -> u128 {
        // A weight is at most one, so the part fits.
        wad::portion_down(staying, self.terms_in_force(index).weight).unwrap_or(0)
    }

    pub(crate) fn terms_in_force(&self, index: usize) -> Terms {
        let now = self.vm().block_timestamp();
        self.operators.getter(index).map_or_else(Terms::default, |stored| stored.at(now))
    }

    fn next_terms(&self, index: usize) -> Terms {
        self.operators.getter(index).map_or_else(Terms::default, |stored| stored.next())
    }

    pub(crate) fn releases(&self, index: usize) -> [u64; MAX_RELEASES] {
        let mut releases = [0; MAX_RELEASES];
        if let Some(stored) = self.operators.getter(index) {
            for (place, release) in releases.iter_mut().enumerate() {
                *release = stored.releases.getter(place).map_or(0, |slot| number(&slot));
            }
        }
        releases
    }

    /// Where a withdrawal that is queued now is noted; nowhere if too many wait to be collected.
    fn place_for_release(&self, index: usize) -> Option<usize> {
        let releases = self.releases(index);
        let release_epoch = epoch::release_of(self.vm().block_timestamp());
        let same = releases.iter().position(|release| *release == release_epoch);
        same.or_else(|| releases.iter().position(|release| *release == 0))
    }

    fn set_release(&mut self, index: usize, place: usize, release_epoch: u64) {
        if let Some(mut stored) = self.operators.setter(index) {
            if let Some(mut slot) = stored.releases.setter(place) {
                set_number(&mut slot, release_epoch);
            }
        }
    }
}
