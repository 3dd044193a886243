//! The tokens that a slash visits.

use crate::storage::StrategyManager;
use alloy_primitives::Address;
use common::Outcome;
use interfaces::IStrategyManager;

/// Most strategies: a slash visits each, at about 7,000 gas for one in which the operator has nothing.
const MAX_STRATEGIES: u64 = 16;

impl StrategyManager {
    pub(crate) fn _add_strategy(&mut self, token: Address) -> Outcome {
        if self.count_strategies() >= MAX_STRATEGIES {
            return Err(IStrategyManager::TooManyStrategies { limit: MAX_STRATEGIES }.into());
        }
        self.tokens.push(token);
        Ok(())
    }

    pub(crate) fn count_strategies(&self) -> u64 {
        u64::try_from(self.tokens.len()).unwrap_or(u64::MAX)
    }
}
