//! What the weights store.

use alloc::vec::Vec;
use alloy_primitives::{Address, U32};
use common::ownable::Ownership;
use common::stored::{number, set_number};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageArray, StorageU32, StorageU64};

/// Most operators at a time: what everything is worth is asked of the ledger for each.
pub(crate) const MAX_OPERATORS: usize = 8;

/// What holders had notice of.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    /// The operator's part of all assets (wad).
    pub(crate) weight: u64,
    /// The highest commitment (wad) at which it gets that.
    pub(crate) max_commitment: u64,
}

/// An operator and its weight, in two words.
#[storage]
pub struct StoredOperator {
    /// Zero for none. Operators have the first places, which are those of the vault.
    pub(crate) operator: StorageAddress,
    /// The epoch from which `next_weight` and `next_max_commitment` hold; zero if nothing was announced.
    pub(crate) effective_epoch: StorageU32,
    /// Its weight (wad).
    pub(crate) weight: StorageU64,
    /// The highest commitment (wad) at which it gets stake.
    pub(crate) max_commitment: StorageU64,
    /// Its weight as scheduled last.
    pub(crate) next_weight: StorageU64,
    /// The same for the commitment.
    pub(crate) next_max_commitment: StorageU64,
}

impl StoredOperator {
    /// As scheduled last.
    pub(crate) fn next(&self) -> Terms {
        Terms { weight: number(&self.next_weight), max_commitment: number(&self.next_max_commitment) }
    }

    pub(crate) fn at(&self, epoch: u64) -> Terms {
        if self.pending_at(epoch) == 0 {
            return self.next();
        }
        Terms { weight: number(&self.weight), max_commitment: number(&self.max_commitment) }
    }

    /// The epoch from which what was announced holds; zero if everything does.
    pub(crate) fn pending_at(&self, epoch: u64) -> u64 {
        let [effective] = *self.effective_epoch.get().as_limbs();
        if effective > epoch {
            effective
        } else {
            0
        }
    }

    pub(crate) fn write(&mut self, now: Terms, next: Terms, effective_epoch: u64) {
        set_number(&mut self.weight, now.weight);
        set_number(&mut self.max_commitment, now.max_commitment);
        set_number(&mut self.next_weight, next.weight);
        set_number(&mut self.next_max_commitment, next.max_commitment);
        // 32 bits count epochs for longer than time is counted.
        self.effective_epoch.set(U32::from(u32::try_from(effective_epoch).unwrap_or(u32::MAX)));
    }
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct RestakingWeights {
    /// Who sets the weights.
    pub(crate) ownership: Ownership,
    pub(crate) vault: StorageAddress,
    pub(crate) slasher: StorageAddress,
    pub(crate) operators: StorageArray<StoredOperator, MAX_OPERATORS>,
}

impl RestakingWeights {
    pub(crate) fn operator(&self, index: usize) -> Address {
        self.operators.getter(index).map_or(Address::ZERO, |stored| stored.operator.get())
    }
}
