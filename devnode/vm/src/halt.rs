//! Why execution halts.

use revm::bytecode::opcode::{self, OpCode};
use revm::context::result::HaltReason as EvmHalt;
use revm::interpreter::InstructionResult;

/// Why a transaction, or a call inside it, lost all its gas. `Display` uses go-ethereum's words, because clients match
/// on them; traces use these words too.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HaltReason {
    /// The gas, or the ink, ran out.
    #[error("out of gas")]
    OutOfGas,
    /// An opcode that does not exist, INVALID included.
    #[error("invalid opcode: {}", name(*.0))]
    InvalidOpcode(u8),
    /// BLOBBASEFEE: the chain has no blobs.
    #[error("BLOBBASEFEE is not supported on Arbitrum")]
    NoBlobs,
    /// A jump to something that is not a JUMPDEST.
    #[error("invalid jump destination")]
    InvalidJump,
    /// An EVM instruction found too few operands.
    #[error("stack underflow ({have} <=> {need})")]
    StackUnderflow {
        /// How many there were.
        have: usize,
        /// How many it takes.
        need: usize,
    },
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

impl HaltReason {
    /// Why `instruction` halted with this result and so many operands, if the result alone does not say.
    pub(crate) fn of_instruction(result: InstructionResult, instruction: u8, have: usize) -> Option<Self> {
        match result {
            InstructionResult::OpcodeNotFound | InstructionResult::InvalidFEOpcode => Some(match instruction {
                opcode::BLOBBASEFEE => Self::NoBlobs,
                instruction => Self::InvalidOpcode(instruction),
            }),
            InstructionResult::StackUnderflow => {
                let need = OpCode::new(instruction).map_or(1, |opcode| usize::from(opcode.inputs()));
                Some(Self::StackUnderflow { have, need })
            }
            _ => None,
        }
    }
}

/// An opcode's name as go-ethereum has it.
fn name(instruction: u8) -> String {
    match OpCode::new(instruction) {
        Some(opcode) => opcode.as_str().into(),
        None => format!("opcode {instruction:#x} not defined"),
    }
}

impl From<EvmHalt> for HaltReason {
    fn from(reason: EvmHalt) -> Self {
        match reason {
            EvmHalt::OutOfGas(_) => Self::OutOfGas,
            // The instruction is not known here; who runs it knows better.
            EvmHalt::OpcodeNotFound | EvmHalt::InvalidFEOpcode | EvmHalt::NotActivated => {
                Self::InvalidOpcode(opcode::INVALID)
            }
            EvmHalt::InvalidJump => Self::InvalidJump,
            EvmHalt::StackUnderflow => Self::StackUnderflow { have: 0, need: 1 },
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
