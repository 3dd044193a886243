//! Storage accessors for the types of `arithmetic`, one storage word each.

use alloy_primitives::{Uint, U128, U16, U256, U32, U64};
use arithmetic::pool::{Pool, PoolError, Position, MAX_GENERATION};
use arithmetic::stream::Stream;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageBool, StorageU128, StorageU16, StorageU32, StorageU64, StorageU8, StorageUint};

/// Accessor for an amount of at most [`arithmetic::pool::MAX_AMOUNT`].
pub type StorageU112 = StorageUint<112, 2>;

/// Accessor for a generation of at most [`arithmetic::pool::MAX_GENERATION`].
type StorageU24 = StorageUint<24, 1>;

/// A [`Pool`] in one word: assets (112 bits), shares (112), generation (24), and whether a stream of rewards flows into it.
#[storage]
pub struct StoredPool {
    assets: StorageU112,
    shares: StorageU112,
    generation: StorageU24,
    streaming: StorageBool,
}

impl StoredPool {
    /// Reads the pool.
    pub fn read(&self) -> Pool {
        let [generation] = *self.generation.get().as_limbs();
        Pool {
            assets: amount(&self.assets),
            shares: amount(&self.shares),
            generation: narrow_generation(generation),
            streaming: self.streaming.get(),
        }
    }

    /// Writes the pool.
    ///
    /// # Errors
    /// [`PoolError::TooLarge`] if an amount exceeds 112 bits, which the functions of [`Pool`] exclude.
    pub fn write(&mut self, pool: &Pool) -> Result<(), PoolError> {
        set_amount(&mut self.assets, pool.assets)?;
        set_amount(&mut self.shares, pool.shares)?;
        self.generation.set(Uint::from_limbs([u64::from(pool.generation.min(MAX_GENERATION))]));
        self.streaming.set(pool.streaming);
        Ok(())
    }
}

/// A [`Position`] in one word: shares (112 bits), generation (32).
#[storage]
pub struct StoredPosition {
    shares: StorageU112,
    generation: StorageU32,
}

impl StoredPosition {
    /// Reads the position.
    pub fn read(&self) -> Position {
        let [generation] = *self.generation.get().as_limbs();
        Position { shares: amount(&self.shares), generation: narrow_generation(generation) }
    }

    /// Writes the position.
    ///
    /// # Errors
    /// [`PoolError::TooLarge`] if the shares exceed 112 bits, which the functions of [`Position`] exclude.
    pub fn write(&mut self, position: &Position) -> Result<(), PoolError> {
        set_amount(&mut self.shares, position.shares)?;
        // An empty position is an empty slot, whatever its generation: it gets the storage refund.
        let generation = if position.shares == 0 { 0 } else { position.generation };
        self.generation.set(U32::from(generation));
        Ok(())
    }
}

/// A [`Stream`] in one word: remaining (112 bits), updated (64), ends (64), carry (16).
#[storage]
pub struct StoredStream {
    remaining: StorageU112,
    updated: StorageU64,
    ends: StorageU64,
    carry: StorageU16,
}

impl StoredStream {
    /// Reads the stream.
    pub fn read(&self) -> Stream {
        let [carry] = *self.carry.get().as_limbs();
        Stream {
            remaining: amount(&self.remaining),
            updated: number(&self.updated),
            ends: number(&self.ends),
            carry: u16::try_from(carry).unwrap_or(u16::MAX),
        }
    }

    /// Writes the stream; a dry one is an empty slot.
    ///
    /// # Errors
    /// [`PoolError::TooLarge`] if the rest exceeds 112 bits, which the functions of [`Stream`] exclude.
    pub fn write(&mut self, stream: &Stream) -> Result<(), PoolError> {
        let stream = if stream.remaining == 0 { Stream::default() } else { *stream };
        set_amount(&mut self.remaining, stream.remaining)?;
        set_number(&mut self.updated, stream.updated);
        set_number(&mut self.ends, stream.ends);
        self.carry.set(U16::from(stream.carry));
        Ok(())
    }
}

/// Reads an amount.
pub fn amount(slot: &StorageU112) -> u128 {
    wide(slot.get().as_limbs())
}

/// Writes an amount.
///
/// # Errors
/// [`PoolError::TooLarge`] if it exceeds 112 bits.
pub fn set_amount(slot: &mut StorageU112, value: u128) -> Result<(), PoolError> {
    if value > arithmetic::pool::MAX_AMOUNT {
        return Err(PoolError::TooLarge);
    }
    let [low, high] = *U128::from(value).as_limbs();
    slot.set(Uint::from_limbs([low, high]));
    Ok(())
}

/// Reads a 64-bit number.
pub fn number(slot: &StorageU64) -> u64 {
    let [value] = *slot.get().as_limbs();
    value
}

/// Reads an 8-bit number.
pub fn byte(slot: &StorageU8) -> u8 {
    let [value] = *slot.get().as_limbs();
    u8::try_from(value).unwrap_or(u8::MAX)
}

/// Writes a 64-bit number.
pub fn set_number(slot: &mut StorageU64, value: u64) {
    slot.set(U64::from(value));
}

/// Reads a 128-bit number.
pub fn large(slot: &StorageU128) -> u128 {
    wide(slot.get().as_limbs())
}

/// Writes a 128-bit number.
pub fn set_large(slot: &mut StorageU128, value: u128) {
    slot.set(U128::from(value));
}

/// A 256-bit number, if it fits 128 bits.
pub fn narrow(value: U256) -> Option<u128> {
    match value.as_limbs() {
        [low, high, 0, 0] => Some(wide(&[*low, *high])),
        _ => None,
    }
}

/// The 128-bit number with the given limbs, low first.
pub fn wide(limbs: &[u64; 2]) -> u128 {
    (u128::from(limbs[1]) << 64) | u128::from(limbs[0])
}

/// The accessors never yield more than 32 bits.
fn narrow_generation(limb: u64) -> u32 {
    u32::try_from(limb).unwrap_or(u32::MAX)
}
