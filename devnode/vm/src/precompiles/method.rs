//! Methods of precompiles: who may call them, and how they are found.

use super::Failure;
use super::call::{Answer, Call};
use alloy_sol_types::SolCall;
use revm::Database;

/// What a method may do, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purity {
    /// Neither read nor write: it may even run for a delegate call.
    Pure,
    /// Read.
    View,
    /// Change the state.
    Write,
    /// Change the state and take value.
    Payable,
}

/// A method's code: from the encoded arguments to the encoded result.
type Body<DB> = Box<dyn Fn(&mut Call<'_, DB>, &[u8]) -> Answer<Vec<u8>, DB>>;

/// A method of a precompile.
pub(crate) struct Method<DB: Database> {
    pub(super) purity: Purity,
    /// The first ArbOS version that has it.
    pub(super) since: u64,
    pub(super) body: Body<DB>,
}

impl<DB: Database> Method<DB> {
    /// The ABI's method `C`, done by `body`.
    pub(super) fn new<C: SolCall>(
        purity: Purity,
        body: impl Fn(&mut Call<'_, DB>, C) -> Answer<C::Return, DB> + 'static,
    ) -> Option<Self> {
        let body: Body<DB> = Box::new(move |call, args| {
            let args = C::abi_decode_raw(args).map_err(|_| Failure::AllGas)?;
            body(call, args).map(|result| C::abi_encode_returns(&result))
        });
        Some(Self { purity, since: 0, body })
    }

    /// The method with the first ArbOS version that has it.
    pub(super) fn since(self, version: u64) -> Self {
        Self { since: version, ..self }
    }
}
