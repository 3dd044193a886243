//! What the Registry stores.

use alloy_primitives::Address;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageBool, StorageMap, StorageU128, StorageU64, StorageVec};

/// An operator of the service, in one word.
#[storage]
pub struct StoredOperator {
    /// Its current signing key, or its last one.
    pub(crate) signing_key: StorageAddress,
    /// Whether it serves now.
    pub(crate) serves: StorageBool,
}

/// The stake from a time on, in one word.
#[storage]
pub struct StoredCheckpoint {
    /// Unix seconds.
    pub(crate) time: StorageU64,
    /// Weighted stake.
    pub(crate) stake: StorageU128,
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct Registry {
    pub(crate) service_manager: StorageAddress,
    pub(crate) operator_count: StorageU64,
    pub(crate) strategy_manager: StorageAddress,
    pub(crate) slasher: StorageAddress,
    /// In units of weighted stake.
    pub(crate) minimum_stake: StorageU128,
    pub(crate) operators: StorageMap<Address, StoredOperator>,
    /// Signing key => the operator that proved to hold it.
    pub(crate) key_owners: StorageMap<Address, StorageAddress>,
    /// Tokens that ever had a weight.
    pub(crate) weighted: StorageVec<StorageAddress>,
    /// Token => weight (wad).
    pub(crate) weights: StorageMap<Address, StorageU64>,
    /// Operator => its stake that counted, in order of time.
    pub(crate) histories: StorageMap<Address, StorageVec<StoredCheckpoint>>,
    /// The sum of all operators' stake that counted, in order of time.
    pub(crate) total: StorageVec<StoredCheckpoint>,
}
