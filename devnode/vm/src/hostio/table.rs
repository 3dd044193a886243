//! The table of the host I/Os: each topic has its rows, with how they are answered and what a trace keeps of them.
//! Names, types and base prices are those of [`SIGNATURES`](stylus_program::hostio::SIGNATURES), which metering needs
//! too.

use super::calls::CallKind;
use super::record::Part;
use super::{Arguments, Program, Returned};
use super::{account, args, calls, console, creates, environment, keccak, logs, math, memory, storage, transient};
use stylus_program::hostio::{Signature, VM_HOOKS};

/// A host I/O.
#[derive(Debug)]
pub(super) struct Row {
    module: &'static str,
    name: &'static str,
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

    fn answers(&self, signature: &Signature) -> bool {
        (self.module, self.name) == (signature.module, signature.name)
    }
}

/// The row of a host I/O; `None` for one that this machine does not know, which a program then cannot import.
pub(super) fn row(signature: &Signature) -> Option<&'static Row> {
    rows().find(|row| row.answers(signature))
}

fn rows() -> impl Iterator<Item = &'static Row> {
    let topics = [
        account::ROWS,
        args::ROWS,
        calls::ROWS,
        console::ROWS,
        creates::ROWS,
        environment::ROWS,
        keccak::ROWS,
        logs::ROWS,
        math::ROWS,
        memory::ROWS,
        storage::ROWS,
        transient::ROWS,
    ];
    topics.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::{VM_HOOKS, rows};
    use stylus_program::hostio::SIGNATURES;

    #[test]
    fn every_host_io_has_exactly_one_row() {
        for signature in SIGNATURES {
            let (module, name) = (signature.module, signature.name);
            assert_eq!(rows().filter(|row| row.answers(signature)).count(), 1, "{module}.{name}");
        }
        assert_eq!(rows().count(), SIGNATURES.len(), "no row is of something else");
    }

    #[test]
    fn every_host_io_of_the_chain_is_kept_in_traces() {
        for row in rows().filter(|row| row.module == VM_HOOKS) {
            assert!(row.kept.is_some(), "{}", row.name);
        }
    }
}
