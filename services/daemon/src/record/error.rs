//! Why a record cannot be used, and why something is not signed.

use super::identity::Identity;
use super::signed::Subject;
use crate::lock::LockError;
use alloy::primitives::{Address, B256};
use std::io;
use std::path::PathBuf;

/// Why a record cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The folder cannot be made.
    #[error("cannot use the folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// Somebody has it.
    #[error(transparent)]
    Locked(#[from] LockError),
    /// It is another key's or another service's, or of a chain with another number.
    #[error("{} is the record of {recorded}, not of {asked}", path.display())]
    OtherIdentity {
        /// The file, or the one that a backup was to be added to.
        path: PathBuf,
        /// Whose it is.
        recorded: Box<Identity>,
        /// Whose was wanted.
        asked: Box<Identity>,
    },
    /// The chain has the number of the record's chain, and is another one.
    #[error(
        "{} is the record of a chain with block {recorded} where this one has {asked}: is it the right node? If the \
         chain began again, say so, and the record goes on", path.display()
    )]
    OtherChain {
        /// The file.
        path: PathBuf,
        /// The hash of the block by which the chain was known.
        recorded: B256,
        /// The hash of that block now.
        asked: B256,
    },
    /// A backup is of a version that is not known.
    #[error("the backup is of version {0}, which is not known")]
    Version(u64),
    /// A signature is not of the record's key.
    #[error("what was signed about task {task} of {time} is not signed with the key of this record")]
    NotSigned {
        /// The task.
        task: B256,
        /// When it was set.
        time: u64,
    },
    /// What the file has cannot be read.
    #[error("the record is damaged: {0}")]
    Damaged(String),
    /// The disk, or the file on it.
    #[error("cannot use the record")]
    Disk(#[source] Box<redb::Error>),
    /// The process ends.
    #[error("interrupted: {0}")]
    Interrupted(String),
}

macro_rules! from_disk {
    ($($error:ty),*) => {$(
        impl From<$error> for RecordError {
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

/// Why something is not signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The record has other content of this kind for the task, or a signer elsewhere was asked for that.
    #[error(transparent)]
    Contradiction(Box<Contradiction>),
    /// The record knows nothing of so old tasks any more.
    #[error("a task of {time} is not signed: what is older than {forgotten_before} is forgotten")]
    Forgotten {
        /// When the task was set.
        time: u64,
        /// Before which nothing is signed.
        forgotten_before: u64,
    },
    /// The record is another key's.
    #[error("the record is of {record}, the key is {key}'s")]
    OtherKey {
        /// Whose record it is.
        record: Address,
        /// Whose key was given.
        key: Address,
    },
    /// The key did not sign.
    #[error("{0:#}")]
    Key(eyre::Report),
    /// The record cannot be used; so nothing leaves the process.
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// What was signed, and what was to be.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} of task {} of {}: {signed} was signed, {asked} never will be", subject.task, subject.time)]
pub struct Contradiction {
    /// The kind of typed data.
    pub kind: String,
    /// What it is about.
    pub subject: Subject,
    /// The hash that the record has.
    pub signed: B256,
    /// The hash that was to be signed.
    pub asked: B256,
}
