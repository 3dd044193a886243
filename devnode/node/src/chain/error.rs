//! What can go wrong with a request to the chain.

use super::clock::TimeGoesBack;
use super::fork::ForkError;
use super::queue::QueueError;
use super::transaction::DecodeError;
use alloy::primitives::{Address, B256, Bytes};
use stylus_vm::{ExecuteError, HaltReason, InvalidTransaction};

/// The chain refused a request. `Display` uses go-ethereum's words where it has some, because clients match on them.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum ChainError {
    /// The bytes are not a transaction.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The transaction cannot be part of a block.
    #[error(transparent)]
    Invalid(#[from] InvalidTransaction),
    /// A call cannot be made with this much gas.
    #[error("err: {error} (supplied gas {gas})")]
    Refused {
        /// The gas limit.
        gas: u64,
        /// Why.
        error: InvalidTransaction,
    },
    /// The gas of a call cannot be estimated, since it cannot be made with this much.
    #[error("failed with {gas} gas: {error}")]
    Impossible {
        /// The gas limit.
        gas: u64,
        /// Why.
        error: InvalidTransaction,
    },
    /// There is no such block, because nobody posts the chain to L1.
    #[error("{0} block not found")]
    NeverFinal(&'static str),
    /// The transaction came too early and cannot wait.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// A call reverted with this data.
    #[error("execution reverted")]
    Reverted(Bytes),
    /// A call lost all its gas.
    #[error("{0}")]
    Halted(HaltReason),
    /// No amount of gas up to this suffices.
    #[error("gas required exceeds allowance ({0})")]
    GasAllowance(u64),
    /// The value of a call exceeds the balance, before any gas.
    #[error("insufficient funds for transfer")]
    InsufficientFunds,
    /// The node has no key for this account.
    #[error("unknown account")]
    UnknownAccount(Address),
    /// The block does not exist.
    #[error("header not found")]
    UnknownBlock,
    /// The block does not exist, in the words of the tracers.
    #[error("block {0} not found")]
    NoBlock(String),
    /// The first block has nothing to trace.
    #[error("genesis is not traceable")]
    NoTraceOfGenesis,
    /// Nothing happened before the first block's state.
    #[error("no transaction in genesis")]
    NoTransactionInGenesis,
    /// The block has fewer transactions.
    #[error("transaction index {index} out of range for block {block}")]
    NoTransactionAt {
        /// Which was asked for.
        index: usize,
        /// The hash of the block.
        block: B256,
    },
    /// The account was fetched from a forked chain, slot by slot.
    #[error("the forked chain has more storage of this account, and cannot list it")]
    StorageElsewhere,
    /// What is not mined is not traced.
    #[error("tracing on top of pending is not supported")]
    NoTraceOfPending,
    /// The transaction was not mined.
    #[error("transaction not found")]
    UnknownTransaction,
    /// What a traced transaction does takes more memory than a trace may.
    #[error("the trace is too large")]
    TraceTooLarge,
    /// The block exists, but its state is forgotten.
    #[error("state of block {0} is not kept")]
    StateNotKept(u64),
    /// The request contradicts itself, or asks for what the chain does not have.
    #[error("{0}")]
    BadRequest(String),
    /// Time only goes forward.
    #[error(transparent)]
    Time(#[from] TimeGoesBack),
    /// Something of the forked chain is not here and cannot be had.
    #[error(transparent)]
    Fork(#[from] ForkError),
    /// The machine failed: a bug of the node.
    #[error("internal error: {0}")]
    Internal(String),
}

impl From<ExecuteError<ForkError>> for ChainError {
    fn from(error: ExecuteError<ForkError>) -> Self {
        match error {
            ExecuteError::Invalid(invalid) => Self::Invalid(invalid),
            ExecuteError::Database(error) => Self::Fork(error),
            ExecuteError::Internal(message) => Self::Internal(message),
        }
    }
}
