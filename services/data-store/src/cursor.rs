//! How far a chain was looked through, remembered on the disk: what comes later is looked at once.

use crate::store::StoreError;
use redb::{Database, ReadableDatabase, TableDefinition, WriteTransaction};
use restake_daemon::origin::Origin;

/// The number and the hash of the last block that was looked at.
const LOOKED: TableDefinition<(), (u64, [u8; 32])> = TableDefinition::new("looked");

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
