//! Whether others share the risk of an operator.

use crate::storage::StrategyManager;
use alloy_primitives::Address;
use arithmetic::epoch;
use arithmetic::pool::{Pool, Position};
use common::ids;
use stylus_sdk::prelude::*;

impl StrategyManager {
    pub(crate) fn _has_foreign_stake(&self, operator: Address) -> bool {
        let releases = epoch::slashable_releases(epoch::at(self.vm().block_timestamp()));
        (0..self.count_strategies()).any(|index| {
            let id = ids::pool(operator, self.tokens.get(index).unwrap_or(Address::ZERO));
            is_shared(&self.look_at_pool(id), || self.load_position(operator, id).0)
                || releases.iter().any(|release_epoch| {
                    let bucket = self.look_at_pool(ids::bucket(id, *release_epoch));
                    is_shared(&bucket, || self.load_withdrawal(operator, id, *release_epoch).0)
                })
        })
    }
}

/// Whether a pool or bucket has shares that are not the operator's `own`, which are only looked up if it has any.
fn is_shared(pool: &Pool, own: impl Fn() -> Position) -> bool {
    pool.shares != 0 && pool.shares != own().shares_in(pool)
}
