//! Transactions in anybody's name.

use super::call::CALL_GAS_CAP;
use super::error::ChainError;
use super::{Chain, SignedTransaction};
use alloy::consensus::TxEip1559;
use alloy::primitives::{Address, Bytes, Log, TxKind, U256};
use std::collections::BTreeSet;
use stylus_vm::{ARBOS_ADDRESS, Execution, ExecutionOutcome};

/// A call in the name of an account. Its gas limit is 50,000,000, and it pays the base fee.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impersonation {
    /// In whose name.
    pub from: Address,
    /// Who is called.
    pub to: Address,
    /// Wei that move to the callee.
    pub value: U256,
    /// Call data.
    pub input: Bytes,
}

/// What came of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Executed {
    /// Whether it took effect.
    pub success: bool,
    /// What was returned or, if it did not take effect, the revert data.
    pub output: Bytes,
    /// Its events, in order.
    pub logs: Vec<Log>,
    /// Wei that the sender paid for gas.
    pub fee: U256,
    /// The storage slots that it changed.
    pub changed: Vec<(Address, U256)>,
}

/// In whose name clients may send transactions without a signature.
#[derive(Clone, Debug, Default)]
pub(crate) struct Impersonated {
    /// These accounts.
    accounts: BTreeSet<Address>,
    /// Or everybody.
    everybody: bool,
}

impl Impersonated {
    /// Nobody that is named, or everybody.
    pub(crate) fn new(everybody: bool) -> Self {
        Self { accounts: BTreeSet::new(), everybody }
    }

    /// Whether clients may send in the name of `address`.
    pub(crate) fn contains(&self, address: Address) -> bool {
        self.everybody || self.accounts.contains(&address)
    }

    /// The accounts that were named.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = Address> + '_ {
        self.accounts.iter().copied()
    }

    /// Adds an account.
    pub(crate) fn add(&mut self, address: Address) {
        self.accounts.insert(address);
    }

    /// Takes an account away.
    pub(crate) fn remove(&mut self, address: Address) {
        self.accounts.remove(&address);
    }

    /// Adds everybody, or leaves only the accounts that were named.
    pub(crate) fn set_everybody(&mut self, everybody: bool) {
        self.everybody = everybody;
    }
}

impl Chain {
    /// Mines a call in anybody's name, at once and in a block of its own, however the chain mines.
    ///
    /// # Errors
    ///
    /// If the transaction cannot be mined. It leaves no trace then.
    pub(crate) fn impersonate(&mut self, call: Impersonation) -> Result<Executed, ChainError> {
        let base_fee = self.next_base_fee()?;
        let transaction = TxEip1559 {
            chain_id: self.chain_id(),
            nonce: self.ledger.state().nonce(call.from)?,
            gas_limit: CALL_GAS_CAP,
            max_fee_per_gas: base_fee.into(),
            to: TxKind::Call(call.to),
            value: call.value,
            input: call.input,
            ..TxEip1559::default()
        };
        let execution = self.execute_and_mine(SignedTransaction::impersonated(call.from, transaction.into())?)?;
        self.settle();
        Ok(executed(execution, base_fee))
    }
}

fn executed(execution: Execution, base_fee: u64) -> Executed {
    let (success, output) = match execution.outcome {
        ExecutionOutcome::Success { output, .. } => (true, output),
        ExecutionOutcome::Revert { output } => (false, output),
        ExecutionOutcome::Halt { .. } => (false, Bytes::new()),
    };
    // What ArbOS counts is not the transaction's doing.
    let slots = execution
        .state
        .iter()
        .filter(|(address, _)| **address != ARBOS_ADDRESS)
        .flat_map(|(address, account)| account.changed_storage_slots().map(|(slot, _)| (*address, *slot)));
    Executed {
        success,
        output,
        changed: slots.collect(),
        logs: execution.logs,
        fee: U256::from(execution.gas_used) * U256::from(base_fee),
    }
}
