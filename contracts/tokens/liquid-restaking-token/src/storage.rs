//! What the receipt stores.

use alloy_primitives::U64;
use common::erc20::Erc20;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageMap, StorageU128, StorageU64};

/// A redemption, in three words.
#[storage]
pub struct StoredRedemption {
    pub(crate) account: StorageAddress,
    pub(crate) claimable_at: StorageU64,
    pub(crate) shares: StorageU128,
    /// What is paid at most.
    pub(crate) amount: StorageU128,
    /// The sum of all amounts requested before it.
    pub(crate) position: StorageU128,
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct LiquidRestakingToken {
    pub(crate) erc20: Erc20,
    pub(crate) vault: StorageAddress,
    pub(crate) redemption_count: StorageU64,
    /// Sum of the amounts of all redemptions ever requested.
    pub(crate) requested: StorageU128,
    /// Sum of the amounts of those that were claimed.
    pub(crate) claimed: StorageU128,
    /// Shares that wait to be redeemed. The contract holds them.
    pub(crate) locked: StorageU128,
    pub(crate) redemptions: StorageMap<U64, StoredRedemption>,
}
