//! What a slash would take.

use crate::storage::Lens;
use alloy_primitives::{Address, B256};
use arithmetic::{epoch, wad};
use common::{ids, Outcome};
use interfaces::{ISlasher, IStrategyManager};
use stylus_sdk::prelude::*;

impl Lens {
    /// From the active pool and from both buckets that a slash captured now reaches, each rounded up as a slash does.
    pub(crate) fn _preview_slash(&self, operator: Address, token: Address, wad: u64) -> Outcome<(u128, u128)> {
        let id = ids::pool(operator, token);
        let from_pool = self.loss(id, wad)?;
        let mut from_buckets = 0u128;
        for release_epoch in epoch::slashable_releases(epoch::at(self.vm().block_timestamp())) {
            let taken = self.loss(ids::bucket(id, release_epoch), wad)?;
            from_buckets = from_buckets.checked_add(taken).ok_or(IStrategyManager::AmountTooLarge {})?;
        }
        Ok((from_pool, from_buckets))
    }

    fn loss(&self, id: B256, wad: u64) -> Outcome<u128> {
        let (mut pool, _) = self.read_pool(id)?;
        pool.slash(wad, wad::ONE).map_err(|_| ISlasher::InvalidWad { wad }.into())
    }
}
