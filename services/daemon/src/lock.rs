//! One copy on one machine: a file that only one process can hold.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// A file that this process holds until this is dropped, however the process ends.
#[derive(Debug)]
pub struct Lock(File);

/// Why a file is not held.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("{} is held by process {holder}: a second copy would sign a second time", path.display())]
    Held {
        /// The file.
        path: PathBuf,
        /// Who has it, as it wrote.
        holder: String,
    },
    /// The file cannot be used.
    #[error("cannot lock {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
}

impl Lock {
    /// Takes a file, and writes the process's number into it.
    ///
    /// # Errors
    /// [`LockError`].
    pub fn take(path: &Path) -> Result<Self, LockError> {
        let failed = |error| LockError::File { path: path.to_owned(), error };
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who holds it may not have written yet.
                let _ = file.read_to_string(&mut holder);
                let holder = if holder.trim().is_empty() { "(unknown)".to_owned() } else { holder.trim().to_owned() };
                return Err(LockError::Held { path: path.to_owned(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        file.set_len(0).map_err(failed)?;
        file.rewind().map_err(failed)?;
        writeln!(file, "{}", std::process::id()).map_err(failed)?;
        Ok(Self(file))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A process that this one is about to start may have the file open as well, for a moment.
        let _ = self.0.unlock();
    }
}
