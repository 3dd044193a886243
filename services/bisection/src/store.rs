//! Results that somebody answers for, or doubts, on the disk until nothing about them can be asked any more.

use crate::claim::Claim;
use alloy::primitives::B256;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use std::path::Path;
use std::sync::Arc;

/// Claims as JSON, by the hash that was signed.
const CLAIMS: TableDefinition<[u8; 32], &[u8]> = TableDefinition::new("claims");

/// When a claim is of no use any more, with its hash.
const EXPIRIES: TableDefinition<(u64, [u8; 32]), ()> = TableDefinition::new("expiries");

/// A store. Copies are the same one.
#[derive(Debug, Clone)]
pub struct Store(Arc<Database>);

/// Why a store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk, or the file on it.
    #[error("cannot use the store of results")]
    Disk(#[source] Box<redb::Error>),
    /// What the file has cannot be read.
    #[error("the store of results is damaged")]
    Damaged(#[from] serde_json::Error),
}

macro_rules! from_disk {
    ($($error:ty),*) => {$(
        impl From<$error> for StoreError {
            fn from(error: $error) -> Self {
                Self::Disk(Box::new(error.into()))
            }
        }
    )*};
}

from_disk!(redb::CommitError, redb::DatabaseError, redb::StorageError, redb::TableError, redb::TransactionError);

impl Store {
    /// Opens the store of a file, or begins one.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        let database = Database::create(file)?;
        let begun = database.begin_write()?;
        begun.open_table(CLAIMS)?;
        begun.open_table(EXPIRIES)?;
        begun.commit()?;
        Ok(Self(Arc::new(database)))
    }

    /// Keeps a claim, which has this hash, until after `expires` (Unix seconds). It is on the disk when this returns.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn keep(&self, hash: B256, claim: &Claim, expires: u64) -> Result<(), StoreError> {
        let (writing, text) = (self.0.begin_write()?, serde_json::to_vec(claim)?);
        writing.open_table(CLAIMS)?.insert(hash.0, text.as_slice())?;
        writing.open_table(EXPIRIES)?.insert((expires, hash.0), ())?;
        Ok(writing.commit()?)
    }

    /// The claim with this hash.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn claim(&self, hash: B256) -> Result<Option<Claim>, StoreError> {
        let claims = self.0.begin_read()?.open_table(CLAIMS)?;
        claims.get(hash.0)?.map(|text| Ok(serde_json::from_slice(text.value())?)).transpose()
    }

    /// All claims with their hashes.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn claims(&self) -> Result<Vec<(B256, Claim)>, StoreError> {
        let mut all = Vec::new();
        for entry in self.0.begin_read()?.open_table(CLAIMS)?.iter()? {
            let (hash, text) = entry?;
            all.push((hash.value().into(), serde_json::from_slice(text.value())?));
        }
        Ok(all)
    }

    /// Forgets what expired before `now` (Unix seconds). Returns how many claims that were.
    ///
    /// # Errors
    /// If the file cannot be used; then nothing is forgotten.
    pub fn prune(&self, now: u64) -> Result<u64, StoreError> {
        let oldest = self.0.begin_read()?.open_table(EXPIRIES)?.first()?.map(|(key, _)| key.value().0);
        if oldest.is_none_or(|expires| expires >= now) {
            return Ok(0);
        }
        let (writing, mut forgotten) = (self.0.begin_write()?, 0u64);
        {
            let (mut claims, mut expiries) = (writing.open_table(CLAIMS)?, writing.open_table(EXPIRIES)?);
            loop {
                let oldest = expiries.first()?.map(|(key, _)| key.value());
                let Some((expires, hash)) = oldest.filter(|(expires, _)| *expires < now) else { break };
                expiries.remove((expires, hash))?;
                claims.remove(hash)?;
                forgotten = forgotten.saturating_add(1);
            }
        }
        writing.commit()?;
        Ok(forgotten)
    }
}
