//! Slashes: the same fraction of everything an operator had at stake, set aside for those entitled. No token is touched, so no token can block it.

use crate::ledger::refused;
use crate::storage::StrategyManager;
use alloy_primitives::{Address, B256};
use arithmetic::{epoch, wad};
use common::{ids, Outcome};
use interfaces::IStrategyManager;
use stylus_sdk::prelude::*;

/// Who gets what was slashed.
pub(crate) struct Split {
    /// Who proved the fault.
    pub(crate) challenger: Address,
    /// The challenger's part (wad).
    pub(crate) challenger_share: u64,
    /// Who gets the rest.
    pub(crate) recipient: Address,
}

impl StrategyManager {
    pub(crate) fn slash_everywhere(
        &mut self,
        operator: Address,
        wad: u64,
        capture_epoch: u64,
        split: &Split,
    ) -> Outcome {
        for index in 0..self.count_strategies() {
            let token = self.tokens.get(index).unwrap_or(Address::ZERO);
            self.slash_token(operator, token, wad, capture_epoch, split)?;
        }
        Ok(())
    }

    fn slash_token(
        &mut self,
        operator: Address,
        token: Address,
        wad: u64,
        capture_epoch: u64,
        split: &Split,
    ) -> Outcome {
        let id = ids::pool(operator, token);
        let from_pool = self.take(id, wad)?;
        let mut from_buckets = 0u128;
        for release_epoch in epoch::slashable_releases(capture_epoch) {
            let taken = self.take(ids::bucket(id, release_epoch), wad)?;
            from_buckets = from_buckets.checked_add(taken).ok_or(IStrategyManager::AmountTooLarge {})?;
        }
        let taken = from_pool.checked_add(from_buckets).ok_or(IStrategyManager::AmountTooLarge {})?;
        if taken == 0 {
            return Ok(());
        }
        // Rounded down: the challenger never gets more than its share of what was taken.
        let to_challenger =
            wad::portion_down(taken, split.challenger_share).ok_or(IStrategyManager::AmountTooLarge {})?;
        let to_recipient = taken.checked_sub(to_challenger).ok_or(IStrategyManager::AmountTooLarge {})?;
        self.set_aside(split.challenger, token, to_challenger)?;
        self.set_aside(split.recipient, token, to_recipient)?;
        self.vm().log(IStrategyManager::PoolSlashed {
            operator,
            token,
            fromPool: from_pool,
            fromBuckets: from_buckets,
            challenger: split.challenger,
            toChallenger: to_challenger,
            recipient: split.recipient,
        });
        Ok(())
    }

    /// Slashes one pool or bucket, rounded up. An empty one is only read.
    fn take(&mut self, id: B256, wad: u64) -> Outcome<u128> {
        let mut pool = self.settle_stream(id)?;
        if pool.assets == 0 {
            return Ok(0);
        }
        let taken = pool.slash(wad).map_err(refused)?;
        self.store_pool(id, &pool)?;
        Ok(taken)
    }
}
