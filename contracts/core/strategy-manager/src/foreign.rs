//! Whether others share the risk of an operator.

use crate::storage::StrategyManager;
use alloy_primitives::{Address, B256};
use arithmetic::epoch;
use common::ids;
use stylus_sdk::prelude::*;

impl StrategyManager {
    pub(crate) fn _has_foreign_stake(&self, operator: Address) -> bool {
        let releases = epoch::slashable_releases(epoch::at(self.vm().block_timestamp()));
        (0..self.count_strategies()).any(|index| {
            let id = ids::pool(operator, self.tokens.get(index).unwrap_or(Address::ZERO));
            self.is_shared(id, operator)
                || releases.iter().any(|release_epoch| self.is_shared(ids::bucket(id, *release_epoch), operator))
        })
    }

    /// Whether a pool or bucket has shares that are not `operator`'s own.
    fn is_shared(&self, id: B256, operator: Address) -> bool {
        let pool = self.look_at_pool(id);
        pool.shares != 0 && pool.shares != self.load_position(operator, id).shares_in(&pool)
    }
}
