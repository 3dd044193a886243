//! What people do with a suite, each thing defined once: the `restake` command, the story and the tests' people all
//! send what these functions give.
//!
//! A function takes what the chain understands (accounts, base units, wads) and gives a [`Verb`]: which contract is
//! called, with what, carrying how much ETH, and by which events one knows that it was done. It asks no node; who sends
//! it, and what is said about it, is the caller's. One that is about a token is about the suite's: for another one that
//! is listed, take the suite with that token, `Suite { token, ..suite }`.
//!
//! | group | who |
//! | --- | --- |
//! | [`staker`] | stakes, delegates, takes stake out |
//! | [`operator`] | lets services slash, serves, leaves |
//! | [`service`] | owns a service, slashes as one, pays |
//! | [`challenge`] | proves faults, and sees to it that slash requests end |
//! | [`game`] | plays games about computations |
//! | [`task`] | posts tasks for a service's operators, and stores what they answered |
//! | [`receipt`] | holds the liquid restaking receipt, or owns it |
//! | [`token`] | has tokens |
//! | [`governance`] | owns the protocol, or pauses it |

pub mod challenge;
pub mod game;
pub mod governance;
pub mod operator;
pub mod receipt;
pub mod service;
pub mod staker;
pub mod task;
pub mod token;

use crate::chain::{CallError, Chain};
use alloy::primitives::{Address, B256, U256};
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::SolCall;

/// One thing to do: a call of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verb<C> {
    /// The contract.
    pub to: Address,
    /// What it is asked.
    pub call: C,
    /// The wei that the call carries.
    pub value: U256,
    /// The first topics of the events of which at least one is logged when it is done; none of the chain's own
    /// contracts.
    pub known_by: &'static [B256],
}

impl<C: SolCall> Verb<C> {
    /// A call of `to` without ETH.
    pub const fn new(to: Address, call: C, known_by: &'static [B256]) -> Self {
        Self { to, call, value: U256::ZERO, known_by }
    }

    /// The same with ETH.
    #[must_use]
    pub fn carrying(self, value: U256) -> Self {
        Self { value, ..self }
    }

    /// What the ABI calls it.
    pub fn name(&self) -> &'static str {
        C::SIGNATURE.split('(').next().unwrap_or(C::SIGNATURE)
    }

    /// Whether a transaction did it, by its events.
    pub fn is_done_in(&self, receipt: &TransactionReceipt) -> bool {
        receipt.logs().iter().any(|log| log.topic0().is_some_and(|topic| self.known_by.contains(topic)))
    }

    /// Sends it, and waits for the receipt.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn send(&self, chain: &Chain, from: Address) -> Result<TransactionReceipt, CallError> {
        chain.send(from, self.to, &self.call, self.value).await
    }
}
