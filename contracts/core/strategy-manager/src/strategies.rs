//! The tokens that a slash visits.

use crate::storage::StrategyManager;
use alloy_primitives::Address;
use arithmetic::limits::MAX_STRATEGIES;
use common::Outcome;
use interfaces::IStrategyManager;

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
