//! What the Bisection stores.

use alloc::vec::Vec;
use alloy_primitives::{Address, Uint, B256, U64};
use arithmetic::bisection::deadline;
use common::bonds::{Bonds, StorageU96};
use common::stored::{byte, number, set_number};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{
    StorageAddress, StorageB256, StorageBool, StorageMap, StorageU256, StorageU32, StorageU64, StorageU8, StorageUint,
};

/// A time (Unix seconds) in 40 bits.
type StorageU40 = StorageUint<40, 1>;

/// A game, in nine words; what a move changes is in the first, and one state.
#[storage]
pub struct StoredGame {
    /// They agree about the state after so many steps,
    pub(crate) first: StorageU64,
    /// and not about that after so many.
    pub(crate) last: StorageU64,
    since: StorageU40,
    operator_clock: StorageU32,
    challenger_clock: StorageU32,
    /// A number of [`crate::states`].
    pub(crate) state: StorageU8,
    pub(crate) operator: StorageAddress,
    pub(crate) task_time: StorageU64,
    pub(crate) challenger: StorageAddress,
    pub(crate) signing_key: StorageAddress,
    pub(crate) program: StorageAddress,
    /// The hash that the operator signed.
    pub(crate) computation: StorageB256,
    pub(crate) first_state: StorageB256,
    pub(crate) last_state: StorageB256,
    /// The one that was named last.
    pub(crate) middle_state: StorageB256,
}

/// How a game stands, without its states: the word that every move reads and writes.
#[derive(Clone, Copy)]
pub(crate) struct Position {
    pub(crate) first: u64,
    pub(crate) last: u64,
    /// When the turn began (Unix seconds).
    pub(crate) since: u64,
    pub(crate) operator_clock: u32,
    pub(crate) challenger_clock: u32,
    pub(crate) state: u8,
}

impl StoredGame {
    pub(crate) fn position(&self) -> Position {
        Position {
            first: number(&self.first),
            last: number(&self.last),
            since: self.since.get().as_limbs()[0],
            operator_clock: narrow(&self.operator_clock),
            challenger_clock: narrow(&self.challenger_clock),
            state: byte(&self.state),
        }
    }

    pub(crate) fn set_position(&mut self, position: &Position) {
        set_number(&mut self.first, position.first);
        set_number(&mut self.last, position.last);
        self.since.set(Uint::from_limbs([position.since & MAX_40_BITS]));
        self.operator_clock.set(Uint::from_limbs([position.operator_clock.into()]));
        self.challenger_clock.set(Uint::from_limbs([position.challenger_clock.into()]));
        self.state.set(Uint::from_limbs([position.state.into()]));
    }
}

impl Position {
    /// Whether it is the challenger's turn.
    pub(crate) fn is_challengers_turn(&self) -> bool {
        self.state == crate::states::CHALLENGER
    }

    /// What the clock that runs had at the beginning of the turn (seconds).
    pub(crate) fn clock(&self) -> u32 {
        if self.is_challengers_turn() {
            self.challenger_clock
        } else {
            self.operator_clock
        }
    }

    /// Until when the turn lasts (Unix seconds, included).
    pub(crate) fn deadline(&self) -> u64 {
        deadline(self.since, self.clock())
    }
}

/// An operator's deposit, and for how many games it stands.
#[storage]
pub struct StoredOperator {
    pub(crate) deposit: StorageU96,
    pub(crate) open_games: StorageU64,
}

/// The contract's state.
#[entrypoint]
#[storage]
pub struct Bisection {
    pub(crate) registry: StorageAddress,
    /// Wei that a challenge must carry, and that an operator keeps here as its deposit.
    pub(crate) bond: StorageU96,
    pub(crate) service_manager: StorageAddress,
    /// What both clocks have (seconds).
    pub(crate) clock: StorageU32,
    pub(crate) evidence_window: StorageU64,
    pub(crate) game_count: StorageU64,
    pub(crate) games: StorageMap<U64, StoredGame>,
    pub(crate) operators: StorageMap<Address, StoredOperator>,
    /// Account => wei that it can withdraw.
    pub(crate) bonds: StorageMap<Address, StorageU256>,
    /// The ids of wrong results that were proven.
    pub(crate) judged: StorageMap<B256, StorageBool>,
}

impl Bonds for Bisection {
    fn bond_word(&mut self) -> &mut StorageU96 {
        &mut self.bond
    }

    fn credits(&mut self) -> &mut StorageMap<Address, StorageU256> {
        &mut self.bonds
    }
}

const MAX_40_BITS: u64 = (1 << 40) - 1;

/// Reads a 32-bit number.
pub(crate) fn narrow(slot: &StorageU32) -> u32 {
    u32::try_from(slot.get().as_limbs()[0]).unwrap_or(u32::MAX)
}
