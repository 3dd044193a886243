//! The options for files that keep the chain.

use super::CliError;
use crate::{ChainState, StateFile};
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// Where the chain is kept.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "State")]
pub(super) struct StateArguments {
    /// A file that keeps the chain: it is read at the start, if it is there, and what is new is added to it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["load_state", "dump_state"])]
    state: Option<PathBuf>,
    /// A file with the chain to go on from.
    #[arg(long, value_name = "FILE")]
    load_state: Option<PathBuf>,
    /// A file to write the chain to, in place of what is there; what is new is added to it.
    #[arg(long, value_name = "FILE")]
    dump_state: Option<PathBuf>,
    /// Every how many seconds what is new is written: so much may be lost if the process is killed.
    #[arg(long, value_name = "SECONDS", default_value_t = 1, alias = "state-interval")]
    pub(super) save_every: u64,
}

/// The files as they were opened.
pub(super) struct Kept {
    pub(super) from: Option<Start>,
    pub(super) to: Option<StateFile>,
}

/// What to go on from.
pub(super) struct Start {
    pub(super) state: ChainState,
    /// How many bytes at the end of its file are dropped.
    pub(super) dropped: u64,
    pub(super) path: PathBuf,
}

impl StateArguments {
    /// Opens the files.
    pub(super) fn open(&self) -> Result<Kept, CliError> {
        if let Some(path) = &self.state {
            let (to, found) = StateFile::open(path).map_err(|source| CliError::read(path, source))?;
            let from = found.map(|found| Start { state: found.state, dropped: found.dropped, path: path.clone() });
            return Ok(Kept { from, to: Some(to) });
        }
        let from = self.load_state.as_ref().map(|path| match ChainState::load(path) {
            Ok(state) => Ok(Start { state, dropped: 0, path: path.clone() }),
            Err(source) => Err(CliError::read(path, source)),
        });
        let to = self
            .dump_state
            .as_ref()
            .map(|path| StateFile::create(path).map_err(|source| CliError::write(path, source)));
        Ok(Kept { from: from.transpose()?, to: to.transpose()? })
    }

    /// How often.
    pub(super) fn every(&self) -> Duration {
        Duration::from_secs(self.save_every.max(1))
    }
}
