//! What an execution leaves behind.

use revm::primitives::{Address, Bytes, Log};
use revm::state::EvmState;

/// How a transaction ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
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
pub struct Execution {
    /// How it ended.
    pub outcome: Outcome,
    /// What the signer pays for, after the refund.
    pub gas_used: u64,
    /// The part of it that pays for the transaction's data on L1.
    pub gas_used_for_l1: u64,
    /// The events, in order. Empty unless the outcome is a success.
    pub logs: Vec<Log>,
    /// What programs printed with the `console` imports of debug chains, whatever the outcome.
    pub console: Vec<String>,
    /// Every account that was looked at, to give to [`DatabaseCommit::commit`](revm::DatabaseCommit::commit).
    pub state: EvmState,
}

/// Why a transaction lost all its gas. `Display` speaks like go-ethereum, because clients match on its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HaltReason {
    /// The gas, or the ink, ran out.
    #[error("out of gas")]
    OutOfGas,
    /// An opcode that does not exist, INVALID included.
    #[error("invalid opcode")]
    InvalidOpcode,
    /// A jump to something that is not a JUMPDEST.
    #[error("invalid jump destination")]
    InvalidJump,
    /// An EVM instruction found too few operands.
    #[error("stack underflow")]
    StackUnderflow,
    /// More than 1,024 operands on the EVM stack.
    #[error("stack limit reached 1024 (1023)")]
    StackOverflow,
    /// A program used up its stack words, or calls nested deeper than 1,024.
    #[error("max call depth exceeded")]
    CallDepth,
    /// RETURNDATACOPY beyond the return data.
    #[error("return data out of bounds")]
    ReturnDataOutOfBounds,
    /// The address of a create is taken.
    #[error("contract address collision")]
    CreateCollision,
    /// The creator's nonce cannot grow.
    #[error("nonce uint64 overflow")]
    NonceOverflow,
    /// The created code is larger than the chain allows.
    #[error("max code size exceeded")]
    CodeSizeLimit,
    /// The created code starts with 0xEF and is not a Stylus program.
    #[error("invalid code: must not begin with 0xef")]
    CodeStartsWithEf,
    /// The init code is larger than the chain allows.
    #[error("max initcode size exceeded")]
    InitCodeSizeLimit,
    /// A state change inside a static call.
    #[error("write protection")]
    WriteProtection,
    /// The value exceeds the balance.
    #[error("insufficient balance for transfer")]
    InsufficientBalance,
    /// The callee is a Stylus program that cannot run.
    #[error("{0}")]
    Program(String),
    /// A precompile refused its input.
    #[error("{0}")]
    Precompile(String),
}
