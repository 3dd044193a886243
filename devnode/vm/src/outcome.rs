//! What an execution leaves behind.

use crate::HaltReason;
use revm::primitives::{Address, Bytes, Log};
use revm::state::EvmState;

/// How a transaction ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExecutionOutcome {
    /// The transaction took effect.
    Success {
        /// What the callee returned, or the code of the created contract.
        output: Bytes,
        /// The contract a create made.
        created: Option<Address>,
    },
    /// The callee undid its effects and gave back the gas it had left.
    Revert {
        /// What the callee said about it.
        output: Bytes,
    },
    /// The effects are undone and all gas is lost.
    Halt {
        /// Why.
        reason: HaltReason,
    },
}

/// The result of executing one transaction. Nothing is written to the database until `state` is committed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Execution {
    /// How it ended.
    pub outcome: ExecutionOutcome,
    /// What the signer pays for, after the refund.
    pub gas_used: u64,
    /// The same before the refund: the most that was ever used.
    pub gas_before_refund: u64,
    /// The part of it that pays for the transaction's data on L1.
    pub gas_used_for_l1: u64,
    /// The events, in order. Empty unless the outcome is a success.
    pub logs: Vec<Log>,
    /// What programs printed with the `console` imports of debug chains, whatever the outcome.
    pub console: Vec<String>,
    /// Every account that was looked at, to give to [`DatabaseCommit::commit`](revm::DatabaseCommit::commit).
    pub state: EvmState,
}
