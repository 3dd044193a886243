//! A file that goes on with its chain.

use super::{StateFileError, lock, write_file};
use crate::chain::chain_state::ChainState;
use crate::chain::encoding::{read, write_difference};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// How many bytes may be added to a file before it is worth writing it anew, beside as many as it began with.
const WORTH_WRITING: u64 = 16 << 20;

/// A file that follows a chain: what is new is added to it. No other node has it meanwhile.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use stylus_devnode::{Devnode, StateFile};
///
/// let (mut file, found) = StateFile::open("chain.log")?;
/// let builder = Devnode::builder();
/// let node = match found {
///     Some(found) => builder.state(found.state),
///     None => builder,
/// };
/// let node = node.spawn().await?;
/// // As often as one likes: it takes as long as much has changed.
/// file.follow(node.state()?)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    written: Option<Written>,
}

/// What was found in a file.
#[derive(Debug)]
#[non_exhaustive]
pub struct FoundState {
    /// The chain. If its time runs, it has gone on since it was written.
    pub state: ChainState,
    /// How many bytes at the end were not written to their end, as after a crash. They are dropped.
    pub dropped: u64,
}

/// What is in a file.
#[derive(Debug)]
struct Written {
    /// Where it goes on. It is locked.
    file: File,
    state: ChainState,
    /// How many pieces of a fork.
    pieces: usize,
    when: Instant,
    /// How many bytes it had when it was written anew, and how many it has.
    size: (u64, u64),
}

impl StateFile {
    /// A file that will be written, whatever is there.
    ///
    /// # Errors
    ///
    /// [`StateFileError::InUse`], and those of the file system.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, StateFileError> {
        let path = path.as_ref().to_owned();
        if let Some(file) = existing(&path)? {
            lock(&file)?;
        }
        Ok(Self { path, written: None })
    }

    /// A file that goes on, if it is there.
    ///
    /// # Errors
    ///
    /// [`StateFileError`].
    pub fn open(path: impl AsRef<Path>) -> Result<(Self, Option<FoundState>), StateFileError> {
        let path = path.as_ref().to_owned();
        let Some(file) = existing(&path)? else { return Ok((Self { path, written: None }, None)) };
        lock(&file)?;
        let found = read(BufReader::new(&file))??;
        let dropped = file.metadata()?.len().saturating_sub(found.end);
        file.set_len(found.end)?;
        let (state, size) = (found.state, (found.end, found.end));
        let pieces = state.ledger.state().origin().map_or(0, |origin| origin.count());
        let written = Written { file, state: state.clone(), pieces, when: Instant::now(), size };
        Ok((Self { path, written: Some(written) }, Some(FoundState { state, dropped })))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds what is new, if anything is. Now and then, and if little is as before, the file is written anew.
    ///
    /// # Errors
    ///
    /// [`StateFileError`].
    pub fn follow(&mut self, state: ChainState) -> Result<(), StateFileError> {
        // Nothing is added to a file that somebody removed, or put another in its place.
        let length = fs::metadata(&self.path).ok().map(|file| file.len());
        let added = match &mut self.written {
            Some(written) if length == Some(written.size.1) => written.add(&state)?,
            _ => false,
        };
        if !added {
            self.written = Some(Written::anew(state, &self.path)?);
        }
        Ok(())
    }
}

impl Written {
    /// The file written anew.
    fn anew(state: ChainState, path: &Path) -> Result<Self, StateFileError> {
        let (file, pieces) = write_file(&state, path)?;
        let length = file.metadata()?.len();
        Ok(Self { file, state, pieces, when: Instant::now(), size: (length, length) })
    }

    /// Adds what is new. Returns whether that was possible, and is better than to write all.
    fn add(&mut self, state: &ChainState) -> Result<bool, StateFileError> {
        let (base, length) = self.size;
        if !self.differs(state) {
            return Ok(true);
        }
        if length.saturating_sub(base) > base.saturating_add(WORTH_WRITING) {
            return Ok(false);
        }
        let mut out = BufWriter::new(&self.file);
        let Some(pieces) = write_difference(&self.state, state, self.pieces, &mut out)? else { return Ok(false) };
        out.flush()?;
        drop(out);
        self.file.sync_data()?;
        (self.state, self.pieces, self.when) = (state.clone(), pieces, Instant::now());
        self.size.1 = self.file.metadata()?.len();
        Ok(true)
    }

    fn differs(&self, state: &ChainState) -> bool {
        let (old, new) = (&self.state.ledger, &state.ledger);
        old.head().hash() != new.head().hash()
            || !old.state().is_same(new.state())
            || new.state().origin().is_some_and(|origin| origin.count() != self.pieces)
            || !state.clock.goes_on_from(self.state.clock, self.when.elapsed())
    }
}

fn existing(path: &Path) -> io::Result<Option<File>> {
    match OpenOptions::new().read(true).append(true).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
