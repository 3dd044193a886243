//! Changes of weights. Less of a weight, or of the commitment that was agreed with it, holds at once; more, after a
//! notice in which holders can leave.

use crate::storage::{RestakingWeights, Terms, MAX_OPERATORS};
use crate::wide_index;
use alloy_primitives::Address;
use arithmetic::{epoch, wad};
use common::{calls, Emit, Outcome};
use interfaces::{IRestakingVault, IRestakingWeights};
use stylus_sdk::prelude::*;

impl RestakingWeights {
    pub(crate) fn _schedule_weight(&mut self, operator: Address, weight: u64, max_commitment: u64) -> Outcome {
        let now = self.vm().block_timestamp();
        let index = self.place_of(operator)?;
        let is_new = self.operator(index) != operator;
        let in_force = if is_new { Terms::default() } else { self.terms_in_force(index) };
        let mut total = weight;
        for other in (0..MAX_OPERATORS).filter(|other| *other != index) {
            total = total.saturating_add(self.next_terms(other).weight);
        }
        if total > wad::ONE {
            return Err(IRestakingWeights::WeightsTooHigh { total }.into());
        }
        let next = Terms { weight, max_commitment };
        // While there is nothing nobody needs notice; nor of less.
        let held = match self.holdings()?.assets {
            0 => next,
            _ => Terms {
                weight: weight.min(in_force.weight),
                max_commitment: max_commitment.min(in_force.max_commitment),
            },
        };
        let notice_ends = epoch::notice_ends(now);
        let (effective_epoch, effective_at) =
            if held == next { (0, now) } else { (epoch::at(notice_ends), notice_ends) };
        if is_new {
            let request = IRestakingVault::holdCall { index: wide_index(index), operator };
            calls::send(self, self.vault.get(), &request)?;
        }
        let Some(mut stored) = self.operators.setter(index) else { return Ok(()) };
        stored.operator.set(operator);
        stored.write(held, next, effective_epoch);
        self.vm().emit(&IRestakingWeights::WeightScheduled {
            operator,
            weight,
            maxCommitment: max_commitment,
            effectiveAt: effective_at,
        });
        Ok(())
    }

    pub(crate) fn _cancel_weight(&mut self, operator: Address) -> Outcome {
        let now = epoch::at(self.vm().block_timestamp());
        let index = (0..MAX_OPERATORS).find(|index| self.operator(*index) == operator).unwrap_or(MAX_OPERATORS);
        let in_force = self.terms_in_force(index);
        let Some(mut stored) = self.operators.setter(index).filter(|stored| stored.pending_at(now) != 0) else {
            return Err(IRestakingWeights::NoWeightPending {}.into());
        };
        stored.write(in_force, in_force, 0);
        self.vm().emit(&IRestakingWeights::WeightCancelled { operator });
        Ok(())
    }

    /// The operator's place, or one that is free or that an operator has left.
    fn place_of(&self, operator: Address) -> Outcome<usize> {
        let mut free = None;
        for index in 0..MAX_OPERATORS {
            let other = self.operator(index);
            if other == operator {
                return Ok(index);
            }
            if free.is_none() && (other.is_zero() || self.has_left(index)?) {
                free = Some(index);
            }
        }
        let limit = u64::try_from(MAX_OPERATORS).unwrap_or(u64::MAX);
        free.ok_or(IRestakingVault::TooManyOperators { limit }.into())
    }

    fn has_left(&self, index: usize) -> Outcome<bool> {
        if self.terms_in_force(index).weight != 0 || self.next_terms(index).weight != 0 {
            return Ok(false);
        }
        calls::view(self.vm(), self.vault.get(), &IRestakingVault::isEmptyAtCall { index: wide_index(index) })
    }

    pub(crate) fn terms_in_force(&self, index: usize) -> Terms {
        let now = epoch::at(self.vm().block_timestamp());
        self.operators.getter(index).map_or_else(Terms::default, |stored| stored.at(now))
    }

    pub(crate) fn next_terms(&self, index: usize) -> Terms {
        self.operators.getter(index).map_or_else(Terms::default, |stored| stored.next())
    }
}
