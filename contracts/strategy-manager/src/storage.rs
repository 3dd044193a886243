//! What the ledger stores.

use alloy_primitives::{Address, B256};
use common::stored::{StorageU112, StoredPool, StoredPosition};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageBool, StorageMap, StorageVec};

/// A listed token, in one word.
#[storage]
pub struct StoredStrategy {
    /// Most base units that the protocol may hold.
    pub(crate) cap: StorageU112,
    /// Base units that the protocol owes: pools, buckets and slashed funds.
    pub(crate) owed: StorageU112,
    /// Whether the token was listed.
    pub(crate) listed: StorageBool,
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct StrategyManager {
    pub(crate) owner: StorageAddress,
    pub(crate) token_pool: StorageAddress,
    pub(crate) slasher: StorageAddress,
    /// Listed tokens in order of listing: a slash visits each.
    pub(crate) tokens: StorageVec<StorageAddress>,
    pub(crate) strategies: StorageMap<Address, StoredStrategy>,
    /// Pools and buckets by their id ([`crate::ledger`]).
    pub(crate) pools: StorageMap<B256, StoredPool>,
    /// Pool or bucket id => owner => shares in it.
    pub(crate) positions: StorageMap<B256, StorageMap<Address, StoredPosition>>,
    /// Claimant => token => what slashes have set aside for it.
    pub(crate) slashed: StorageMap<Address, StorageMap<Address, StorageU112>>,
}
