//! What the PriceFeed stores.

use alloc::vec::Vec;
use alloy_primitives::U64;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageB256, StorageMap, StorageU128, StorageU16, StorageU64, StorageU8};

/// A round, in two words.
#[storage]
pub struct StoredRound {
    /// Below 2^127.
    pub(crate) price: StorageU128,
    /// Unix seconds.
    pub(crate) slot: StorageU64,
    pub(crate) signed_stake: StorageU128,
    pub(crate) total_stake: StorageU128,
}

/// The contract's state: all that an update asks for but the last round is in the first two words.
#[entrypoint]
#[storage]
pub struct PriceFeed {
    pub(crate) quorum: StorageAddress,
    /// Seconds.
    pub(crate) interval: StorageU64,
    /// Basis points.
    pub(crate) deviation: StorageU16,
    /// Basis points.
    pub(crate) threshold: StorageU16,
    /// Seconds.
    pub(crate) heartbeat: StorageU64,
    /// The number of the last round; they are numbered from one.
    pub(crate) latest: StorageU64,
    pub(crate) decimals: StorageU8,
    /// Text, filled up with zero bytes.
    pub(crate) description: StorageB256,
    pub(crate) rounds: StorageMap<U64, StoredRound>,
}
