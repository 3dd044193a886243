//! What the Quorum stores: nothing of it ever changes.

use alloc::vec::Vec;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageU64};

/// The contract's state.
#[entrypoint]
#[storage]
pub struct Quorum {
    pub(crate) registry: StorageAddress,
    /// The Registry's, for good (seconds).
    pub(crate) evidence_window: StorageU64,
    pub(crate) service_manager: StorageAddress,
}
