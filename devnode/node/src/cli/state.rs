//! The options for files that keep the chain.

use super::CliError;
use crate::ChainState;
use clap::Args;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where the chain is kept.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "State")]
pub(super) struct StateArguments {
    /// A file that keeps the chain: it is read at the start, if it is there, and written now and then and at the end.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["load_state", "dump_state"])]
    state: Option<PathBuf>,
    /// A file with the chain to go on from.
    #[arg(long, value_name = "FILE")]
    load_state: Option<PathBuf>,
    /// A file to write the chain to, now and then and at the end.
    #[arg(long, value_name = "FILE")]
    dump_state: Option<PathBuf>,
    /// How many seconds of the chain may be lost if the process is killed.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, alias = "state-interval")]
    pub(super) save_every: u64,
}

impl StateArguments {
    /// The chain to go on from, with its file.
    pub(super) fn load(&self) -> Result<Option<(ChainState, &Path)>, CliError> {
        let file = match (&self.load_state, &self.state) {
            (Some(file), _) => file,
            (None, Some(file)) if file.try_exists().map_err(|source| CliError::find(file, source))? => file,
            (None, _) => return Ok(None),
        };
        Ok(Some((ChainState::load(file).map_err(|source| CliError::read(file, source))?, file)))
    }

    /// Where the chain is written to.
    pub(super) fn save_to(&self) -> Option<PathBuf> {
        self.dump_state.clone().or_else(|| self.state.clone())
    }

    /// How often.
    pub(super) fn every(&self) -> Duration {
        Duration::from_secs(self.save_every.max(1))
    }
}
