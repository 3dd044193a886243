//! What the Rewards contract stores.

use alloc::vec::Vec;
use alloy_primitives::Address;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageMap, StorageU64};

/// An operator's commission, in one word.
#[storage]
pub struct StoredCommission {
    /// Before `effective_at` (wad).
    pub(crate) before: StorageU64,
    /// From `effective_at` on (wad).
    pub(crate) after: StorageU64,
    /// Unix seconds; zero if none was ever scheduled.
    pub(crate) effective_at: StorageU64,
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct Rewards {
    pub(crate) strategy_manager: StorageAddress,
    pub(crate) token_pool: StorageAddress,
    /// Operator => commission.
    pub(crate) commissions: StorageMap<Address, StoredCommission>,
}
