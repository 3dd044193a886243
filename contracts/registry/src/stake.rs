//! Weighted stake: the sum of an operator's active stake over tokens, each times its weight.

use crate::storage::Registry;
use alloy_primitives::{Address, U64};
use arithmetic::wad;
use common::stored::number;
use common::{access, calls, Outcome};
use interfaces::{IRegistry, IStrategyManager};
use stylus_sdk::prelude::*;

/// Most tokens that can have a weight: weighing an operator asks the ledger about each.
const MAX_WEIGHTS: u64 = 8;

impl Registry {
    pub(crate) fn change_weight(&mut self, token: Address, weight: u64) -> Outcome {
        access::contract(self.vm(), token)?;
        if !self.is_listed(token) {
            if self.count_weights() >= MAX_WEIGHTS {
                return Err(IRegistry::TooManyWeights { limit: MAX_WEIGHTS }.into());
            }
            self.weighted.push(token);
        }
        self.weights.insert(token, U64::from(weight));
        self.vm().log(IRegistry::StrategyWeightSet { token, weight });
        Ok(())
    }

    /// The operator's weighted stake now, rounded down per token (against the operator).
    pub(crate) fn weigh(&self, operator: Address) -> Outcome<u128> {
        let ledger = self.strategy_manager.get();
        let mut total = 0u128;
        for index in 0..self.count_weights() {
            let token = self.weighted.get(index).unwrap_or(Address::ZERO);
            let weight = number(&self.weights.getter(token));
            if weight == 0 {
                continue;
            }
            let stake = calls::view(self.vm(), ledger, &IStrategyManager::operatorStakeCall { operator, token })?;
            let weighted = wad::portion_down(stake, weight).ok_or(IRegistry::StakeTooLarge {})?;
            total = total.checked_add(weighted).ok_or(IRegistry::StakeTooLarge {})?;
        }
        Ok(total)
    }

    fn is_listed(&self, token: Address) -> bool {
        (0..self.count_weights()).any(|index| self.weighted.get(index) == Some(token))
    }

    fn count_weights(&self) -> u64 {
        u64::try_from(self.weighted.len()).unwrap_or(u64::MAX)
    }
}
