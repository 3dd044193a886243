//! What the vault stores: words of several numbers, because each kind of packed field brings code of its own.

use alloc::vec::Vec;
use alloy_primitives::{Address, U128, U256, U64};
use common::connection::Connection;
use common::stored::{large, number, set_large, set_number, wide};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageArray, StorageMap, StorageU128, StorageU256, StorageU64};

/// Most operators at a time: what everything is worth is asked of the ledger for each.
pub(crate) const MAX_OPERATORS: usize = 8;

/// Most of the holders' withdrawals from one operator that are on their way at a time. Two are, if they are collected
/// in time.
pub(crate) const MAX_TRANSITS: usize = 4;

/// The flag of an operator with shares set apart; those below are for the withdrawals on their way.
const SET_APART: u64 = 1 << 4;

/// The lowest bit of an operator's number, above the flags.
const ID_SHIFT: u32 = 8;

/// An operator, in two words, and one for each withdrawal on its way.
#[storage]
pub struct StoredOperator {
    /// Zero for none. Operators have the first places.
    pub(crate) operator: StorageAddress,
    /// From the lowest bits: whether each of `transits` is used (4 bits), whether shares are set apart (1); from the
    /// ninth on its number for ever: places are used again.
    marks: StorageU64,
    /// Shares of its pool that belong to redemptions and could not be queued yet.
    set_apart: StorageU128,
    /// The holders' withdrawals on their way: their bucket shares, and when they are released (128 bits each).
    transits: StorageArray<StorageU256, MAX_TRANSITS>,
}

impl StoredOperator {
    /// Begins with an operator.
    pub(crate) fn begin(&mut self, operator: Address, id: u64) {
        self.operator.set(operator);
        set_number(&mut self.marks, id << ID_SHIFT);
    }

    /// Its number.
    pub(crate) fn id(&self) -> u64 {
        number(&self.marks) >> ID_SHIFT
    }

    /// Whether nothing is set apart or on its way.
    pub(crate) fn is_clear(&self) -> bool {
        number(&self.marks).trailing_zeros() >= ID_SHIFT
    }

    fn mark(&mut self, flag: u64, set: bool) {
        let marks = number(&self.marks);
        let changed = if set { marks | flag } else { marks & !flag };
        if changed != marks {
            set_number(&mut self.marks, changed);
        }
    }

    /// Shares that are set apart.
    pub(crate) fn set_apart(&self) -> u128 {
        match number(&self.marks) & SET_APART {
            0 => 0,
            _ => large(&self.set_apart),
        }
    }

    /// Writes them.
    pub(crate) fn write_set_apart(&mut self, shares: u128) {
        set_large(&mut self.set_apart, shares);
        self.mark(SET_APART, shares != 0);
    }

    /// The release epoch and the holders' bucket shares of a withdrawal on its way.
    pub(crate) fn transit(&self, place: usize) -> Option<(u64, u128)> {
        if number(&self.marks) & transit_flag(place) == 0 {
            return None;
        }
        let (shares, release_epoch) = halves(&*self.transits.getter(place)?);
        Some((u64::try_from(release_epoch).unwrap_or(u64::MAX), shares))
    }

    /// Notes a withdrawal on its way; none without shares.
    pub(crate) fn set_transit(&mut self, place: usize, release_epoch: u64, shares: u128) {
        self.mark(transit_flag(place), shares != 0);
        if let Some(mut word) = self.transits.setter(place) {
            set_halves(&mut word, shares, if shares == 0 { 0 } else { u128::from(release_epoch) });
        }
    }
}

fn transit_flag(place: usize) -> u64 {
    [1, 2, 4, 8].get(place).copied().unwrap_or(0)
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct RestakingVault {
    pub(crate) receipt: StorageAddress,
    pub(crate) desk: StorageAddress,
    pub(crate) weights: StorageAddress,
    pub(crate) token: StorageAddress,
    pub(crate) token_pool: StorageAddress,
    pub(crate) strategy_manager: StorageAddress,
    pub(crate) slasher: StorageAddress,
    /// Tokens of the holders that are not staked, and what came in for redemptions and was not paid yet (128 bits
    /// each). What somebody sends otherwise does not count.
    held: StorageU256,
    /// How many operators ever had a number.
    pub(crate) id_count: StorageU64,
    pub(crate) operators: StorageArray<StoredOperator, MAX_OPERATORS>,
    /// Operator => its number.
    pub(crate) ids: StorageMap<Address, StorageU64>,
    /// Number => operator.
    pub(crate) accounts: StorageMap<U64, StorageAddress>,
    pub(crate) connection: Connection,
}

impl RestakingVault {
    #[inline(never)]
    pub(crate) fn operator(&self, index: usize) -> Address {
        self.operators.getter(index).map_or(Address::ZERO, |stored| stored.operator.get())
    }

    /// The holders' idle tokens, and what came in for redemptions.
    pub(crate) fn held(&self) -> (u128, u128) {
        halves(&self.held)
    }

    pub(crate) fn set_held(&mut self, idle: u128, pots: u128) {
        set_halves(&mut self.held, idle, pots);
    }

    pub(crate) fn idle(&self) -> u128 {
        self.held().0
    }
}

/// The lower and the upper half of a word.
#[inline(never)]
fn halves(word: &StorageU256) -> (u128, u128) {
    let [a, b, c, d] = *word.get().as_limbs();
    (wide(&[a, b]), wide(&[c, d]))
}

#[inline(never)]
fn set_halves(word: &mut StorageU256, low: u128, high: u128) {
    let ([a, b], [c, d]) = (*U128::from(low).as_limbs(), *U128::from(high).as_limbs());
    word.set(U256::from_limbs([a, b, c, d]));
}
