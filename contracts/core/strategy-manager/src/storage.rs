//! What the ledger stores.

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U64};
use common::stored::{StorageU112, StoredPool, StoredPosition, StoredStream};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageMap, StorageVec};

/// Funds set aside, in one word.
#[storage]
pub struct StoredFunds {
    /// Base units.
    pub(crate) amount: StorageU112,
    /// How many of them were in no withdrawal before.
    pub(crate) unqueued: StorageU112,
}

/// The contract's state. The lens reads it by the order of these fields.
#[entrypoint]
#[storage]
pub struct StrategyManager {
    pub(crate) token_pool: StorageAddress,
    pub(crate) slasher: StorageAddress,
    /// Listed tokens in order of listing: a slash visits each.
    pub(crate) tokens: StorageVec<StorageAddress>,
    /// Pools and buckets by their id ([`common::ids`]).
    pub(crate) pools: StorageMap<B256, StoredPool>,
    /// Pool or bucket id => owner => shares in it.
    pub(crate) positions: StorageMap<B256, StorageMap<Address, StoredPosition>>,
    /// Pool id => rewards on their way into it.
    pub(crate) streams: StorageMap<B256, StoredStream>,
    /// Claimant => token => release epoch => what is set aside for it until then: slashed funds, commission.
    pub(crate) funds: StorageMap<Address, StorageMap<Address, StorageMap<U64, StoredFunds>>>,
}
