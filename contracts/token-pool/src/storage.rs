//! What the TokenPool stores.

use stylus_sdk::prelude::*;
use stylus_sdk::storage::StorageAddress;

/// The contract's state: all it needs to know is the ledger.
#[entrypoint]
#[storage]
pub struct TokenPool {
    pub(crate) strategy_manager: StorageAddress,
}
