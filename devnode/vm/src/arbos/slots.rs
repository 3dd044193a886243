//! The state in a database, outside of any transaction.

use super::{ARBOS_ADDRESS, Storage};
use revm::Database;
use revm::primitives::U256;
use std::collections::BTreeMap;

/// Reads from the database, and keeps what is written.
pub(crate) struct Slots<'a, DB> {
    db: &'a mut DB,
    written: BTreeMap<U256, U256>,
}

impl<'a, DB> Slots<'a, DB> {
    /// The state in `db`.
    pub(crate) fn new(db: &'a mut DB) -> Self {
        Self { db, written: BTreeMap::new() }
    }

    /// What was written.
    pub(crate) fn written(self) -> impl Iterator<Item = (U256, U256)> {
        self.written.into_iter()
    }
}

impl<DB: Database> Storage for Slots<'_, DB> {
    type Error = DB::Error;

    fn get(&mut self, slot: U256) -> Result<U256, DB::Error> {
        match self.written.get(&slot) {
            Some(value) => Ok(*value),
            None => self.db.storage(ARBOS_ADDRESS, slot),
        }
    }

    fn set(&mut self, slot: U256, value: U256) -> Result<(), DB::Error> {
        self.written.insert(slot, value);
        Ok(())
    }
}
