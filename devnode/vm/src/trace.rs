//! What a traced execution tells about itself.

use crate::host_io::HostIo;
use crate::looks::Looks;
use crate::precompiles;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, Bytes, Log, U256};

/// What to record of an execution. Nothing by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tracing {
    /// The tree of calls.
    pub calls: bool,
    /// Every instruction of EVM code, and for what programs and ArbOS do the instructions that are most like it.
    pub steps: bool,
    /// With each instruction, the memory before it.
    pub memory: bool,
    /// With each instruction, what the last call returned.
    pub returned: bool,
    /// The host I/Os of Stylus programs.
    pub host_ios: bool,
    /// The accounts and slots that it looks at.
    pub looks: bool,
}

/// What a trace may still take: a transaction can compute far more than a machine can remember.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Room {
    left: usize,
    /// Whether something did not fit. Nothing fits after that.
    pub(crate) is_exceeded: bool,
}

impl Room {
    /// 64 MiB, about.
    pub(crate) fn new() -> Self {
        Self { left: 64 << 20, is_exceeded: false }
    }

    /// Takes `bytes`, if there are as many.
    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        match self.left.checked_sub(bytes) {
            Some(left) => self.left = left,
            None => self.is_exceeded = true,
        }
        !self.is_exceeded
    }
}

/// What was recorded.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Trace {
    /// Whether something was left out because the trace would take more than 64 MiB.
    pub is_cut: bool,
    /// The outermost call, if calls were recorded.
    pub call: Option<CallTrace>,
    /// What moved before it, and outside of it: the payment for gas. Only if calls were recorded.
    pub before: Vec<Transfer>,
    /// What moved after it: the gas that comes back, and the fees.
    pub after: Vec<Transfer>,
    /// What it looked at, if asked for.
    pub looks: Looks,
    /// The instructions in order.
    pub steps: Vec<EvmStep>,
    /// The host I/Os of the outermost frame, those of the frames that it called inside them.
    pub host_ios: Vec<HostIo>,
}

/// How code was called, by the name of its instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallType {
    /// CALL.
    Call,
    /// CALLCODE.
    CallCode,
    /// DELEGATECALL.
    DelegateCall,
    /// STATICCALL.
    StaticCall,
    /// CREATE.
    Create,
    /// CREATE2.
    Create2,
    /// SELFDESTRUCT: nothing runs in it.
    SelfDestruct,
}

impl CallType {
    /// The name of the instruction.
    pub fn name(self) -> &'static str {
        match self {
            Self::Call => "CALL",
            Self::CallCode => "CALLCODE",
            Self::DelegateCall => "DELEGATECALL",
            Self::StaticCall => "STATICCALL",
            Self::Create => "CREATE",
            Self::Create2 => "CREATE2",
            Self::SelfDestruct => "SELFDESTRUCT",
        }
    }
}

/// A call or a create, with those it made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CallTrace {
    /// How it was called.
    pub call_type: CallType,
    /// The caller.
    pub from: Address,
    /// The account whose code ran, that was or would have been created, or that inherits.
    pub to: Address,
    /// Wei; none where an instruction takes none.
    pub value: Option<U256>,
    /// Gas that it got.
    pub gas: u64,
    /// Gas that it used, before refunds. Of the outermost: of the whole transaction, after refunds.
    pub gas_used: u64,
    /// Call data, or init code.
    pub input: Bytes,
    /// What it returned, or the created code, or the data of a revert.
    pub output: Bytes,
    /// Why it failed.
    pub error: Option<String>,
    /// Its own events, each with the number of calls that came before it.
    pub logs: Vec<(Log, usize)>,
    /// The calls it made, in order.
    pub calls: Vec<CallTrace>,
}

impl CallTrace {
    /// Whether it called one of the contracts that the chain provides.
    pub fn is_of_a_precompile(&self) -> bool {
        precompiles::is_precompile(SpecId::OSAKA, &self.to)
    }
}

/// Wei that moved outside of all calls.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transfer {
    /// What for, by Nitro's name.
    pub purpose: &'static str,
    /// Who lost it; none if it came from nowhere.
    pub from: Option<Address>,
    /// Who got it; none if it is gone.
    pub to: Option<Address>,
    /// How much.
    pub value: U256,
}

/// One instruction of EVM code, before it ran, or one that stands for what a program or ArbOS did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EvmStep {
    /// Where it stands in the code.
    pub pc: usize,
    /// The instruction.
    pub opcode: u8,
    /// Gas that was left.
    pub gas: u64,
    /// Gas that it took, including what it gave to a call.
    pub gas_cost: u64,
    /// How deep its frame is; the outermost is 1.
    pub depth: usize,
    /// The number of its frame: frames are counted as they open, from zero.
    pub frame: usize,
    /// Whose storage it sees.
    pub contract: Address,
    /// Gas that the transaction would get back until then.
    pub refund: u64,
    /// The stack, its top last.
    pub stack: Vec<U256>,
    /// The memory, if asked for.
    pub memory: Option<Bytes>,
    /// What the last call returned, if asked for.
    pub returned: Option<Bytes>,
    /// The slot that it read or wrote, with its value afterwards.
    pub storage: Option<(U256, U256)>,
    /// Why it failed.
    pub error: Option<String>,
}
