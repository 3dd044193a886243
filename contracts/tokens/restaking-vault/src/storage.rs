//! What the vault stores.

use alloy_primitives::Address;
use common::ownable::Ownership;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageArray, StorageU128, StorageU64};

/// Most operators at a time: what everything is worth is asked of the ledger for each.
pub(crate) const MAX_OPERATORS: usize = 8;

/// Most withdrawals from one operator that are on their way at a time. Two are, if they are collected in time.
pub(crate) const MAX_RELEASES: usize = 4;

/// An operator, in three words.
#[storage]
pub struct StoredOperator {
    /// Zero for none. Operators have the first places.
    pub(crate) operator: StorageAddress,
    /// Its weight (wad) before `effective_at`.
    pub(crate) weight: StorageU64,
    /// Its weight from `effective_at`.
    pub(crate) next_weight: StorageU64,
    /// When that takes effect (Unix seconds).
    pub(crate) effective_at: StorageU64,
    /// The highest commitment (wad) at which it gets stake, before `effective_at`.
    pub(crate) max_commitment: StorageU64,
    /// The same from `effective_at`: it changes with the weight.
    pub(crate) next_max_commitment: StorageU64,
    /// Release epochs of withdrawals on their way, zero for none: one word.
    pub(crate) releases: StorageArray<StorageU64, MAX_RELEASES>,
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct RestakingVault {
    /// Who sets the weights.
    pub(crate) ownership: Ownership,
    pub(crate) receipt: StorageAddress,
    pub(crate) token: StorageAddress,
    pub(crate) token_pool: StorageAddress,
    pub(crate) strategy_manager: StorageAddress,
    pub(crate) slasher: StorageAddress,
    /// Tokens that came in and are not staked or paid out. What somebody sends otherwise does not count.
    pub(crate) idle: StorageU128,
    pub(crate) operators: StorageArray<StoredOperator, MAX_OPERATORS>,
}

impl RestakingVault {
    pub(crate) fn operator(&self, index: usize) -> Address {
        self.operators.getter(index).map_or(Address::ZERO, |stored| stored.operator.get())
    }
}
