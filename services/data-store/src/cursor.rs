//! How far a chain was looked through, remembered on the disk: what comes later is looked at once.

use crate::store::StoreError;
use redb::{Database, ReadableDatabase, TableDefinition, WriteTransaction};
use restake_daemon::origin::Origin;

/// The number and the hash of the last block that was looked at.
const LOOKED: TableDefinition<(), (u64, [u8; 32])> = TableDefinition::new("looked");

/// After how many blocks without anything it is written how far was looked: each time is a wait for the disk.
const STEP: u64 = 64;

/// Whether it is worth writing that blocks were looked at in which nothing was found.
pub(crate) fn is_far(before: Option<Origin>, looked: Origin) -> bool {
    before.is_none_or(|before| looked.number < before.number || looked.number >= before.number.saturating_add(STEP))
}

/// Makes the table that is not there.
pub(crate) fn begin(writing: &WriteTransaction) -> Result<(), StoreError> {
    writing.open_table(LOOKED)?;
    Ok(())
}

/// The last block that was looked at.
pub(crate) fn looked(database: &Database) -> Result<Option<Origin>, StoreError> {
    let table = database.begin_read()?.open_table(LOOKED)?;
    Ok(table.get(())?.map(|block| {
        let (number, hash) = block.value();
        Origin { number, hash: hash.into() }
    }))
}

/// Remembers it.
pub(crate) fn set_looked(writing: &WriteTransaction, block: Origin) -> Result<(), StoreError> {
    writing.open_table(LOOKED)?.insert((), (block.number, block.hash.0))?;
    Ok(())
}
