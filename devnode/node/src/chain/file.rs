//! A chain in a file.

mod follow;

pub use follow::{FoundState, StateFile};

use super::chain_state::ChainState;
use super::encoding::{StateDecodeError, read, write};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;

/// The chain could not be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateFileError {
    /// The file cannot be written or read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file holds something else.
    #[error(transparent)]
    Image(#[from] StateDecodeError),
    /// Another node keeps its chain in it.
    #[error("another node keeps its chain in this file")]
    InUse,
}

impl ChainState {
    /// Writes the snapshot to a file. A file that is there is replaced once the new one is complete.
    ///
    /// # Errors
    ///
    /// [`StateFileError`]. A file that was there is as before then.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), StateFileError> {
        write_file(self, path.as_ref()).map(drop)
    }

    /// Reads a snapshot from a file. If its time runs, it has gone on since the file was written. What a crash has left
    /// behind at the end is passed over: the chain is as it was when it was last written to the end.
    ///
    /// # Errors
    ///
    /// [`StateFileError`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, StateFileError> {
        Ok(read(BufReader::new(File::open(path)?))??.state)
    }
}

/// Writes a whole chain to a file beside this one, and puts it in its place. Returns it, to go on, with how many pieces
/// of a fork are in it.
fn write_file(state: &ChainState, path: &Path) -> Result<(File, usize), StateFileError> {
    let mut name = path.file_name().ok_or(io::ErrorKind::InvalidInput).map_err(io::Error::from)?.to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let file = OpenOptions::new().create(true).append(true).open(&new)?;
    lock(&file)?;
    // What an earlier attempt has left.
    file.set_len(0)?;
    let mut out = BufWriter::new(&file);
    let pieces = write(state, &mut out)?;
    out.flush()?;
    drop(out);
    file.sync_all()?;
    fs::rename(&new, path)?;
    Ok((file, pieces))
}

/// No other process may have the file.
fn lock(file: &File) -> Result<(), StateFileError> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => StateFileError::InUse,
        TryLockError::Error(error) => error.into(),
    })
}
