//! A chain as bytes: what is kept in a file, and what `anvil_dumpState` answers with.
//!
//! The format is lines of text. The first one is `{"format":"stylus-devnode-state","version":2}`; another version is
//! refused. Every other line is a record in JSON ([`Record`]) after its checksum, the first eight bytes of its
//! Keccak-256 hash in hexadecimal, and a space. Records make a chain from nothing, one after the other:
//!
//! * `settings`: what is fixed for the life of the chain, with the keys of its accounts, which are public;
//! * `fork`: only in a fork: where it begins; `fetched`: a piece of the other chain's state;
//! * `code`: the code of a contract or Stylus program, each once;
//! * `block`: the next block: its header in RLP, and for each transaction the signer, the EIP-2718 encodings of the
//!   transaction and of its receipt, and the gas for L1 data. The signer is there because the signature of an
//!   impersonated account's transaction does not tell it. In a fork the first one is the other chain's, of which only
//!   the header is there;
//! * `changes`: accounts that are not as before, some at a time; `world`: this is the state after the latest block. It
//!   is there for as many blocks as the chain keeps states;
//! * `back`: forgets all blocks after the one with this number, and goes back to the state after it;
//! * `clock`: the chain's time, whether it only moves by hand, the settings for blocks to come, and the wall clock's
//!   time. It ends what belongs together: what comes after the last such record was not written to its end, and is
//!   dropped.
//!
//! A file is thus written and read piece by piece, whatever its size, and goes on when records are added. Of a file
//! whose end is torn off or damaged, as a crash leaves it, all is read up to the last `clock` that is whole; one that
//! is damaged before records that are whole is refused.
//!
//! Everything that follows from the rest is left out and computed anew: hashes, indices, compiled programs. Records
//! that contradict each other are refused. A running clock goes on while the chain is in the file, so that the chain
//! keeps its distance from the wall clock.

mod parts;
mod read;
mod record;
mod write;

pub(super) use read::read;
pub(super) use write::{write, write_difference};

use super::chain_state::ChainState;

/// Bytes that are not a chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateDecodeError {
    /// They are something else, or not complete.
    #[error("not the state of a chain: {0}")]
    Malformed(String),
    /// Another version of this node wrote them.
    #[error("the state has format version {0}, and this node reads version {version}", version = record::VERSION)]
    Version(u32),
    /// A record so many bytes from the start is damaged, and others after it are whole: it is not the end of a file
    /// that was not written to its end.
    #[error("the state is damaged {0} bytes from its start, and not at its end")]
    Damaged(u64),
    /// They contradict themselves.
    #[error("the state contradicts itself: {0}")]
    Inconsistent(String),
}

fn malformed(error: impl ToString) -> StateDecodeError {
    StateDecodeError::Malformed(error.to_string())
}

fn inconsistent(what: impl Into<String>) -> StateDecodeError {
    StateDecodeError::Inconsistent(what.into())
}

impl ChainState {
    /// The snapshot as bytes, as in a file.
    ///
    /// # Errors
    ///
    /// None that is known of; it is there because encoding JSON has one.
    pub fn encode(&self) -> Result<Vec<u8>, StateDecodeError> {
        let mut bytes = Vec::new();
        write(self, &mut bytes).map_err(malformed)?;
        Ok(bytes)
    }

    /// The snapshot in such bytes. If its time runs, it has gone on since they were made.
    ///
    /// # Errors
    ///
    /// [`StateDecodeError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, StateDecodeError> {
        // Bytes in memory have no errors of their own.
        read(bytes).map_err(malformed)?.map(|found| found.state)
    }
}
