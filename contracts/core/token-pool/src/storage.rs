//! What the TokenPool stores.

use alloy_primitives::{Address, B256};
use common::stored::StorageU112;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageMap, StorageU128, StorageU64, StorageU8};

/// A listed token, in one word.
#[storage]
pub struct StoredStrategy {
    /// Most base units that the protocol may hold.
    pub(crate) cap: StorageU112,
    /// Base units that the protocol owes: pools, streams, buckets and funds set aside.
    pub(crate) owed: StorageU112,
    /// [`crate::strategies::UNLISTED`], [`crate::strategies::OPEN`] or [`crate::strategies::CLOSED`].
    pub(crate) status: StorageU8,
    /// Most of the cap that one deposit may bring (percent).
    pub(crate) deposit_percent: StorageU8,
    /// Most of what is owed that may leave per epoch (percent), zero for no limit.
    pub(crate) outflow_percent: StorageU8,
}

/// The turn of funds set aside, in one word.
#[storage]
pub struct StoredTurn {
    /// How much of the funds has it.
    pub(crate) amount: StorageU112,
    /// When it comes (Unix seconds).
    pub(crate) ready_at: StorageU64,
}

/// The contract's state. What is read together shares a word; the lens reads it by the order of these fields.
#[entrypoint]
#[storage]
pub struct TokenPool {
    pub(crate) strategy_manager: StorageAddress,
    /// The actions of stakers that are paused ([`arithmetic::pause`]).
    pub(crate) paused: StorageU8,
    /// Until when exits are (Unix seconds).
    pub(crate) paused_until: StorageU64,
    pub(crate) governance: StorageAddress,
    pub(crate) rewards: StorageAddress,
    pub(crate) batch: StorageAddress,
    pub(crate) strategies: StorageMap<Address, StoredStrategy>,
    /// Token => when all that was queued of it will have left at its limit's rate ([`arithmetic::outflow`]).
    pub(crate) outflows: StorageMap<Address, StorageU128>,
    /// Withdrawal ([`common::ids`]) => when it has its turn (Unix seconds), if that is later than its release.
    pub(crate) deferrals: StorageMap<B256, StorageU64>,
    /// Funds set aside ([`common::ids`]) => their turn, as far as they have one.
    pub(crate) turns: StorageMap<B256, StoredTurn>,
}
