//! What is watched: certificates, remembered on the disk until nobody can be challenged about them any more.

use crate::certificate::Certificate;
use crate::cursor;
use crate::store::StoreError;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use restake_daemon::origin::Origin;
use std::path::Path;
use std::sync::Arc;

/// The time, the task and the root: several may say that they did one task.
type Promised = (u64, [u8; 32], [u8; 32]);

/// Certificates as JSON.
const CERTIFICATES: TableDefinition<Promised, &[u8]> = TableDefinition::new("certificates");

/// Certificates that are watched. Copies are the same ones.
#[derive(Debug, Clone)]
pub struct Watchlist(Arc<Database>);

impl Watchlist {
    /// Opens the list of a file, or begins one.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        if let Some(path) = file.parent() {
            std::fs::create_dir_all(path).map_err(|error| StoreError::Folder { path: path.to_owned(), error })?;
        }
        let database = Database::create(file)?;
        let begun = database.begin_write()?;
        begun.open_table(CERTIFICATES)?;
        cursor::begin(&begun)?;
        begun.commit()?;
        Ok(Self(Arc::new(database)))
    }

    /// Watches what a certificate promises from now on.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn add(&self, certificate: &Certificate) -> Result<(), StoreError> {
        let writing = self.0.begin_write()?;
        insert(&writing, certificate)?;
        writing.commit()?;
        Ok(())
    }

    /// The block up to which the chain was looked through for certificates.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn looked(&self) -> Result<Option<Origin>, StoreError> {
        cursor::looked(&self.0)
    }

    /// Watches what was found on chain up to a block.
    ///
    /// # Errors
    /// If the file cannot be used; then nothing is remembered.
    pub fn note(&self, certificates: &[Certificate], looked: Origin) -> Result<(), StoreError> {
        let writing = self.0.begin_write()?;
        certificates.iter().try_for_each(|certificate| insert(&writing, certificate))?;
        cursor::set_looked(&writing, looked)?;
        writing.commit()?;
        Ok(())
    }

    /// All of them, after those of tasks before `since` (Unix seconds) were forgotten.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn since(&self, since: u64) -> Result<Vec<Certificate>, StoreError> {
        let (mut found, mut is_old) = (Vec::new(), false);
        for entry in self.0.begin_read()?.open_table(CERTIFICATES)?.iter()? {
            let (key, value) = entry?;
            if key.value().0 < since {
                is_old = true;
                continue;
            }
            let read = serde_json::from_slice(value.value());
            found.push(read.map_err(|_| StoreError::Damaged("a certificate cannot be read"))?);
        }
        if is_old {
            let writing = self.0.begin_write()?;
            writing.open_table(CERTIFICATES)?.retain(|(time, _, _), _| time >= since)?;
            writing.commit()?;
        }
        Ok(found)
    }

    /// How many there are.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn len(&self) -> Result<u64, StoreError> {
        use redb::ReadableTableMetadata;
        Ok(self.0.begin_read()?.open_table(CERTIFICATES)?.len()?)
    }

    /// Whether there is none.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.len()? == 0)
    }
}

fn insert(writing: &WriteTransaction, certificate: &Certificate) -> Result<(), StoreError> {
    let json = serde_json::to_vec(certificate).map_err(|_| StoreError::Damaged("a certificate has no JSON"))?;
    let key = (certificate.task_time(), certificate.task().0, certificate.root().0);
    writing.open_table(CERTIFICATES)?.insert(key, json.as_slice())?;
    Ok(())
}
