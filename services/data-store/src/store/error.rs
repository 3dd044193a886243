//! Why a store does not keep or give.

use std::io;
use std::path::PathBuf;

/// Why a store cannot be used, or keeps no more.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What it keeps already leaves no room for this.
    #[error("there is no room: {used} bytes are kept, {more} more are above {quota}")]
    Full {
        /// The bytes that are kept.
        used: u64,
        /// The bytes that were to be kept.
        more: u64,
        /// The most that are kept.
        quota: u64,
    },
    /// What the file has cannot be read.
    #[error("the store is damaged: {0}")]
    Damaged(&'static str),
    /// The folder cannot be made.
    #[error("cannot use the folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// The disk, or the file on it.
    #[error("cannot use the store")]
    Disk(#[source] Box<redb::Error>),
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
