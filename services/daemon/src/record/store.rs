//! The record on the disk.

use super::error::{RecordError, SignError};
use super::identity::Identity;
use super::signed::{Signed, Subject};
use crate::message::Signature;
use alloy::primitives::{B256, FixedBytes};
use redb::{Database, Durability, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition};
use std::path::Path;

/// When a task was set, the task, the kind of typed data, the hash that was signed.
type Place = (u64, [u8; 32], &'static str, [u8; 32]);

/// The signature, or no bytes. Entries are added, and signatures filled in; nothing is ever replaced.
const SIGNED: TableDefinition<'_, Place, &[u8]> = TableDefinition::new("signed-1");

/// Whose record it is, as JSON, under no name.
const IDENTITY: TableDefinition<'_, (), &str> = TableDefinition::new("identity-1");

#[derive(Debug)]
pub(super) struct Store {
    database: Database,
}

impl Store {
    pub(super) fn open(file: &Path) -> Result<Self, RecordError> {
        let store = Self { database: Database::create(file)? };
        store.write(|signed, _| signed.len().map(|_| ()).map_err(RecordError::from))?;
        Ok(store)
    }

    pub(super) fn identity(&self) -> Result<Option<Identity>, RecordError> {
        let reading = self.database.begin_read()?;
        let table = reading.open_table(IDENTITY)?;
        let Some(text) = table.get(())? else { return Ok(None) };
        serde_json::from_str(text.value()).map(Some).map_err(|error| RecordError::Damaged(error.to_string()))
    }

    pub(super) fn set_identity(&self, identity: &Identity) -> Result<(), RecordError> {
        let text = serde_json::to_string(identity).map_err(|error| RecordError::Damaged(error.to_string()))?;
        self.write(|_, identities| Ok(identities.insert((), text.as_str()).map(|_| ())?))
    }

    pub(super) fn about(&self, subject: Subject, kind: &str) -> Result<Vec<Signed>, RecordError> {
        let reading = self.database.begin_read()?;
        about(&reading.open_table(SIGNED)?, subject, kind)
    }

    pub(super) fn all(&self) -> Result<Vec<Signed>, RecordError> {
        let reading = self.database.begin_read()?;
        let table = reading.open_table(SIGNED)?;
        table
            .iter()?
            .map(|entry| entry.map_err(RecordError::from).and_then(|(place, value)| read(&place, &value)))
            .collect()
    }

    pub(super) fn len(&self) -> Result<u64, RecordError> {
        Ok(self.database.begin_read()?.open_table(SIGNED)?.len()?)
    }

    /// Adds an entry, or the signature of one, unless there is other content. Returns the entry as it is then.
    pub(super) fn keep(&self, entry: Signed) -> Result<Signed, SignError> {
        self.write(|signed, _| {
            let about = about(signed, entry.subject, &entry.kind)?;
            entry.agrees_with(&about)?;
            match about.into_iter().next() {
                Some(known) if known.signature.is_some() || entry.signature.is_none() => Ok(known),
                _ => {
                    add(signed, &entry)?;
                    Ok(entry)
                }
            }
        })
    }

    /// Adds what is not there yet, whatever it says. Returns how much that was.
    pub(super) fn merge(&self, entries: &[Signed]) -> Result<u64, RecordError> {
        self.write(|signed, _| {
            let mut added = 0_u64;
            for entry in entries {
                let known = about(signed, entry.subject, &entry.kind)?.into_iter().find(|one| one.hash == entry.hash);
                if known.as_ref().is_none_or(|known| known.signature.is_none() && entry.signature.is_some()) {
                    add(signed, entry)?;
                }
                added = added.saturating_add(u64::from(known.is_none()));
            }
            Ok(added)
        })
    }

    /// Changes the tables, all or nothing. It is on the disk when this returns.
    fn write<T, E: From<RecordError>>(
        &self,
        work: impl FnOnce(&mut redb::Table<'_, Place, &[u8]>, &mut redb::Table<'_, (), &str>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writing = self.database.begin_write().map_err(RecordError::from)?;
        writing.set_durability(Durability::Immediate).map_err(RecordError::from)?;
        let done = {
            let mut signed = writing.open_table(SIGNED).map_err(RecordError::from)?;
            let mut identities = writing.open_table(IDENTITY).map_err(RecordError::from)?;
            work(&mut signed, &mut identities)
        };
        match done {
            Ok(done) => {
                writing.commit().map_err(RecordError::from)?;
                Ok(done)
            }
            Err(refused) => {
                writing.abort().map_err(RecordError::from)?;
                Err(refused)
            }
        }
    }
}

fn add(signed: &mut redb::Table<'_, Place, &[u8]>, entry: &Signed) -> Result<(), RecordError> {
    let bytes = entry.signature.map(|signature| Signature::from(signature).bytes());
    let value = bytes.as_ref().map_or(&[][..], |bytes| bytes.as_slice());
    signed.insert((entry.subject.time, entry.subject.task.0, entry.kind.as_str(), entry.hash.0), value)?;
    Ok(())
}

fn about(
    table: &impl ReadableTable<Place, &'static [u8]>,
    subject: Subject,
    kind: &str,
) -> Result<Vec<Signed>, RecordError> {
    let (time, task) = (subject.time, subject.task.0);
    let places = (time, task, kind, B256::ZERO.0)..=(time, task, kind, B256::repeat_byte(0xff).0);
    table
        .range(places)?
        .map(|entry| entry.map_err(RecordError::from).and_then(|(place, value)| read(&place, &value)))
        .collect()
}

fn read(
    place: &redb::AccessGuard<'_, Place>,
    value: &redb::AccessGuard<'_, &'static [u8]>,
) -> Result<Signed, RecordError> {
    let (time, task, kind, hash) = place.value();
    let signature = match value.value() {
        [] => None,
        bytes => {
            let bytes = FixedBytes::<64>::try_from(bytes);
            Some(Signature::from(bytes.map_err(|error| RecordError::Damaged(error.to_string()))?).into())
        }
    };
    Ok(Signed { subject: Subject { task: task.into(), time }, kind: kind.to_owned(), hash: hash.into(), signature })
}
