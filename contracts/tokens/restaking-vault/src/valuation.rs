//! What everything is worth: asked of the ledger each time, so that rewards and slashes count at once.

use crate::storage::{RestakingVault, MAX_OPERATORS};
use crate::too_large;
use alloc::vec::Vec;
use alloy_primitives::Address;
use arithmetic::{epoch, wad};
use common::stored::large;
use common::{calls, Outcome};
use interfaces::{ISlasher, IStrategyManager};
use stylus_sdk::prelude::*;

/// The contract's position with an operator.
pub(crate) struct Position {
    pub(crate) operator: Address,
    pub(crate) shares: u128,
    pub(crate) assets: u128,
}

/// What everything is worth.
#[derive(Default)]
pub(crate) struct Value {
    /// Idle tokens, positions, and withdrawals on their way.
    pub(crate) assets: u128,
    /// What pending slashes may take of that, rounded up (against who leaves).
    pub(crate) pending: u128,
    /// Withdrawals on their way; part of `assets`.
    pub(crate) leaving: u128,
    /// With each operator, in order.
    pub(crate) positions: Vec<Position>,
}

impl RestakingVault {
    pub(crate) fn value(&self) -> Outcome<Value> {
        let mut value = Value { assets: large(&self.idle), ..Value::default() };
        for index in 0..MAX_OPERATORS {
            let operator = self.operator(index);
            if operator.is_zero() {
                break;
            }
            self.add_operator(&mut value, index, operator)?;
        }
        Ok(value)
    }

    fn add_operator(&self, value: &mut Value, index: usize, operator: Address) -> Outcome {
        let (shares, assets) = self.position_with(operator)?;
        let (pending, since) = self.pending_slash(operator)?;
        let (mut at_risk, mut leaving) = (assets, 0u128);
        for release_epoch in self.releases(index) {
            let amount = self.withdrawal_from(operator, release_epoch)?;
            leaving = leaving.checked_add(amount).ok_or_else(too_large)?;
            // What had matured when the operator was frozen is out of reach.
            if release_epoch > since {
                at_risk = at_risk.checked_add(amount).ok_or_else(too_large)?;
            }
        }
        let lost = wad::portion_up(at_risk, pending).ok_or_else(too_large)?;
        let more = assets.checked_add(leaving).ok_or_else(too_large)?;
        value.assets = value.assets.checked_add(more).ok_or_else(too_large)?;
        value.pending = value.pending.checked_add(lost).ok_or_else(too_large)?;
        value.leaving = value.leaving.checked_add(leaving).ok_or_else(too_large)?;
        value.positions.push(Position { operator, shares, assets });
        Ok(())
    }

    /// Shares and assets of the position with `operator`.
    pub(crate) fn position_with(&self, operator: Address) -> Outcome<(u128, u128)> {
        let (staker, token) = (self.vm().contract_address(), self.token.get());
        let request = IStrategyManager::positionCall { staker, operator, token };
        let position = calls::view(self.vm(), self.strategy_manager.get(), &request)?;
        Ok((position.shares, position.assets))
    }

    /// What a withdrawal pays; nothing for none.
    pub(crate) fn withdrawal_from(&self, operator: Address, release_epoch: u64) -> Outcome<u128> {
        if release_epoch == 0 {
            return Ok(0);
        }
        let (staker, token) = (self.vm().contract_address(), self.token.get());
        let request = IStrategyManager::withdrawalCall { staker, operator, token, releaseEpoch: release_epoch };
        Ok(calls::view(self.vm(), self.strategy_manager.get(), &request)?.assets)
    }

    /// The fraction of what `operator` has at stake that open requests take (wad), and the epoch in which the first was
    /// opened.
    fn pending_slash(&self, operator: Address) -> Outcome<(u64, u64)> {
        let pending = calls::view(self.vm(), self.slasher.get(), &ISlasher::pendingSlashCall { operator })?;
        Ok((pending.wad.min(wad::ONE), epoch::at(pending.frozenSince)))
    }
}
