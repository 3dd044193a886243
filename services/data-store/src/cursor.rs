//! How far a chain was looked through, remembered on the disk: what comes later is looked at once.

use crate::setting::Setting;
use crate::store::StoreError;
use alloy::providers::Provider;
use eyre::{Result, WrapErr};
use redb::{Database, ReadableDatabase, TableDefinition, WriteTransaction};
use restake_daemon::origin::{Origin, OriginError};
use std::ops::RangeInclusive;

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

impl Setting {
    /// The blocks after the last one that was looked at, and the last of them; all blocks of the suite, if the chain
    /// began again or took that one back.
    pub(crate) async fn unseen(&self, looked: Option<Origin>) -> Result<(RangeInclusive<u64>, Origin)> {
        let head = self.chain.provider().get_block_number().await.wrap_err("cannot ask for the latest block")?;
        let first = match looked {
            None => self.since,
            Some(before) => match before.check(&self.chain).await {
                Ok(()) => before.number.saturating_add(1),
                Err(OriginError::BeganAgain { .. }) => self.since,
                Err(failure) => return Err(failure.into()),
            },
        };
        Ok((first..=head, Origin::of(&self.chain, head).await?))
    }
}
