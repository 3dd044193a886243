//! What an operator keeps on its disk: commitments, and the leaves that they name, until nobody can ask for them any
//! more. What was kept is on the disk before it is said to be, so a process that is killed forgets nothing of it.

mod asked;
mod error;
mod tables;

pub use asked::Asked;
pub use error::StoreError;

use crate::opening::Opening;
use alloy::primitives::B256;
use alloy::sol_types::SolValue;
use interfaces::IDisputeResolution::DataCommitment;
use redb::{Database, ReadableDatabase, ReadableTable};
use std::path::Path;
use std::sync::Arc;
use tables::{COMMITMENTS, EXPIRIES, LEAVES, NUMBERS, ROOTS, USED, packed, unpacked};

/// A store. Copies are the same one.
#[derive(Debug, Clone)]
pub struct Store {
    database: Arc<Database>,
    quota: u64,
}

/// What expired.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Commitments that nobody can ask about any more.
    pub commitments: u64,
    /// The bytes that there are room for again.
    pub bytes: u64,
}

impl Store {
    /// Opens the store of a file, or begins one, that keeps so many bytes at most.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn open(file: &Path, quota: u64) -> Result<Self, StoreError> {
        if let Some(path) = file.parent() {
            std::fs::create_dir_all(path).map_err(|error| StoreError::Folder { path: path.to_owned(), error })?;
        }
        let database = Database::create(file)?;
        let begun = database.begin_write()?;
        tables::begin(&begun)?;
        begun.commit()?;
        Ok(Self { database: Arc::new(database), quota })
    }

    /// Keeps the leaves of a commitment, which has this hash, until after `expires` (Unix seconds). What is kept
    /// already stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Full`], and then nothing is kept, or if the file cannot be used.
    pub fn keep(
        &self,
        hash: B256,
        commitment: &DataCommitment,
        openings: impl IntoIterator<Item = Opening>,
        expires: u64,
    ) -> Result<(), StoreError> {
        let writing = self.database.begin_write()?;
        {
            let (mut leaves, mut numbers) = (writing.open_table(LEAVES)?, writing.open_table(NUMBERS)?);
            let used = numbers.get(USED)?.map_or(0, |used| used.value());
            let mut more = 0u64;
            for opening in openings {
                let key = (commitment.root.0, opening.index);
                if leaves.get(key)?.is_none() {
                    let value = packed(&opening);
                    more = more.saturating_add(u64::try_from(value.len()).unwrap_or(u64::MAX));
                    leaves.insert(key, value.as_slice())?;
                }
            }
            let after = used.saturating_add(more);
            if after > self.quota {
                // The transaction is dropped, and with it what was written.
                return Err(StoreError::Full { used, more, quota: self.quota });
            }
            numbers.insert(USED, after)?;
            writing.open_table(COMMITMENTS)?.insert(hash.0, commitment.abi_encode().as_slice())?;
            writing.open_multimap_table(ROOTS)?.insert(commitment.root.0, hash.0)?;
            writing.open_table(EXPIRIES)?.insert((expires, hash.0), ())?;
        }
        writing.commit()?;
        Ok(())
    }

    /// A leaf with its proof, if it is kept.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn leaf(&self, root: B256, index: u64) -> Result<Option<Opening>, StoreError> {
        let leaves = self.database.begin_read()?.open_table(LEAVES)?;
        leaves.get((root.0, index))?.map(|value| unpacked(index, value.value())).transpose()
    }

    /// The leaves that are kept from `first` on, in their order, so many at most.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn leaves(&self, root: B256, first: u64, most: usize) -> Result<Vec<Opening>, StoreError> {
        let leaves = self.database.begin_read()?.open_table(LEAVES)?;
        let mut found = Vec::new();
        for entry in leaves.range((root.0, first)..=(root.0, u64::MAX))?.take(most) {
            let (key, value) = entry?;
            found.push(unpacked(key.value().1, value.value())?);
        }
        Ok(found)
    }

    /// The commitment with this hash, if it is kept.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn commitment(&self, hash: B256) -> Result<Option<DataCommitment>, StoreError> {
        let commitments = self.database.begin_read()?.open_table(COMMITMENTS)?;
        commitments.get(hash.0)?.map(|value| tables::commitment(value.value())).transpose()
    }

    /// How many commitments are kept, and how many bytes.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn used(&self) -> Result<(u64, u64), StoreError> {
        use redb::ReadableTableMetadata;
        let reading = self.database.begin_read()?;
        let bytes = reading.open_table(NUMBERS)?.get(USED)?.map_or(0, |used| used.value());
        Ok((reading.open_table(COMMITMENTS)?.len()?, bytes))
    }

    /// Forgets the commitments that expired before `now` (Unix seconds), and the leaves that no other names.
    ///
    /// # Errors
    /// If the file cannot be used; then nothing is forgotten.
    pub fn prune(&self, now: u64) -> Result<Pruned, StoreError> {
        let oldest = self.database.begin_read()?.open_table(EXPIRIES)?.first()?.map(|(key, _)| key.value().0);
        if oldest.is_none_or(|expires| expires >= now) {
            return Ok(Pruned::default());
        }
        let writing = self.database.begin_write()?;
        let mut pruned = Pruned::default();
        {
            let mut expiries = writing.open_table(EXPIRIES)?;
            loop {
                let oldest = expiries.first()?.map(|(key, _)| key.value());
                let Some((expires, hash)) = oldest.filter(|(expires, _)| *expires < now) else { break };
                expiries.remove((expires, hash))?;
                pruned.commitments = pruned.commitments.saturating_add(1);
                pruned.bytes = pruned.bytes.saturating_add(tables::forget(&writing, hash)?);
            }
            let mut numbers = writing.open_table(NUMBERS)?;
            let used = numbers.get(USED)?.map_or(0, |used| used.value());
            numbers.insert(USED, used.saturating_sub(pruned.bytes))?;
        }
        writing.commit()?;
        Ok(pruned)
    }
}
