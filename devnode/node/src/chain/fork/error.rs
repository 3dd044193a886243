//! What can go wrong between this chain and the one that it forks.

use alloy::primitives::{B256, U256};

/// A part of the forked chain could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForkError {
    /// Nobody answers, however often asked.
    #[error("the forked node at {node} does not answer, asked {attempts} times: {why}")]
    Unreachable {
        /// Where it should be.
        node: String,
        /// How often it was asked.
        attempts: u32,
        /// What came of the last attempt.
        why: String,
    },
    /// It wants to be asked less often.
    #[error("the forked node at {node} limits requests, and still did after {attempts} attempts: {why}")]
    RateLimited {
        /// Where it is.
        node: String,
        /// How often it was asked.
        attempts: u32,
        /// What it said.
        why: String,
    },
    /// It has forgotten the state of the block, as nodes do that are no archives.
    #[error("the forked node has not the state of block {block} (any more): {why}; fork a later block, or an archive")]
    NoState {
        /// The number of the block.
        block: u64,
        /// What it said.
        why: String,
    },
    /// It refuses.
    #[error("the forked node refuses {method}: {why}")]
    Refused {
        /// What it was asked.
        method: &'static str,
        /// What it said.
        why: String,
    },
    /// What it answers is not what was asked for.
    #[error("the forked node's answer to {method} makes no sense: {why}")]
    Garbage {
        /// What it was asked.
        method: &'static str,
        /// What is wrong with the answer.
        why: String,
    },
    /// It has no such block.
    #[error("the forked chain has no block {0}")]
    NoBlock(u64),
    /// The forked block is not a part of the chain any more.
    #[error("the forked chain was reorganised: block {block} was {was}, and is not any more")]
    Reorganised {
        /// The number of the block.
        block: u64,
        /// The hash of the block that was forked.
        was: B256,
    },
    /// It is another chain than was expected.
    #[error("the forked node is of chain {found}, not of chain {wanted}")]
    WrongChain {
        /// The chain id that was expected.
        wanted: u64,
        /// Its chain id.
        found: u64,
    },
    /// It is not an Arbitrum chain.
    #[error("chain {0} cannot be forked: it has no ArbOS")]
    NoArbos(u64),
    /// Its rules are not known.
    #[error("the forked chain has ArbOS {0}, and this node knows {known:?}", known = crate::ARBOS_VERSIONS)]
    UnknownArbosVersion(u64),
    /// What was fetched from it is there, and this was not.
    #[error("{0} was not fetched before the fork was saved; start it with the URL of the forked node to fetch more")]
    NotFetched(String),
    /// A snapshot of a chain that is no fork has nothing to fetch.
    #[error("the state is that of a chain of its own, not of a fork")]
    NoFork,
    /// The URL is none that can be asked.
    #[error("cannot fork {0}")]
    BadUrl(String),
}

impl ForkError {
    /// An answer that makes no sense.
    pub(super) fn garbage(method: &'static str, why: impl ToString) -> Self {
        Self::Garbage { method, why: why.to_string() }
    }

    /// A slot that is not there.
    pub(super) fn no_slot(address: alloy::primitives::Address, slot: U256) -> Self {
        Self::NotFetched(format!("slot {slot:#x} of {address}"))
    }
}

impl stylus_vm::revm::database_interface::DBErrorMarker for ForkError {}
