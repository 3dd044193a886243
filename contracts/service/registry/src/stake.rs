//! Weighted stake: the sum of an operator's active stake over tokens, each times its weight.

use crate::narrow;
use crate::storage::Registry;
use alloy_primitives::Address;
use arithmetic::wad;
use common::{calls, Outcome};
use interfaces::{IRegistry, IStrategyManager};
use stylus_sdk::prelude::*;

impl Registry {
    /// The operator's weighted stake now, rounded down per token (against the operator).
    pub(crate) fn weigh(&self, operator: Address) -> Outcome<u128> {
        let (ledger, now) = (self.strategy_manager.get(), self.vm().block_timestamp());
        let mut total = 0u128;
        for index in 0..self.weighted.len() {
            let token = self.weighted.get(index).unwrap_or(Address::ZERO);
            let weight = narrow(self.weights.getter(token).at(now));
            if weight == 0 {
                continue;
            }
            let stake = calls::view(self.vm(), ledger, &IStrategyManager::operatorStakeCall { operator, token })?;
            let weighted = wad::portion_down(stake, weight).ok_or(IRegistry::StakeTooLarge {})?;
            total = total.checked_add(weighted).ok_or(IRegistry::StakeTooLarge {})?;
        }
        Ok(total)
    }
}
