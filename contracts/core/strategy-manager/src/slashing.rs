//! Slashes: the same part of everything an operator had at stake when its fault was captured, set aside for those
//! entitled. No token is touched, so no token can block it.

use crate::ledger::{refused, sum, too_large};
use crate::storage::StrategyManager;
use alloy_primitives::{Address, B256};
use arithmetic::{epoch, wad};
use common::{ids, Emit, Outcome};
use interfaces::IStrategyManager;
use stylus_sdk::prelude::*;

/// How many releases have a number of their own in a slash.
pub(crate) const LATER: usize = 4;

/// A slash, as the Slasher asks for it.
pub(crate) struct Slash {
    /// What it takes of the magnitude.
    pub(crate) taken: u64,
    /// The magnitude before.
    pub(crate) magnitude: u64,
    /// The epoch in which the fault was captured.
    pub(crate) capture_epoch: u64,
    /// What slashes took that the buckets of the epochs after that have not felt.
    pub(crate) later: [u64; LATER],
    /// Who proved the fault.
    pub(crate) challenger: Address,
    /// The challenger's part (wad).
    pub(crate) challenger_share: u64,
    /// Who gets the rest.
    pub(crate) recipient: Address,
}

impl StrategyManager {
    pub(crate) fn _slash(&mut self, operator: Address, slash: &Slash) -> Outcome {
        for index in 0..self.count_strategies() {
            let token = self.tokens.get(index).unwrap_or(Address::ZERO);
            self.slash_token(operator, token, slash)?;
        }
        Ok(())
    }

    fn slash_token(&mut self, operator: Address, token: Address, slash: &Slash) -> Outcome {
        let id = ids::pool(operator, token);
        let from_pool = self.take(id, slash.taken, slash.magnitude)?;
        // What is released in the epoch of the capture had matured; what is queued now is released last.
        let last_release = epoch::release_of(self.vm().block_timestamp());
        let (mut from_buckets, mut release_epoch) = (0u128, slash.capture_epoch);
        let mut later = slash.later.iter();
        while release_epoch < last_release {
            release_epoch = release_epoch.saturating_add(1);
            let unfelt = later.next().copied().unwrap_or(0);
            let magnitude = slash.magnitude.saturating_add(unfelt);
            let taken = self.take(ids::bucket(id, release_epoch), slash.taken, magnitude)?;
            from_buckets = sum(from_buckets, taken)?;
        }
        let taken = sum(from_pool, from_buckets)?;
        if taken == 0 {
            return Ok(());
        }
        // Rounded down: the challenger never gets more than its share of what was taken.
        let to_challenger = wad::portion_down(taken, slash.challenger_share).ok_or_else(too_large)?;
        let to_recipient = taken.checked_sub(to_challenger).ok_or_else(too_large)?;
        // What came from buckets has its place in the outflow queue already. The rest is split and rounded as the
        // whole.
        let unqueued = wad::portion_down(from_pool, slash.challenger_share).ok_or_else(too_large)?;
        self.set_aside(slash.challenger, token, to_challenger, unqueued)?;
        self.set_aside(slash.recipient, token, to_recipient, from_pool.saturating_sub(unqueued))?;
        self.vm().emit(&IStrategyManager::PoolSlashed {
            operator,
            token,
            fromPool: from_pool,
            fromBuckets: from_buckets,
            challenger: slash.challenger,
            toChallenger: to_challenger,
            recipient: slash.recipient,
            releaseEpoch: last_release,
        });
        Ok(())
    }

    /// Takes `part` / `whole` of one pool or bucket, rounded up. An empty one is only read.
    #[inline(never)]
    fn take(&mut self, id: B256, part: u64, whole: u64) -> Outcome<u128> {
        let mut pool = self.settle_stream(id)?;
        if pool.assets == 0 {
            return Ok(0);
        }
        let taken = pool.slash(part, whole).map_err(refused)?;
        self.store_pool(id, &pool)?;
        Ok(taken)
    }
}
