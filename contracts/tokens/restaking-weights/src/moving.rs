//! Having the vault move stake to where it shall be.
//!
//! Each operator's target is its weight of all assets. An operator that refuses (because it is frozen, its commitment
//! is above what was agreed with its weight, or its pool takes or pays nothing now) is left out, so it delays what
//! concerns it and nothing else; the same step can be taken again by anyone.

use crate::storage::{RestakingWeights, Terms, MAX_OPERATORS};
use crate::wide_index;
use alloy_primitives::Address;
use arithmetic::wad;
use common::{calls, words, Outcome};
use interfaces::{IRestakingVault, IRestakingWeights, ISlasher};
use stylus_sdk::prelude::*;

/// What is above a target is moved from a hundredth of it on: dust starts no withdrawal.
const SMALLEST_EXCESS: u128 = 100;

impl RestakingWeights {
    pub(crate) fn _stake_idle(&mut self) -> Outcome {
        let holdings = self.holdings()?;
        let mut idle = holdings.idle;
        let mut done = false;
        for (index, stake) in holdings.stakes.iter().enumerate().take(self.count()) {
            let terms = self.terms_in_force(index);
            let amount = target(&terms, holdings.assets).saturating_sub(*stake).min(idle);
            let staked = self.stake_with(index, amount, &terms)?;
            idle = idle.saturating_sub(staked);
            done |= staked != 0;
        }
        something(done)
    }

    pub(crate) fn _stake_idle_with_one(&mut self) -> Outcome {
        let holdings = self.holdings()?;
        let mut missing = [0u128; MAX_OPERATORS];
        for (index, (missing, stake)) in missing.iter_mut().zip(holdings.stakes).enumerate().take(self.count()) {
            *missing = target(&self.terms_in_force(index), holdings.assets).saturating_sub(stake);
        }
        // What is nobody's weight stays idle.
        let idle = missing.iter().fold(0, |sum: u128, one| sum.saturating_add(*one)).min(holdings.idle);
        // The first of those that miss the most, until one takes it.
        while let Some((index, most)) = missing.iter_mut().enumerate().rev().max_by_key(|(_, most)| **most) {
            if *most == 0 {
                break;
            }
            let terms = self.terms_in_force(index);
            // Up to what a rebalancing leaves there.
            let beyond = (target(&terms, holdings.assets) / SMALLEST_EXCESS).saturating_sub(1);
            let amount = most.saturating_add(beyond).min(idle);
            *most = 0;
            if self.stake_with(index, amount, &terms)? != 0 {
                return Ok(());
            }
        }
        something(false)
    }

    /// Has the vault stake `amount` with the operator at `index`. Returns what was staked.
    fn stake_with(&mut self, index: usize, amount: u128, terms: &Terms) -> Outcome<u128> {
        if amount == 0 {
            return Ok(0);
        }
        let (index, max_commitment) = (wide_index(index), terms.max_commitment);
        let request = IRestakingVault::stakeWithCall { index, amount, maxCommitment: max_commitment };
        calls::send(self, self.vault.get(), &request)
    }

    pub(crate) fn _rebalance(&mut self) -> Outcome {
        let holdings = self.holdings()?;
        let mut done = false;
        for (index, stake) in holdings.stakes.iter().enumerate().take(self.count()) {
            let terms = self.terms_in_force(index);
            let target = target(&terms, holdings.assets);
            let everything = self.must_leave(&terms, self.operator(index))?;
            let amount = if everything { *stake } else { stake.saturating_sub(target) };
            if amount == 0 || (!everything && amount < target / SMALLEST_EXCESS) {
                continue;
            }
            let request = IRestakingVault::unstakeFromCall { index: wide_index(index), amount, everything };
            done |= calls::send(self, self.vault.get(), &request)?;
        }
        something(done)
    }

    /// Whether everything shall leave the operator: it has no weight, or is committed to more than was agreed.
    fn must_leave(&self, terms: &Terms, operator: Address) -> Outcome<bool> {
        if terms.weight == 0 {
            return Ok(true);
        }
        let check = ISlasher::checkStakeCall { operator, maxCommitment: terms.max_commitment };
        match calls::view_raw(self.vm(), self.slasher.get(), &words::call(&check)) {
            Err(refusal) if !refusal.has_reason() => Err(refusal),
            Err(refusal) => Ok(refusal.is::<ISlasher::CommitmentAboveMax>()),
            Ok(_) => Ok(false),
        }
    }

    pub(crate) fn holdings(&self) -> Outcome<IRestakingVault::totalAssetsReturn> {
        calls::view(self.vm(), self.vault.get(), &IRestakingVault::totalAssetsCall {})
    }

    /// How many places are used.
    fn count(&self) -> usize {
        (0..MAX_OPERATORS).take_while(|index| !self.operator(*index).is_zero()).count()
    }
}

/// What `assets` are at a weight.
fn target(terms: &Terms, assets: u128) -> u128 {
    // A weight is at most one, so the part fits.
    wad::portion_down(assets, terms.weight).unwrap_or(0)
}

fn something(done: bool) -> Outcome {
    if done {
        Ok(())
    } else {
        Err(IRestakingWeights::NothingToDo {}.into())
    }
}
