//! The places of operators, and their numbers: a place is used again when an operator has left, a number never.

use crate::storage::{RestakingVault, MAX_OPERATORS};
use alloy_primitives::{Address, U64};
use arithmetic::redemption::MAX_OPERATOR_ID;
use common::stored::{number, set_number};
use common::Outcome;
use interfaces::IRestakingVault;

impl RestakingVault {
    pub(crate) fn _hold(&mut self, index: usize, operator: Address) -> Outcome {
        if !self.is_empty(index)? {
            return Err(IRestakingVault::PlaceTaken {}.into());
        }
        let id = self.id_for(operator)?;
        if let Some(mut stored) = self.operators.setter(index) {
            stored.begin(operator, id);
        }
        Ok(())
    }

    /// Whether nothing of the holders is with the operator of a place or comes from it, and nothing is set apart there.
    pub(crate) fn is_empty(&self, index: usize) -> Outcome<bool> {
        let Some(stored) = self.operators.getter(index) else { return Ok(false) };
        let operator = stored.operator.get();
        if operator.is_zero() {
            return Ok(true);
        }
        Ok(stored.is_clear() && self.position_with(operator)?.0 == 0)
    }

    /// The number of an operator, the next one if it has none.
    fn id_for(&mut self, operator: Address) -> Outcome<u64> {
        let known = self.number_of(operator);
        if known != 0 {
            return Ok(known);
        }
        let next = number(&self.id_count).saturating_add(1);
        if next > MAX_OPERATOR_ID {
            return Err(IRestakingVault::TooManyOperators { limit: MAX_OPERATOR_ID }.into());
        }
        set_number(&mut self.id_count, next);
        self.ids.insert(operator, U64::from(next));
        self.accounts.insert(U64::from(next), operator);
        Ok(next)
    }

    pub(crate) fn number_of(&self, operator: Address) -> u64 {
        let [id] = *self.ids.get(operator).as_limbs();
        id
    }

    pub(crate) fn account(&self, id: u64) -> Address {
        self.accounts.get(U64::from(id))
    }

    pub(crate) fn index_of(&self, operator: Address) -> Option<usize> {
        (0..MAX_OPERATORS).find(|index| self.operator(*index) == operator).filter(|_| !operator.is_zero())
    }
}
