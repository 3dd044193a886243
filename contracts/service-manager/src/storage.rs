//! What the ServiceManager stores.

use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageU64};

/// The contract's state.
#[entrypoint]
#[storage]
pub struct ServiceManager {
    pub(crate) owner: StorageAddress,
    pub(crate) registry: StorageAddress,
    pub(crate) dispute_resolution: StorageAddress,
    pub(crate) slasher: StorageAddress,
    // The terms share the words of what is read with them.
    pub(crate) slash_wad: StorageU64,
    pub(crate) recipient: StorageAddress,
    pub(crate) challenger_share: StorageU64,
}
