//! Why a node does not start.

use crate::arbos_versions::ARBOS_VERSIONS;
use crate::chain::ForkError;
use std::io;

/// The node could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpawnError {
    /// A snapshot brings its own value for this setting.
    #[error("{0} cannot be set together with a state, which has its own")]
    FixedByState(&'static str),
    /// A fork takes this from the forked chain.
    #[error("{0} cannot be set for a fork, which has that of the forked chain")]
    FixedByFork(&'static str),
    /// The chain cannot be forked.
    #[error(transparent)]
    Fork(#[from] ForkError),
    /// The node does not know all rules of this ArbOS version.
    #[error("ArbOS {0} is none of the versions that the node knows: {ARBOS_VERSIONS:?}")]
    UnknownArbosVersion(u64),
    /// The snapshot's latest block is younger.
    #[error("timestamp {wanted} is before the timestamp {head} of the latest block")]
    TimeGoesBack {
        /// The timestamp that was set, in seconds.
        wanted: u64,
        /// The timestamp of the latest block, in seconds.
        head: u64,
    },
    /// The address is taken, or a thread could not be started.
    #[error("cannot serve: {0}")]
    Io(#[from] io::Error),
}
