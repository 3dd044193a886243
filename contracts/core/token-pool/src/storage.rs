//! What the TokenPool stores.

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U32};
use arithmetic::epoch;
use arithmetic::outflow::Queue;
use arithmetic::pool::PoolError;
use common::connection::Connection;
use common::stored::{amount, set_amount, StorageU112};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageMap, StorageU32, StorageU64, StorageU8};

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

/// The outflow queue of a token ([`arithmetic::outflow::Queue`]), in one word.
#[storage]
pub struct StoredQueue {
    pub(crate) backlog: StorageU112,
    pub(crate) ends: StorageU112,
    /// As an epoch.
    pub(crate) begins: StorageU32,
}

impl StoredQueue {
    pub(crate) fn read(&self) -> Queue {
        let [begins] = *self.begins.get().as_limbs();
        Queue { backlog: amount(&self.backlog), begins: epoch::start(begins), ends: amount(&self.ends) }
    }

    pub(crate) fn write(&mut self, queue: &Queue) -> Result<(), PoolError> {
        set_amount(&mut self.backlog, queue.backlog)?;
        set_amount(&mut self.ends, queue.ends)?;
        // It is never later than the next epoch, and 32 bits count epochs for longer than time is counted.
        self.begins.set(U32::from(u32::try_from(epoch::at(queue.begins)).unwrap_or(u32::MAX)));
        Ok(())
    }
}

/// The turn of funds set aside, in two words.
#[storage]
pub struct StoredTurn {
    /// How much of the funds has it.
    pub(crate) amount: StorageU112,
    /// When it comes (Unix seconds).
    pub(crate) ready_at: StorageU64,
    /// How much of `amount` was in no withdrawal before, and made the queue longer.
    pub(crate) unqueued: StorageU112,
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
    /// Token => what waits for its turn to leave.
    pub(crate) outflows: StorageMap<Address, StoredQueue>,
    /// Withdrawal ([`common::ids`]) => when it has its turn (Unix seconds), if that is later than its release.
    pub(crate) deferrals: StorageMap<B256, StorageU64>,
    /// Funds set aside ([`common::ids`]) => their turn, as far as they have one.
    pub(crate) turns: StorageMap<B256, StoredTurn>,
    pub(crate) connection: Connection,
}
