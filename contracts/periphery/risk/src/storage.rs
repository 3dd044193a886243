//! What Risk stores: nothing of it ever changes.

use alloc::vec::Vec;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::StorageAddress;

/// The contract's state.
#[entrypoint]
#[storage]
pub struct Risk {
    /// Whose books it reads.
    pub(crate) slasher: StorageAddress,
}
