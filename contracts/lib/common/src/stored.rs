//! Storage accessors for the types of `arithmetic`, one storage word each.

use alloc::vec::Vec;
use alloy_primitives::{Uint, U128, U256, U64};
use arithmetic::leaving::{Leaving, LAST_RELEASE};
use arithmetic::pool::{Pool, PoolError, Position, MAX_AMOUNT, MAX_GENERATION};
use arithmetic::stream::Stream;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageU128, StorageU256, StorageU64, StorageU8, StorageUint};

/// Accessor for an amount of at most [`arithmetic::pool::MAX_AMOUNT`].
pub type StorageU112 = StorageUint<112, 2>;

/// A [`Pool`] in one word.
#[storage]
pub struct StoredPool {
    /// From the lowest bits: assets (112 bits), shares (112), generation (24), and whether a stream of rewards flows
    /// into it (8).
    word: StorageU256,
}

impl StoredPool {
    /// Reads the pool.
    pub fn read(&self) -> Pool {
        let (low, high) = halves(&self.word);
        Pool {
            assets: low & MAX_AMOUNT,
            shares: (low >> 112) | ((high & MAX_96_BITS) << 16),
            generation: narrow_generation((high >> 96) & u128::from(MAX_GENERATION)),
            streaming: high >> 120 != 0,
        }
    }

    /// Writes the pool.
    ///
    /// # Errors
    /// [`PoolError::TooLarge`] if an amount exceeds 112 bits, which the functions of [`Pool`] exclude.
    pub fn write(&mut self, pool: &Pool) -> Result<(), PoolError> {
        if pool.assets > MAX_AMOUNT || pool.shares > MAX_AMOUNT {
            return Err(PoolError::TooLarge);
        }
        let generation = u128::from(pool.generation.min(MAX_GENERATION));
        let high = (pool.shares >> 16) | (generation << 96) | (u128::from(pool.streaming) << 120);
        set_halves(&mut self.word, pool.assets | (pool.shares << 112), high);
        Ok(())
    }
}

/// A [`Position`] in one word; that in a pool with what is kept of its withdrawals ([`Leaving`]).
#[storage]
pub struct StoredPosition {
    /// From the lowest bits: shares (112 bits), generation. In a bucket that has 32 bits; in a pool 16, and above it
    /// are shares of a withdrawal (112), their release (15), and whether others have words of their own (1).
    word: StorageU256,
}

impl StoredPosition {
    /// Reads the position in a pool, and what is kept of its withdrawals.
    #[inline(never)]
    pub fn read_with_leaving(&self) -> (Position, Leaving) {
        let (low, high) = halves(&self.word);
        let position = Position { shares: low & MAX_AMOUNT, generation: narrow_generation(low >> 112) };
        let release = narrow_time((high >> 112) & u128::from(LAST_RELEASE));
        (position, Leaving { shares: high & MAX_AMOUNT, release, beside: high >> 127 != 0 })
    }

    /// Writes them.
    ///
    /// # Errors
    /// [`PoolError::TooLarge`] if shares exceed 112 bits, which the functions of [`Position`] exclude, or the
    /// generation 16, which takes a slash of everything each week for a thousand years.
    #[inline(never)]
    pub fn write_with_leaving(&mut self, position: &Position, leaving: &Leaving) -> Result<(), PoolError> {
        let generation = if position.shares == 0 { 0 } else { position.generation };
        if position.shares > MAX_AMOUNT || leaving.shares > MAX_AMOUNT || generation > u32::from(u16::MAX) {
            return Err(PoolError::TooLarge);
        }
        let release = u128::from(leaving.release.min(LAST_RELEASE));
        let high = leaving.shares | (release << 112) | (u128::from(leaving.beside) << 127);
        set_halves(&mut self.word, position.shares | (u128::from(generation) << 112), high);
        Ok(())
    }

    /// Reads the position in a bucket.
    pub fn read(&self) -> Position {
        let (low, high) = halves(&self.word);
        Position { shares: low & MAX_AMOUNT, generation: narrow_generation((low >> 112) | (high << 16)) }
    }

    /// Writes the position in a bucket.
    ///
    /// # Errors
    /// [`PoolError::TooLarge`] if the shares exceed 112 bits, which the functions of [`Position`] exclude.
    pub fn write(&mut self, position: &Position) -> Result<(), PoolError> {
        if position.shares > MAX_AMOUNT {
            return Err(PoolError::TooLarge);
        }
        // An empty position is an empty slot, whatever its generation: it gets the storage refund.
        let generation = if position.shares == 0 { 0 } else { u128::from(position.generation) };
        set_halves(&mut self.word, position.shares | (generation << 112), generation >> 16);
        Ok(())
    }
}

/// A [`Stream`] in one word.
#[storage]
pub struct StoredStream {
    /// From the lowest bits: remaining (112 bits), updated (64), ends (64), carry (16).
    word: StorageU256,
}

impl StoredStream {
    /// Reads the stream.
    pub fn read(&self) -> Stream {
        let (low, high) = halves(&self.word);
        Stream {
            remaining: low & MAX_AMOUNT,
            updated: narrow_time((low >> 112) | ((high & MAX_48_BITS) << 16)),
            ends: narrow_time((high >> 48) & u128::from(u64::MAX)),
            carry: u16::try_from(high >> 112).unwrap_or(u16::MAX),
        }
    }

    /// Writes the stream; a dry one is an empty slot.
    ///
    /// # Errors
    /// [`PoolError::TooLarge`] if the rest exceeds 112 bits, which the functions of [`Stream`] exclude.
    pub fn write(&mut self, stream: &Stream) -> Result<(), PoolError> {
        let stream = if stream.remaining == 0 { Stream::default() } else { *stream };
        if stream.remaining > MAX_AMOUNT {
            return Err(PoolError::TooLarge);
        }
        let (updated, ends) = (u128::from(stream.updated), u128::from(stream.ends));
        let high = (updated >> 16) | (ends << 48) | (u128::from(stream.carry) << 112);
        set_halves(&mut self.word, stream.remaining | (updated << 112), high);
        Ok(())
    }
}

/// The lower and the upper half of a word.
fn halves(word: &StorageU256) -> (u128, u128) {
    let [a, b, c, d] = *word.get().as_limbs();
    (wide(&[a, b]), wide(&[c, d]))
}

fn set_halves(word: &mut StorageU256, low: u128, high: u128) {
    let ([a, b], [c, d]) = (*U128::from(low).as_limbs(), *U128::from(high).as_limbs());
    word.set(U256::from_limbs([a, b, c, d]));
}

const MAX_96_BITS: u128 = (1 << 96) - 1;
const MAX_48_BITS: u128 = (1 << 48) - 1;

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

/// Never more than 32 bits.
fn narrow_generation(number: u128) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Never more than 64 bits.
fn narrow_time(number: u128) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
