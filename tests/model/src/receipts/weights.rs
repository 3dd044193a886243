//! Where the vault stakes.

use super::{MAX_OPERATORS, Target, Weight};
use crate::{Answer, Mistake, Protocol, nonzero, only, revert};
use alloy_primitives::Address;
use alloy_sol_types::SolError;
use arithmetic::{epoch, wad};
use interfaces::IRestakingVault::TooManyOperators;
use interfaces::IRestakingWeights::{NoWeightPending, NothingToDo, WeightCancelled, WeightScheduled, WeightsTooHigh};
use interfaces::ISlasher::CommitmentAboveMax;

impl Weight {
    /// What holds in an epoch.
    pub fn at(&self, epoch: u64) -> Target {
        if self.from > epoch { self.now } else { self.next }
    }
}

impl Protocol {
    /// Anyone: stakes idle tokens with the operators that have less than their weight.
    pub fn stake_idle(&mut self) -> Answer {
        let (assets, mut idle) = (self.receipt_assets(), self.receipts.idle);
        let stakes: Vec<u128> = self.receipts.places.iter().map(|place| self.holders_position(place).1).collect();
        let mut done = false;
        for (index, stake) in stakes.into_iter().enumerate() {
            let terms = self.receipts.weights[index].at(epoch::at(self.now));
            let amount = target(&terms, assets).saturating_sub(stake).min(idle);
            if amount == 0 {
                continue;
            }
            let staked = self.stake_with(index, amount, terms.max_commitment);
            idle -= staked;
            done |= staked != 0;
        }
        if done { Ok(()) } else { revert(NothingToDo {}) }
    }

    /// Anyone: stakes idle tokens with the operator that misses the most of its weight and takes them.
    pub fn stake_idle_with_one(&mut self) -> Answer {
        let (assets, this) = (self.receipt_assets(), epoch::at(self.now));
        let of = |index: usize| self.receipts.weights[index].at(this);
        let mut missing: Vec<(usize, u128)> = self
            .receipts
            .places
            .iter()
            .enumerate()
            .map(|(index, place)| (index, target(&of(index), assets).saturating_sub(self.holders_position(place).1)))
            .filter(|(_, missing)| *missing != 0)
            .collect();
        let idle = missing.iter().map(|(_, missing)| missing).sum::<u128>().min(self.receipts.idle);
        // Stable: of equals the first comes first.
        missing.sort_by_key(|(_, missing)| std::cmp::Reverse(*missing));
        for (index, missing) in missing {
            let terms = self.receipts.weights[index].at(this);
            let beyond = (target(&terms, assets) / 100).saturating_sub(1);
            let amount = (missing + beyond).min(idle);
            if amount != 0 && self.stake_with(index, amount, terms.max_commitment) != 0 {
                return Ok(());
            }
        }
        revert(NothingToDo {})
    }

    /// Anyone: queues what operators have above their weight, and everything of those that may have nothing.
    pub fn rebalance(&mut self) -> Answer {
        let assets = self.receipt_assets();
        let stakes: Vec<u128> = self.receipts.places.iter().map(|place| self.holders_position(place).1).collect();
        let mut done = false;
        for (index, stake) in stakes.into_iter().enumerate() {
            let terms = self.receipts.weights[index].at(epoch::at(self.now));
            let target = target(&terms, assets);
            let check = self.check_stake(self.receipts.places[index].operator, terms.max_commitment);
            let above = check.is_err_and(|revert| revert.starts_with(&CommitmentAboveMax::SELECTOR));
            let everything = terms.weight == 0 || above;
            let amount = if everything { stake } else { stake.saturating_sub(target) };
            if amount == 0 || (!everything && amount < target / 100) {
                continue;
            }
            done |= self.unstake_from(index, amount, everything);
        }
        if done { Ok(()) } else { revert(NothingToDo {}) }
    }

    /// Owner: what shall be staked with an operator. Less holds at once, more after a notice.
    pub fn schedule_weight(&mut self, caller: Address, operator: Address, weight: u64, max_commitment: u64) -> Answer {
        only(caller, self.owner_of(self.setup.receipt.weights))?;
        nonzero(operator)?;
        let (index, this) = (self.weight_place(operator)?, epoch::at(self.now));
        let had = self.receipts.weights.get(index).copied().unwrap_or_default();
        let is_new = had.operator != operator;
        let in_force = if is_new { Target::default() } else { had.at(this) };
        let others = self.receipts.weights.iter().enumerate().filter(|(other, _)| *other != index);
        let total = others.map(|(_, other)| other.next.weight).fold(weight, u64::saturating_add);
        if total > wad::ONE {
            return revert(WeightsTooHigh { total });
        }
        let next = Target { weight, max_commitment };
        let less =
            Target { weight: weight.min(in_force.weight), max_commitment: max_commitment.min(in_force.max_commitment) };
        let at_once = self.receipt_assets() == 0 || self.mistake == Mistake::WeightsAtOnce;
        let now = if at_once { next } else { less };
        let (from, effective_at) = if now == next {
            (0, self.now)
        } else {
            (epoch::at(epoch::notice_ends(self.now)), epoch::notice_ends(self.now))
        };
        if is_new {
            self.hold_place(index, operator)?;
        }
        if index == self.receipts.weights.len() {
            self.receipts.weights.push(Weight::default());
        }
        self.receipts.weights[index] = Weight { operator, now, next, from };
        let event = WeightScheduled { operator, weight, maxCommitment: max_commitment, effectiveAt: effective_at };
        self.log(self.setup.receipt.weights, event);
        Ok(())
    }

    /// Owner: what was announced shall not come.
    pub fn cancel_weight(&mut self, caller: Address, operator: Address) -> Answer {
        only(caller, self.owner_of(self.setup.receipt.weights))?;
        let this = epoch::at(self.now);
        let known = self.receipts.weights.iter_mut().find(|weight| weight.operator == operator && weight.from > this);
        let Some(weight) = known else { return revert(NoWeightPending {}) };
        let now = weight.at(this);
        *weight = Weight { now, next: now, from: 0, ..*weight };
        self.log(self.setup.receipt.weights, WeightCancelled { operator });
        Ok(())
    }

    /// The operator's place, or one that is free or that an operator has left.
    fn weight_place(&self, operator: Address) -> Answer<usize> {
        let (weights, this) = (&self.receipts.weights, epoch::at(self.now));
        if let Some(index) = weights.iter().position(|weight| weight.operator == operator) {
            return Ok(index);
        }
        let left = weights
            .iter()
            .zip(&self.receipts.places)
            .position(|(weight, place)| weight.at(this).weight == 0 && weight.next.weight == 0 && self.is_empty(place));
        let next = (weights.len() < MAX_OPERATORS).then_some(weights.len());
        match left.or(next) {
            Some(index) => Ok(index),
            None => revert(TooManyOperators { limit: 8 }),
        }
    }
}

fn target(terms: &Target, assets: u128) -> u128 {
    wad::portion_down(assets, terms.weight).unwrap_or(0)
}
