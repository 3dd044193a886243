//! Why execution halts.

use revm::context::result::HaltReason as EvmHalt;

/// Why a transaction, or a call inside it, lost all its gas. `Display` uses go-ethereum's words, because clients match
/// on them; traces use these words too.
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

impl From<EvmHalt> for HaltReason {
    fn from(reason: EvmHalt) -> Self {
        match reason {
            EvmHalt::OutOfGas(_) => Self::OutOfGas,
            EvmHalt::OpcodeNotFound | EvmHalt::InvalidFEOpcode | EvmHalt::NotActivated => Self::InvalidOpcode,
            EvmHalt::InvalidJump => Self::InvalidJump,
            EvmHalt::StackUnderflow => Self::StackUnderflow,
            EvmHalt::StackOverflow => Self::StackOverflow,
            EvmHalt::OutOfOffset => Self::ReturnDataOutOfBounds,
            EvmHalt::CreateCollision => Self::CreateCollision,
            EvmHalt::PrecompileError => Self::Precompile("precompile failed".into()),
            EvmHalt::PrecompileErrorWithContext(message) => Self::Precompile(message),
            EvmHalt::NonceOverflow => Self::NonceOverflow,
            EvmHalt::CreateContractSizeLimit => Self::CodeSizeLimit,
            EvmHalt::CreateContractStartingWithEF => Self::CodeStartsWithEf,
            EvmHalt::CreateInitCodeSizeLimit => Self::InitCodeSizeLimit,
            EvmHalt::StateChangeDuringStaticCall | EvmHalt::CallNotAllowedInsideStatic => Self::WriteProtection,
            EvmHalt::OverflowPayment | EvmHalt::OutOfFunds => Self::InsufficientBalance,
            EvmHalt::CallTooDeep => Self::CallDepth,
        }
    }
}
