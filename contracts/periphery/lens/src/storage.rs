//! What the Lens stores.

use alloc::vec::Vec;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::StorageAddress;

/// The contract's state: whose books it reads.
#[entrypoint]
#[storage]
pub struct Lens {
    pub(crate) token_pool: StorageAddress,
    pub(crate) strategy_manager: StorageAddress,
    pub(crate) slasher: StorageAddress,
}
