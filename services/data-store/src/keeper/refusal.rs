//! Why an operator does not sign.

use crate::coding::CodingError;
use crate::store::StoreError;
use restake_daemon::record::SignError;
use restake_daemon::serving::StatusCode;

/// Why an operator keeps nothing, and signs nothing.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// What was posted cannot be read.
    #[error("it cannot be read")]
    Garbage,
    /// It has no encoding with so many leaves.
    #[error(transparent)]
    Coding(#[from] CodingError),
    /// With so few leaves two thirds of the stake would not keep enough.
    #[error("{leaves} leaves are too few for {operators} operators: {least} are needed")]
    TooFewLeaves {
        /// How many there are.
        leaves: u64,
        /// How many operators keep them.
        operators: usize,
        /// How many are needed.
        least: u64,
    },
    /// The task was not set, or the quorum about it can be asked for no more.
    #[error("no such task can be answered now")]
    NoTask,
    /// The task pays too little.
    #[error("the task pays {fee}, and {least} is the least for so much data")]
    TooCheap {
        /// What it pays (base units of the board's token).
        fee: u128,
        /// The least.
        least: u128,
    },
    /// The task asks for other data.
    #[error("the task asks for other data: whoever signed this root could not keep it")]
    OtherData,
    /// No stake signs with this operator's key for the task, or too little for a leaf.
    #[error("no leaf of it is this operator's to keep")]
    NotMine,
    /// It has enough to do.
    #[error("it has enough to do: try again later")]
    Busy,
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The record of what it signed, or its key.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The node cannot be asked.
    #[error("the chain cannot be asked: {0:#}")]
    Node(eyre::Report),
    /// The process ends.
    #[error("interrupted: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

impl Refusal {
    /// What metrics call it, and the status that a client gets.
    pub const fn told(&self) -> (&'static str, StatusCode) {
        match self {
            Self::Garbage => ("garbage", StatusCode::BAD_REQUEST),
            Self::Coding(_) => ("coding", StatusCode::BAD_REQUEST),
            Self::TooFewLeaves { .. } => ("few_leaves", StatusCode::BAD_REQUEST),
            Self::NoTask => ("no_task", StatusCode::FORBIDDEN),
            Self::TooCheap { .. } => ("cheap", StatusCode::PAYMENT_REQUIRED),
            Self::OtherData => ("other_data", StatusCode::FORBIDDEN),
            Self::NotMine => ("not_mine", StatusCode::FORBIDDEN),
            Self::Busy => ("busy", StatusCode::TOO_MANY_REQUESTS),
            Self::Store(StoreError::Full { .. }) => ("full", StatusCode::INSUFFICIENT_STORAGE),
            Self::Sign(SignError::Contradiction(_)) => ("contradiction", StatusCode::CONFLICT),
            Self::Store(_) | Self::Sign(_) | Self::Interrupted(_) => ("broken", StatusCode::INTERNAL_SERVER_ERROR),
            Self::Node(_) => ("node", StatusCode::SERVICE_UNAVAILABLE),
        }
    }
}
