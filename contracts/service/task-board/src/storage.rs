//! What the TaskBoard stores.

use alloc::vec::Vec;
use alloy_primitives::{Address, U64};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageB256, StorageMap, StorageU128, StorageU16, StorageU64, StorageU8};

/// A task, in three words, and two more when it is answered.
#[storage]
pub struct StoredTask {
    pub(crate) poster: StorageAddress,
    /// Unix seconds.
    pub(crate) deadline: StorageU64,
    /// 0 none, 1 open, 2 answered, 3 closed.
    pub(crate) state: StorageU8,
    pub(crate) kind: StorageU8,
    pub(crate) question: StorageB256,
    pub(crate) fee: StorageU128,
    pub(crate) task_time: StorageU64,
    pub(crate) answered_at: StorageU64,
    pub(crate) answer: StorageB256,
    pub(crate) signed_stake: StorageU128,
    pub(crate) total_stake: StorageU128,
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct TaskBoard {
    pub(crate) quorum: StorageAddress,
    /// For how long a quorum can be asked about (seconds).
    pub(crate) longest: StorageU64,
    /// Basis points of the stake that must sign.
    pub(crate) stake_threshold: StorageU16,
    /// Basis points of the leaves that must be kept.
    pub(crate) leaf_threshold: StorageU16,
    pub(crate) rewards: StorageAddress,
    pub(crate) task_count: StorageU64,
    pub(crate) token: StorageAddress,
    /// What the board owes: the fees of open tasks, and what was returned and not withdrawn.
    pub(crate) owed: StorageU128,
    pub(crate) tasks: StorageMap<U64, StoredTask>,
    /// Account => what was returned to it.
    pub(crate) returned: StorageMap<Address, StorageU128>,
}
