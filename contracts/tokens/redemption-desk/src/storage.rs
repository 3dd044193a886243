//! What the desk stores.

use alloc::vec::Vec;
use alloy_primitives::{U256, U64, U8};
use arithmetic::redemption::Pot;
use common::connection::Connection;
use common::stored::{amount, set_amount, StorageU112};
use common::{Outcome, Revert};
use interfaces::IRestakingVault;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageMap, StorageU256, StorageU32, StorageU64, StorageU8};

/// A redemption: a word, and one for each two parts.
#[storage]
pub struct StoredRedemption {
    /// Zero for none.
    pub(crate) account: StorageAddress,
    /// The epoch at which what was queued with it is released.
    pub(crate) release_epoch: StorageU32,
    /// The period in which the rest began to wait.
    pub(crate) period: StorageU32,
    /// How many parts are left.
    pub(crate) count: StorageU8,
    /// Two parts in each ([`arithmetic::redemption::Part`]), lower bits first.
    pub(crate) parts: StorageMap<U8, StorageU256>,
}

/// What came in of a bucket for redemptions, in one word.
#[storage]
pub struct StoredPot {
    /// Base units.
    pub(crate) amount: StorageU112,
    /// The bucket shares that own it.
    pub(crate) shares: StorageU112,
}

impl StoredPot {
    pub(crate) fn read(&self) -> Pot {
        Pot { amount: amount(&self.amount), shares: amount(&self.shares) }
    }

    pub(crate) fn write(&mut self, pot: &Pot) -> Outcome {
        set_amount(&mut self.amount, pot.amount).map_err(|_| too_large())?;
        set_amount(&mut self.shares, pot.shares).map_err(|_| too_large())
    }
}

/// What waits with one operator since one period, in one word.
#[storage]
pub struct StoredBatch {
    /// Shares of the operator's pool.
    pub(crate) shares: StorageU112,
    /// The bucket shares that they got.
    pub(crate) bucket_shares: StorageU112,
    /// When those are released, as an epoch; zero while the batch waits.
    pub(crate) release_epoch: StorageU32,
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct RedemptionDesk {
    pub(crate) receipt: StorageAddress,
    /// The present period.
    pub(crate) period: StorageU32,
    pub(crate) vault: StorageAddress,
    /// How many redemptions were ever opened.
    pub(crate) count: StorageU64,
    pub(crate) redemptions: StorageMap<U64, StoredRedemption>,
    /// Number of the operator, then release epoch (32 bits) => what came in.
    pub(crate) pots: StorageMap<U64, StoredPot>,
    /// Number of the operator, then period (32 bits) => what waits.
    pub(crate) batches: StorageMap<U64, StoredBatch>,
    pub(crate) connection: Connection,
}

/// The key of what belongs to an operator and an epoch or period.
pub(crate) fn key(operator: u64, number: u64) -> U64 {
    U64::from((operator << 32) | (number & u64::from(u32::MAX)))
}

/// Reads an epoch or a period.
pub(crate) fn short(slot: &StorageU32) -> u64 {
    let [number] = *slot.get().as_limbs();
    number
}

/// A word of two parts.
pub(crate) fn pair(low: u128, high: u128) -> U256 {
    (U256::from(high) << 128) | U256::from(low)
}

pub(crate) fn too_large() -> Revert {
    IRestakingVault::SumTooLarge {}.into()
}
