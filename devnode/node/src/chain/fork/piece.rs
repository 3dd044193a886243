//! The pieces in which the state at the forked block is fetched.

use super::known::{FarAccount, Known};
use alloy::primitives::{Address, B256, Bytes, U256};
use serde::{Deserialize, Serialize};
use stylus_vm::revm::state::Bytecode;

/// A piece.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Piece {
    /// An account with its code.
    Account { address: Address, account: FarAccount, code: Bytes },
    /// A slot.
    Slot { address: Address, slot: U256, value: U256 },
    /// The hash of a block.
    Hash { number: u64, hash: B256 },
}

/// What a piece is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum PieceName {
    Account(Address),
    Slot(Address, U256),
    Hash(u64),
}

impl Piece {
    /// What it is about.
    pub(super) fn name(&self) -> PieceName {
        match self {
            Self::Account { address, .. } => PieceName::Account(*address),
            Self::Slot { address, slot, .. } => PieceName::Slot(*address, *slot),
            Self::Hash { number, .. } => PieceName::Hash(*number),
        }
    }
}

impl Known {
    /// Adds a piece.
    ///
    /// # Errors
    ///
    /// The account whose code is another.
    pub(super) fn add(&mut self, piece: Piece) -> Result<(), Address> {
        match piece {
            Piece::Account { address, account, code } => {
                let code = Bytecode::new_raw_checked(code).map_err(|_| address)?;
                if code.hash_slow() != account.code_hash {
                    return Err(address);
                }
                self.remember(address, account, code);
            }
            Piece::Slot { address, slot, value } => {
                self.slots.entry(address).or_default().insert(slot, value);
            }
            Piece::Hash { number, hash } => {
                self.hashes.insert(number, hash);
            }
        }
        Ok(())
    }

    /// The piece with this name.
    pub(super) fn piece(&self, name: PieceName) -> Option<Piece> {
        Some(match name {
            PieceName::Account(address) => {
                let account = *self.accounts.get(&address)?;
                let code = self.codes.get(&account.code_hash).map(Bytecode::original_bytes).unwrap_or_default();
                Piece::Account { address, account, code }
            }
            PieceName::Slot(address, slot) => Piece::Slot { address, slot, value: self.slot(address, slot)? },
            PieceName::Hash(number) => Piece::Hash { number, hash: *self.hashes.get(&number)? },
        })
    }

    /// The names of all pieces.
    pub(super) fn names(&self) -> impl Iterator<Item = PieceName> {
        let slots = self.slots.iter().flat_map(|(address, slots)| slots.keys().map(|slot| (*address, *slot)));
        let accounts = self.accounts.keys().map(|address| PieceName::Account(*address));
        let slots = slots.map(|(address, slot)| PieceName::Slot(address, slot));
        accounts.chain(slots).chain(self.hashes.keys().map(|number| PieceName::Hash(*number)))
    }
}
