//! What the DisputeResolution stores.

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U64};
use common::bonds::{Bonds, StorageU96};
use common::connection::Connection;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageB256, StorageBool, StorageMap, StorageU256, StorageU64, StorageU8};

/// A challenge to open a leaf, in five words.
#[storage]
pub struct StoredChallenge {
    pub(crate) operator: StorageAddress,
    pub(crate) deadline: StorageU64,
    /// 0 none, 1 open, 2 answered, 3 ran out.
    pub(crate) state: StorageU8,
    pub(crate) challenger: StorageAddress,
    pub(crate) task_time: StorageU64,
    pub(crate) leaf_count: StorageU64,
    pub(crate) index: StorageU64,
    pub(crate) commitment: StorageB256,
    pub(crate) root: StorageB256,
}

/// The contract's state: all that a challenge by signatures asks for is in the first two words.
#[entrypoint]
#[storage]
pub struct DisputeResolution {
    pub(crate) registry: StorageAddress,
    /// Wei that a challenge must carry.
    pub(crate) bond: StorageU96,
    pub(crate) service_manager: StorageAddress,
    pub(crate) evidence_window: StorageU64,
    /// Account => wei that it can withdraw.
    pub(crate) bonds: StorageMap<Address, StorageU256>,
    /// The ids of faults that were proven and of leaves that were asked for.
    pub(crate) judged: StorageMap<B256, StorageBool>,
    pub(crate) challenge_count: StorageU64,
    pub(crate) answer_window: StorageU64,
    pub(crate) challenges: StorageMap<U64, StoredChallenge>,
    pub(crate) connection: Connection,
}

impl Bonds for DisputeResolution {
    fn bond_word(&mut self) -> &mut StorageU96 {
        &mut self.bond
    }

    fn credits(&mut self) -> &mut StorageMap<Address, StorageU256> {
        &mut self.bonds
    }
}
