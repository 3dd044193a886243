//! A chain in a file.

use super::image::ImageError;
use super::state::ChainState;
use std::fs::{self, File};
use std::io::{self, Write};
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
    Image(#[from] ImageError),
}

impl ChainState {
    /// Writes the picture to a file. A file that is there is replaced once the new one is complete.
    ///
    /// # Errors
    ///
    /// [`StateFileError`]. A file that was there is as before then.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), StateFileError> {
        let path = path.as_ref();
        let bytes = self.encode()?;
        let mut name = path.file_name().ok_or(io::ErrorKind::InvalidInput).map_err(io::Error::from)?.to_owned();
        name.push(".new");
        let new = path.with_file_name(name);
        let mut file = File::create(&new)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        Ok(())
    }

    /// Reads a picture from a file. If its time runs, it has gone on since the file was written.
    ///
    /// # Errors
    ///
    /// [`StateFileError`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, StateFileError> {
        Ok(Self::decode(&fs::read(path)?)?)
    }
}
