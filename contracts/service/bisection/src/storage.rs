//! What the Bisection stores.

use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256, U64};
use arithmetic::bisection::Position;
use common::bonds::{Bonds, StorageU96};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageAddress, StorageB256, StorageBool, StorageMap, StorageU256, StorageU64};

/// A game, in nine words; what a move changes is in the first, and one state.
#[storage]
pub struct StoredGame {
    /// How it stands, without its states: see [`Position::to_limbs`].
    position: StorageU256,
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

impl StoredGame {
    pub(crate) fn position(&self) -> Position {
        Position::from_limbs(*self.position.get().as_limbs())
    }

    pub(crate) fn set_position(&mut self, position: Position) {
        self.position.set(U256::from_limbs(position.to_limbs()));
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
    pub(crate) clock: StorageU64,
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
