//! What the Registry stores.

use alloy_primitives::{Address, U128, U256};
use common::stored::wide;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageBool, StorageMap, StorageU128, StorageU256, StorageU64, StorageVec};

/// An operator of the service, in one word.
#[storage]
pub struct StoredOperator {
    /// Its current signing key, or its last one.
    pub(crate) signing_key: StorageAddress,
    /// Whether it serves now.
    pub(crate) serves: StorageBool,
}

/// The stake from a time on, in one word.
#[storage]
pub struct StoredCheckpoint {
    /// Unix seconds.
    pub(crate) time: StorageU64,
    /// Weighted stake.
    pub(crate) stake: StorageU128,
}

/// A number that changes with notice, in one word.
#[storage]
pub struct Scheduled {
    /// From the lowest bits: the number before its change and after it (96 bits each), and when it changes (64 bits, Unix seconds).
    word: StorageU256,
}

/// Most that a [`Scheduled`] number can be: 96 bits.
pub(crate) const MAX_SCHEDULED: u128 = (1 << 96) - 1;

impl Scheduled {
    /// The number at `now`.
    pub(crate) fn at(&self, now: u64) -> u128 {
        self.view(now).0
    }

    /// The number at `now`, the one scheduled last, and when that holds.
    #[inline(never)]
    pub(crate) fn view(&self, now: u64) -> (u128, u128, u64) {
        let [a, b, c, effective_at] = *self.word.get().as_limbs();
        let (low, high) = (wide(&[a, b]), u128::from(c));
        let after = (low >> 96) | (high << 32);
        (if now < effective_at { low & MAX_SCHEDULED } else { after }, after, effective_at)
    }

    /// Schedules `next`, at most [`MAX_SCHEDULED`], in place of what was scheduled and does not hold yet.
    pub(crate) fn schedule(&mut self, now: u64, next: u128, effective_at: u64) {
        let [a, b] = *U128::from(self.at(now) | (next << 96)).as_limbs();
        let [c, _] = *U128::from(next >> 32).as_limbs();
        self.word.set(U256::from_limbs([a, b, c, effective_at]));
    }
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct Registry {
    pub(crate) service_manager: StorageAddress,
    pub(crate) operator_count: StorageU64,
    pub(crate) strategy_manager: StorageAddress,
    pub(crate) slasher: StorageAddress,
    /// In units of weighted stake.
    pub(crate) minimum_stake: Scheduled,
    pub(crate) operators: StorageMap<Address, StoredOperator>,
    /// Signing key => the operator that proved to hold it.
    pub(crate) key_owners: StorageMap<Address, StorageAddress>,
    /// Tokens that ever had a weight.
    pub(crate) weighted: StorageVec<StorageAddress>,
    /// Token => weight (wad).
    pub(crate) weights: StorageMap<Address, Scheduled>,
    /// Operator => its stake that counted, in order of time.
    pub(crate) histories: StorageMap<Address, StorageVec<StoredCheckpoint>>,
    /// The sum of all operators' stake that counted, in order of time.
    pub(crate) total: StorageVec<StoredCheckpoint>,
}
