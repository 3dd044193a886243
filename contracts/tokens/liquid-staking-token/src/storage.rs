//! What the token stores.

use alloc::vec::Vec;
use common::erc20::Erc20;
use common::ownable::Ownership;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageU128, StorageU64};

/// The contract's state.
#[entrypoint]
#[storage]
pub struct LiquidStakingToken {
    pub(crate) erc20: Erc20,
    /// Who reports rewards.
    pub(crate) ownership: Ownership,
    /// When the last rewards are streamed (Unix seconds).
    pub(crate) streamed_at: StorageU64,
    /// Wei that were deposited or added as rewards and not paid out. What somebody sends otherwise does not count.
    pub(crate) backing: StorageU128,
    /// Wei of rewards that are streamed over the time that ends at `streamed_at`; part of `backing`.
    pub(crate) streaming: StorageU128,
}
