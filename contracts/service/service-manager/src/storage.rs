//! What the ServiceManager stores.

use alloc::vec::Vec;
use alloy_primitives::U8;
use common::connection::Connection;
use common::ownable::Ownership;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageMap, StorageU128, StorageU256, StorageU64};

/// Terms, in four words; a freeze needs the first three.
#[storage]
pub struct StoredTerms {
    /// What a fault of each kind costs (wads, 64 bits each, kind 0 in the lowest).
    pub(crate) wads: StorageU256,
    pub(crate) recipient: StorageAddress,
    pub(crate) challenger_share: StorageU64,
    pub(crate) resolver: StorageAddress,
    pub(crate) reward_rate: StorageU64,
    pub(crate) profit_from_corruption: StorageU128,
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct ServiceManager {
    pub(crate) ownership: Ownership,
    pub(crate) registry: StorageAddress,
    pub(crate) dispute_resolution: StorageAddress,
    pub(crate) slasher: StorageAddress,
    /// From when `after` holds instead of `before` (Unix seconds).
    pub(crate) effective_at: StorageU64,
    pub(crate) before: StoredTerms,
    pub(crate) after: StoredTerms,
    pub(crate) connection: Connection,
    /// Kind of fault => who decides it, for those that the DisputeResolution does not.
    pub(crate) judges: StorageMap<U8, StorageAddress>,
}
