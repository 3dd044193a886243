//! What the Governance stores.

use alloc::vec::Vec;
use alloy_primitives::Address;
use common::ownable::Ownership;
use common::stored::StorageU112;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageBool, StorageMap, StorageU64, StorageU8};

/// The limits of a token, in one word.
#[storage]
pub struct StoredLimits {
    /// Base units.
    pub(crate) cap: StorageU112,
    /// Percent of the cap.
    pub(crate) deposit_percent: StorageU8,
    /// Percent of what is owed per epoch.
    pub(crate) outflow_percent: StorageU8,
    /// From when they may be applied (Unix seconds). Zero for limits in force, and where none are scheduled.
    pub(crate) effective_at: StorageU64,
    /// Whether there are any.
    pub(crate) set: StorageBool,
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct Governance {
    pub(crate) ownership: Ownership,
    pub(crate) token_pool: StorageAddress,
    /// The actions that are paused.
    pub(crate) paused: StorageU8,
    /// Until when exits and slashes are (Unix seconds).
    pub(crate) paused_until: StorageU64,
    pub(crate) slasher: StorageAddress,
    pub(crate) pauser: StorageAddress,
    pub(crate) unpauser: StorageAddress,
    /// Token => the limits in force.
    pub(crate) limits: StorageMap<Address, StoredLimits>,
    /// Token => the limits that are scheduled.
    pub(crate) scheduled: StorageMap<Address, StoredLimits>,
}
