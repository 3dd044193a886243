//! A host I/O in the table: how it is answered, and what a trace keeps of it.

use super::{Arguments, Program, Returned};
use stylus_program::hostio::{Signature, VM_HOOKS};

/// A host I/O.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) module: &'static str,
    pub(super) name: &'static str,
    pub(super) how: How,
    /// What a trace keeps of it. Nitro leaves out some of the console's.
    pub(super) kept: Option<Kept>,
}

/// How a host I/O is answered.
#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    /// While the program waits.
    Immediate(fn(&mut Program<'_>, Arguments<'_>) -> Returned),
    /// After the program was suspended, because it touches the chain's state.
    Deferred(Deferred),
}

/// A host I/O that touches the chain's state. Its function depends on the database, so that no table can hold it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deferred {
    StorageLoad,
    StorageFlush,
    TransientLoad,
    TransientStore,
    Call(CallKind),
    Create { salted: bool },
    EmitLog,
    Balance,
    Code,
    CodeSize,
    CodeHash,
    PayForMemoryGrow,
}

/// Which call a program makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallKind {
    /// `call_contract(address, data, length, value, gas, return_length)`.
    Call,
    /// `delegate_call_contract(address, data, length, gas, return_length)`.
    Delegate,
    /// `static_call_contract(address, data, length, gas, return_length)`.
    Static,
}

/// What a trace keeps of a host I/O.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    /// Its name there.
    pub(super) name: &'static str,
    /// What it is given.
    pub(super) ins: &'static [Part],
    /// What it gives back.
    pub(super) outs: &'static [Part],
}

impl Row {
    /// A host I/O of all chains.
    pub(super) const fn new(name: &'static str, how: How, ins: &'static [Part], outs: &'static [Part]) -> Self {
        Self { module: VM_HOOKS, name, how, kept: Some(Kept { name, ins, outs }) }
    }

    /// A host I/O of debug chains.
    pub(super) const fn console(name: &'static str, how: How, kept: Option<Kept>) -> Self {
        Self { module: "console", name, how, kept }
    }

    pub(super) fn answers(&self, signature: &Signature) -> bool {
        (self.module, self.name) == (signature.module, signature.name)
    }
}

/// A part of what a host I/O is given or gives back. Numbers are places in its parameters.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// 32 bytes at a pointer.
    Word(usize),
    /// 20 bytes at a pointer.
    Account(usize),
    /// So many bytes, at a pointer, as another parameter says.
    Data(usize, usize),
    /// A number parameter, in four bytes.
    Number32(usize),
    /// A number parameter, in eight bytes.
    Number64(usize),
    /// A number parameter, in two bytes.
    Number16(usize),
    /// Whether a number parameter is not zero, in one byte.
    Flag(usize),
    /// A number parameter as the console shows it.
    Text(usize),
    /// The length that was written to a pointer, in four bytes.
    Length(usize),
    /// The result, in as many bytes as it has.
    Result,
    /// The result, in one byte.
    Status,
    /// As many bytes at a pointer as the result says.
    Written(usize),
    /// The call data.
    CallData,
}
