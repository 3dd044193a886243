//! What the DisputeResolution stores.

use alloy_primitives::{Address, B256};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageBool, StorageMap, StorageU256, StorageU64};

/// The contract's state.
#[entrypoint]
#[storage]
pub struct DisputeResolution {
    pub(crate) registry: StorageAddress,
    pub(crate) challenge_window: StorageU64,
    pub(crate) service_manager: StorageAddress,
    /// Wei that a challenge must carry.
    pub(crate) bond: StorageU256,
    /// Account => wei that it can withdraw.
    pub(crate) bonds: StorageMap<Address, StorageU256>,
    /// Evidence that was rejected and faults that were proven.
    pub(crate) judged: StorageMap<B256, StorageBool>,
}
