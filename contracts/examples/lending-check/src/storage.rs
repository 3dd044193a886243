//! What the LendingCheck stores: nothing of it ever changes.

use alloc::vec::Vec;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageU128, StorageU16, StorageU64, StorageU8};

/// The contract's state.
#[entrypoint]
#[storage]
pub struct LendingCheck {
    pub(crate) feed: StorageAddress,
    /// Seconds.
    pub(crate) max_age: StorageU64,
    /// Of the price.
    pub(crate) decimals: StorageU8,
    /// Basis points.
    pub(crate) loan_to_value: StorageU16,
    pub(crate) minimum_stake: StorageU128,
}
