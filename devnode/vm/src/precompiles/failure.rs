//! How a call to a precompile fails.

use crate::HaltReason;
use alloy_sol_types::SolError;

/// Why a precompile did not answer. `E` is the database's error.
#[derive(Debug)]
pub(crate) enum Failure<E> {
    /// A revert without data that takes all gas: the gas did not suffice, or the call breaks a rule.
    AllGas,
    /// A revert with a Solidity error, which is paid for; the rest of the gas stays.
    Error(Vec<u8>),
    /// A revert without data; the gas stays.
    Plain,
    /// Not a revert: the frame loses its gas, and a transaction reports this reason.
    Halt(HaltReason),
    /// The transaction cannot go on.
    Database(E),
}

impl<E> Failure<E> {
    /// A revert with `error`.
    pub(super) fn error(error: impl SolError) -> Self {
        Self::Error(error.abi_encode())
    }
}
