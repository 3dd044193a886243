//! The table of the host I/Os: each topic has its rows, with how they are answered and what a trace keeps of them.
//! Names, types and base prices are those of [`SIGNATURES`](stylus_program::hostio::SIGNATURES), which metering needs
//! too.

use super::row::Row;
use super::{account, args, calls, console, creates, environment, keccak, logs, math, memory, storage, transient};
use stylus_program::hostio::Signature;

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
    use super::rows;
    use stylus_program::hostio::{SIGNATURES, VM_HOOKS};

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
