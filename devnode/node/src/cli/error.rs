//! What can go wrong with a node as a command.

use crate::{RpcError, SpawnError, StateFileError};
use std::io;
use std::path::{Path, PathBuf};

/// The command failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CliError {
    /// The words of the mnemonic are none.
    #[error("cannot derive accounts: {0}")]
    Mnemonic(String),
    /// The file holds no chain.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: StateFileError,
    },
    /// The chain was not written.
    #[error("cannot write {path}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: StateFileError,
    },
    /// The node did not start, perhaps because of its port.
    #[error(
        "cannot start the node on port {port}; if another process has it, choose one with --port, or 0 for any that is \
         free"
    )]
    Port {
        /// The port.
        port: u16,
        /// Why.
        source: SpawnError,
    },
    /// The node did not start.
    #[error("cannot start the node")]
    Start(#[source] SpawnError),
    /// The system does not tell when the process shall end.
    #[error("cannot listen for Ctrl-C")]
    Signals(#[source] io::Error),
    /// The node is broken.
    #[error("the node broke: {0}")]
    Broken(RpcError),
    /// The node's thread panicked.
    #[error("the node broke")]
    Stop(#[source] io::Error),
}

impl CliError {
    pub(super) fn read(path: &Path, source: StateFileError) -> Self {
        Self::Read { path: path.to_owned(), source }
    }

    pub(super) fn write(path: &Path, source: StateFileError) -> Self {
        Self::Write { path: path.to_owned(), source }
    }

    pub(super) fn start(port: u16, source: SpawnError) -> Self {
        match source {
            SpawnError::Io(_) => Self::Port { port, source },
            other => Self::Start(other),
        }
    }
}
