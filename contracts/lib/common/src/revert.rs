//! One error type for every contract: the bytes a call reverts with.
//!
//! A typed error is encoded where it is raised and a callee's error passes through unchanged, so a caller always sees
//! the error of the contract that refused. That needs no error enum per contract, no conversion ladders between them,
//! and less code in the program.

use crate::words::{self, Words};
use alloc::vec::Vec;
use alloy_sol_types::SolError;

/// What a refused call returns: the ABI encoding of a typed error of `interfaces`, or what a callee reverted with.
pub struct Revert(Vec<u8>);

/// The result of everything that can be refused.
pub type Outcome<T = ()> = Result<T, Revert>;

impl Revert {
    /// Passes on what a callee reverted with.
    pub fn passed_on(data: Vec<u8>) -> Self {
        Self(data)
    }

    /// Whether it is the typed error `E`.
    pub fn is<E: SolError>(&self) -> bool {
        self.0.starts_with(&E::SELECTOR)
    }

    /// The arguments of a typed error, ABI encoded: one word each for numbers and addresses.
    pub fn arguments(&self) -> &[u8] {
        self.0.get(4..).unwrap_or_default()
    }

    /// Whether it names a reason. What runs out of gas gives none, so who goes on after a refusal must not go on after
    /// that.
    pub fn has_reason(&self) -> bool {
        !self.0.is_empty()
    }
}

/// The errors are documented in `interfaces`; the printed Solidity interface of a contract lists none.
#[cfg(feature = "export-abi")]
impl stylus_sdk::abi::export::internal::InnerTypes for Revert {}

impl<E: SolError> From<E> for Revert
where
    for<'a> E::Token<'a>: Words,
{
    #[cold]
    #[inline(never)]
    fn from(error: E) -> Self {
        Self(words::error(&error))
    }
}

impl From<Revert> for Vec<u8> {
    fn from(revert: Revert) -> Self {
        revert.0
    }
}
