//! What the receipt stores.

use alloc::vec::Vec;
use common::erc20::Erc20;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::StorageAddress;

/// The contract's state.
#[entrypoint]
#[storage]
pub struct LiquidRestakingToken {
    pub(crate) erc20: Erc20,
    pub(crate) vault: StorageAddress,
    pub(crate) desk: StorageAddress,
    pub(crate) weights: StorageAddress,
    pub(crate) token: StorageAddress,
}
