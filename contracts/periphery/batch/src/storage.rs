//! What the Batch stores.

use alloc::vec::Vec;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::StorageAddress;

/// The contract's state: all it needs to know is the door.
#[entrypoint]
#[storage]
pub struct Batch {
    pub(crate) token_pool: StorageAddress,
}
