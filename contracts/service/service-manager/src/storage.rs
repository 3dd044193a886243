//! What the ServiceManager stores.

use common::ownable::Ownership;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageU64};

/// Terms, in three words.
#[storage]
pub struct StoredTerms {
    pub(crate) equivocation_wad: StorageU64,
    pub(crate) availability_wad: StorageU64,
    pub(crate) challenger_share: StorageU64,
    pub(crate) reward_rate: StorageU64,
    pub(crate) recipient: StorageAddress,
    pub(crate) resolver: StorageAddress,
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
}
