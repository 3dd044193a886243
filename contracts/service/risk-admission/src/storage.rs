//! What the RiskAdmission stores: nothing of it ever changes.

use alloc::vec::Vec;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageU128, StorageU64};

/// The contract's state.
#[entrypoint]
#[storage]
pub struct RiskAdmission {
    /// The service whose terms it reads.
    pub(crate) service_manager: StorageAddress,
    /// The highest utilisation (wad).
    pub(crate) cap: StorageU64,
    /// Whose books about operators it reads.
    pub(crate) slasher: StorageAddress,
    /// What the ratio of every other service is taken to be (wad).
    pub(crate) assumed_ratio: StorageU64,
    /// The stake (weighted) below which nobody should rely on the service.
    pub(crate) counted_stake: StorageU128,
    /// The part of it that corrupts the service (wad).
    pub(crate) threshold: StorageU64,
}
