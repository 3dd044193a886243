//! The host I/Os: what a program may ask of the chain, and what it pays for it.
//!
//! A host I/O that needs only the program and what is fixed for its invocation is answered while the program waits; one
//! that touches the chain's state suspends it, and the frame driver serves it. All prices are ink; EVM prices are
//! bought in gas at the ink price. The order of the charges is part of the protocol: it decides what a program that
//! runs out has already done.

mod account;
mod args;
mod calls;
mod console;
mod creates;
mod environment;
mod gas;
mod invocation;
mod keccak;
mod logs;
mod math;
mod memory;
mod program;
mod record;
mod registry;
mod row;
mod storage;
mod storage_cache;
mod table;
mod transient;

pub(crate) use calls::{Answer, Outgoing, Pending};
pub(crate) use invocation::{CallContext, Invocation, Recorded};
pub(crate) use program::{Arguments, Program};
pub(crate) use record::Recording;
pub(crate) use registry::{Request, Served, serve};
pub(crate) use storage_cache::StorageCache;

use crate::engine::Value;

/// Why a program ends before its entry point returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    /// `exit_early`: as if the entry point had returned this status.
    Exit(u32),
    /// The ink does not cover a charge.
    OutOfInk,
    /// The program asked for something impossible: the frame reverts without data.
    Failure(&'static str),
}

/// Why a host I/O that touches the chain's state did not succeed. `E` is the database's error.
#[derive(Debug)]
pub(crate) enum HostIoError<E> {
    /// The program ends.
    Escape(Escape),
    /// The transaction cannot go on.
    Database(E),
}

impl<E> From<Escape> for HostIoError<E> {
    fn from(escape: Escape) -> Self {
        Self::Escape(escape)
    }
}

/// What a host I/O returns to its program.
pub(crate) type Returned = Result<Option<Value>, Escape>;
