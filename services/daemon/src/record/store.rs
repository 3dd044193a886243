//! The record on the disk.

use super::error::{RecordError, SignError};
use super::identity::Identity;
use super::signed::{Signed, Subject};
use crate::message::Signature;
use alloy::primitives::{B256, FixedBytes};
use redb::{
    Database, Durability, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition, WriteTransaction,
};
use std::path::Path;

/// When a task was set, the task, the kind of typed data, the hash that was signed.
type Place = (u64, [u8; 32], &'static str, [u8; 32]);

/// The signature, or no bytes. Entries are added, and signatures filled in; nothing is ever replaced by something else.
const SIGNED: TableDefinition<'_, Place, &[u8]> = TableDefinition::new("signed-1");

/// Before which nothing is signed any more, under no name: what was signed then is forgotten.
const FORGOTTEN: TableDefinition<'_, (), u64> = TableDefinition::new("forgotten-1");

/// Whose record it is, as JSON, under no name.
const IDENTITY: TableDefinition<'_, (), &str> = TableDefinition::new("identity-1");

#[derive(Debug)]
pub(super) struct Store {
    database: Database,
}

impl Store {
    pub(super) fn open(file: &Path) -> Result<Self, RecordError> {
        let store = Self { database: Database::create(file)? };
        // The tables are there from now on.
        store.write(|_| Ok::<(), RecordError>(()))?;
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
        self.write(|tables| Ok(tables.identity.insert((), text.as_str()).map(|_| ())?))
    }

    pub(super) fn about(&self, subject: Subject, kind: &str) -> Result<Vec<Signed>, RecordError> {
        let reading = self.database.begin_read()?;
        about(&reading.open_table(SIGNED)?, subject, kind)
    }

    fn all(&self) -> Result<Vec<Signed>, RecordError> {
        let reading = self.database.begin_read()?;
        let table = reading.open_table(SIGNED)?;
        table
            .iter()?
            .map(|entry| entry.map_err(RecordError::from).and_then(|(place, value)| read(&place, &value)))
            .collect()
    }

    /// Before which nothing is signed any more, and all entries.
    pub(super) fn everything(&self) -> Result<(u64, Vec<Signed>), RecordError> {
        Ok((self.forgotten_before()?, self.all()?))
    }

    pub(super) fn len(&self) -> Result<u64, RecordError> {
        Ok(self.database.begin_read()?.open_table(SIGNED)?.len()?)
    }

    /// Before which nothing is signed any more.
    pub(super) fn forgotten_before(&self) -> Result<u64, RecordError> {
        let reading = self.database.begin_read()?;
        Ok(reading.open_table(FORGOTTEN)?.get(())?.map_or(0, |time| time.value()))
    }

    /// Forgets what is about tasks that were set before, and signs nothing about them any more.
    pub(super) fn forget_before(&self, time: u64) -> Result<(), RecordError> {
        self.write(|tables| {
            let time = tables.forgotten_before()?.max(time);
            tables.forgotten.insert((), time)?;
            Ok(tables.signed.retain_in(..(time, [0; 32], "", [0; 32]), |_, _| false)?)
        })
    }

    /// Adds an entry, or the signature of one, unless there is other content or it is too old. Returns the entry as it
    /// is then.
    pub(super) fn keep(&self, entry: Signed) -> Result<Signed, SignError> {
        self.write(|tables| {
            let forgotten_before = tables.forgotten_before()?;
            if entry.subject.time < forgotten_before {
                return Err(SignError::Forgotten { time: entry.subject.time, forgotten_before });
            }
            let about = about(&tables.signed, entry.subject, &entry.kind)?;
            entry.agrees_with(&about)?;
            match about.into_iter().next() {
                Some(known) if known.signature.is_some() || entry.signature.is_none() => Ok(known),
                _ => {
                    add(&mut tables.signed, &entry)?;
                    Ok(entry)
                }
            }
        })
    }

    /// Adds what is not there yet, whatever it says, unless it is too old to be signed. Returns how much that was.
    pub(super) fn merge(&self, entries: &[Signed]) -> Result<u64, RecordError> {
        self.write(|tables| {
            let (mut added, forgotten_before) = (0_u64, tables.forgotten_before()?);
            for entry in entries.iter().filter(|entry| entry.subject.time >= forgotten_before) {
                let about = about(&tables.signed, entry.subject, &entry.kind)?;
                let known = about.into_iter().find(|one| one.hash == entry.hash);
                if known.as_ref().is_none_or(|known| known.signature.is_none() && entry.signature.is_some()) {
                    add(&mut tables.signed, entry)?;
                }
                added = added.saturating_add(u64::from(known.is_none()));
            }
            Ok(added)
        })
    }

    /// Changes the tables, all or nothing. It is on the disk when this returns.
    fn write<T, E: From<RecordError>>(&self, work: impl FnOnce(&mut Tables<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut writing = self.database.begin_write().map_err(RecordError::from)?;
        writing.set_durability(Durability::Immediate).map_err(RecordError::from)?;
        let done = Tables::open(&writing).map_err(E::from).and_then(|mut tables| work(&mut tables));
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

/// All that is written.
struct Tables<'t> {
    signed: redb::Table<'t, Place, &'static [u8]>,
    forgotten: redb::Table<'t, (), u64>,
    identity: redb::Table<'t, (), &'static str>,
}

impl<'t> Tables<'t> {
    fn open(writing: &'t WriteTransaction) -> Result<Self, RecordError> {
        Ok(Self {
            signed: writing.open_table(SIGNED)?,
            forgotten: writing.open_table(FORGOTTEN)?,
            identity: writing.open_table(IDENTITY)?,
        })
    }

    fn forgotten_before(&self) -> Result<u64, RecordError> {
        Ok(self.forgotten.get(())?.map_or(0, |time| time.value()))
    }
}

fn add(signed: &mut redb::Table<'_, Place, &'static [u8]>, entry: &Signed) -> Result<(), RecordError> {
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
