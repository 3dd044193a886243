//! The answers that were seen, on the disk: two that are different are evidence, whenever the second is seen.

use alloy::primitives::{Address, B256, FixedBytes};
use redb::{Database, Durability, ReadableDatabase, TableDefinition};
use restake_daemon::message::Answer;
use restake_daemon::origin::Origin;
use std::io;
use std::path::Path;

/// When a task was set, the task, whose key signed, and the answer.
type Place = (u64, [u8; 32], [u8; 20], [u8; 32]);

/// The signature. No more than two answers of a key to a task are kept: two prove all that there is to prove.
const ANSWERS: TableDefinition<'_, Place, [u8; 64]> = TableDefinition::new("answers-1");

/// The block that is looked at next, under no name.
const NEXT: TableDefinition<'_, (), u64> = TableDefinition::new("next-1");

/// The answers of one chain.
#[derive(Debug)]
pub struct Book {
    database: Database,
}

/// Two answers of one key to one task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Equivocation {
    /// The account of the key.
    pub signer: Address,
    /// One answer.
    pub first: Answer,
    /// Another one.
    pub second: Answer,
}

/// The book cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The folder cannot be made.
    #[error("cannot use the folder of the watcher's book")]
    Folder(#[from] io::Error),
    /// The disk, or the file on it.
    #[error("cannot use the watcher's book")]
    Disk(#[source] Box<redb::Error>),
}

macro_rules! from_disk {
    ($($error:ty),*) => {$(
        impl From<$error> for BookError {
            fn from(error: $error) -> Self {
                Self::Disk(Box::new(error.into()))
            }
        }
    )*};
}

from_disk!(
    redb::CommitError,
    redb::DatabaseError,
    redb::SetDurabilityError,
    redb::StorageError,
    redb::TableError,
    redb::TransactionError
);

impl Book {
    /// Opens the book of a chain in a folder, or begins one. A chain that began again has another one.
    ///
    /// # Errors
    /// [`BookError`].
    pub fn open(folder: &Path, origin: Origin) -> Result<Self, BookError> {
        std::fs::create_dir_all(folder)?;
        let book = Self { database: Database::create(folder.join(format!("answers-{}.redb", origin.hash)))? };
        book.write(Durability::Immediate, |_, _| Ok(()))?;
        Ok(book)
    }

    /// Notes an answer, of which the signer is known. Returns the evidence if it is the second one; then both are on
    /// the disk.
    ///
    /// # Errors
    /// [`BookError`].
    pub fn note(&self, signer: Address, answer: &Answer) -> Result<Option<Equivocation>, BookError> {
        let known = self.about(signer, answer.task, answer.task_time)?;
        if known.contains(answer) || known.len() > 1 || known.iter().any(|other| other.answer == answer.answer) {
            return Ok(None);
        }
        let durability = if known.is_empty() { Durability::None } else { Durability::Immediate };
        self.write(durability, |answers, _| {
            let place = (answer.task_time, answer.task.0, signer.into_array(), answer.answer.0);
            Ok(answers.insert(place, answer.signature.bytes().0).map(|_| ())?)
        })?;
        Ok(known.first().map(|first| Equivocation { signer, first: *first, second: *answer }))
    }

    /// All evidence about tasks that were set at `since` or later.
    ///
    /// # Errors
    /// [`BookError`].
    pub fn equivocations(&self, since: u64) -> Result<Vec<Equivocation>, BookError> {
        let reading = self.database.begin_read()?;
        let table = reading.open_table(ANSWERS)?;
        let (mut found, mut last) = (Vec::new(), None::<(Address, Answer)>);
        for entry in table.range((since, [0; 32], [0; 20], [0; 32])..)? {
            let (place, signature) = entry?;
            let (signer, second) = read(place.value(), signature.value());
            if let Some((_, first)) = last.filter(|(before, first)| {
                *before == signer && (first.task, first.task_time) == (second.task, second.task_time)
            }) {
                found.push(Equivocation { signer, first, second });
            }
            last = Some((signer, second));
        }
        Ok(found)
    }

    /// Forgets answers to tasks that were set before.
    ///
    /// # Errors
    /// [`BookError`].
    pub fn forget_before(&self, time: u64) -> Result<(), BookError> {
        self.write(Durability::None, |answers, _| {
            Ok(answers.retain_in(..(time, [0; 32], [0; 20], [0; 32]), |_, _| false)?)
        })
    }

    /// The block that is looked at next, if one was.
    ///
    /// # Errors
    /// [`BookError`].
    pub fn next_block(&self) -> Result<Option<u64>, BookError> {
        Ok(self.database.begin_read()?.open_table(NEXT)?.get(())?.map(|next| next.value()))
    }

    /// All blocks before this one were looked at. What was noted is on the disk then.
    ///
    /// # Errors
    /// [`BookError`].
    pub fn looked_until(&self, next: u64) -> Result<(), BookError> {
        self.write(Durability::Immediate, |_, table| Ok(table.insert((), next).map(|_| ())?))
    }

    fn about(&self, signer: Address, task: B256, time: u64) -> Result<Vec<Answer>, BookError> {
        let reading = self.database.begin_read()?;
        let table = reading.open_table(ANSWERS)?;
        let place = |answer| (time, task.0, signer.into_array(), answer);
        let entries = table.range(place([0; 32])..=place([0xff; 32]))?;
        entries
            .map(|entry| entry.map(|(place, signature)| read(place.value(), signature.value()).1))
            .collect::<Result<_, _>>()
            .map_err(BookError::from)
    }

    fn write<T>(
        &self,
        durability: Durability,
        work: impl FnOnce(&mut redb::Table<'_, Place, [u8; 64]>, &mut redb::Table<'_, (), u64>) -> Result<T, BookError>,
    ) -> Result<T, BookError> {
        let mut writing = self.database.begin_write()?;
        writing.set_durability(durability)?;
        let done = {
            let (mut answers, mut next) = (writing.open_table(ANSWERS)?, writing.open_table(NEXT)?);
            work(&mut answers, &mut next)?
        };
        writing.commit()?;
        Ok(done)
    }
}

fn read((task_time, task, signer, answer): Place, signature: [u8; 64]) -> (Address, Answer) {
    let signature = FixedBytes(signature).into();
    (signer.into(), Answer { task: task.into(), task_time, answer: answer.into(), signature })
}
