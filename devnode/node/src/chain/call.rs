//! Executing without mining: `eth_call`, and what `eth_estimateGas` tries.

use super::Chain;
use super::call_encoding::{Named, encoding};
use super::call_request::CallRequest;
use super::error::ChainError;
use super::node_interface;
use super::overrides::{pretend_accounts, pretend_block};
use super::state::State;
use super::state_reader::StateReader;
use alloy::primitives::{Bytes, TxKind};
use alloy::rpc::types::TransactionRequest;
use stylus_vm::{BlockEnv, Checks, Execution, ExecutionOutcome, Transaction};

/// The most gas a call gets, and what it gets if it does not say: the cap of Nitro's RPC server.
pub(crate) const CALL_GAS_CAP: u64 = 50_000_000;

/// A call that is ready to execute.
#[derive(Clone, Debug)]
pub(super) struct PreparedCall {
    /// The accounts, with what the call pretends.
    pub(super) state: State,
    /// The block, with what the call pretends.
    pub(super) env: BlockEnv,
    /// The transaction, with its gas capped.
    pub(super) transaction: Transaction,
}

impl Chain {
    /// Executes a call and returns its output.
    ///
    /// # Errors
    ///
    /// [`ChainError::Reverted`] and [`ChainError::Halted`] if the call fails, and others if it cannot be made.
    pub(crate) fn call(&mut self, request: CallRequest) -> Result<Bytes, ChainError> {
        if node_interface::is_asked(&request) {
            return self.answer(request);
        }
        let call = self.prepare(request, Checks::Call)?;
        let gas = call.transaction.gas_limit;
        let execution = self.try_call(&call, Checks::Call).map_err(|error| match error {
            ChainError::Invalid(error) => ChainError::Refused { gas, error },
            error => error,
        })?;
        match execution.outcome {
            ExecutionOutcome::Success { output, .. } => Ok(output),
            ExecutionOutcome::Revert { output } => Err(ChainError::Reverted(output)),
            ExecutionOutcome::Halt { reason } => Err(ChainError::Halted(reason)),
        }
    }

    /// Looks up the block and applies what the call pretends.
    ///
    /// On "pending" the call happens in the block that would be mined now, so that it sees what a transaction sent now
    /// would see. On any other block it happens in that block, after its transactions; only if the time was moved by
    /// hand since the latest block, a call on that one sees the new time.
    ///
    /// `checks` tells whether the gas limit is that of the call, or still searched for.
    pub(super) fn prepare(&self, request: CallRequest, checks: Checks) -> Result<PreparedCall, ChainError> {
        let CallRequest { transaction, block, state_overrides, block_overrides } = request;
        let mut state = self.state_at(block)?.clone();
        let mut env = if block.is_pending() {
            self.next_env()?
        } else {
            self.block(block)?.ok_or(ChainError::UnknownBlock)?.env()
        };
        if block.is_latest() && self.clock.was_moved() {
            env.timestamp = self.next_env()?.timestamp;
        }
        let moved_precompiles = pretend_accounts(&self.vm, &mut state, &state_overrides)?;
        pretend_block(&mut env, &block_overrides, self.settings.l1_block_number)?;
        let gas = transaction.gas;
        let named = Named {
            nonce: transaction.nonce,
            tip: transaction.max_priority_fee_per_gas.or(transaction.gas_price),
            gas: (checks == Checks::Call).then(|| gas.unwrap_or(CALL_GAS_CAP).min(CALL_GAS_CAP)),
        };
        let mut transaction = transaction_of(transaction, &state, self.chain_id())?;
        transaction.moved_precompiles = moved_precompiles;
        let mut reader = StateReader { state: &state, ledger: &self.ledger };
        transaction.encoded = encoding(&transaction, named);
        // The cap is for what is computed: the data on L1 comes on top.
        let cap = CALL_GAS_CAP.saturating_add(self.vm.l1_gas(&mut reader, &env, &transaction, Checks::Estimate)?);
        transaction.gas_limit = gas.unwrap_or(cap).min(cap);
        Ok(PreparedCall { state, env, transaction })
    }

    /// Executes a prepared call.
    pub(super) fn try_call(&mut self, call: &PreparedCall, checks: Checks) -> Result<Execution, ChainError> {
        let mut reader = StateReader { state: &call.state, ledger: &self.ledger };
        Ok(self.vm.execute(&mut reader, &call.env, &call.transaction, checks)?)
    }
}

/// The transaction that a request describes, with the defaults of a call: the sender is the zero address, and the gas
/// costs nothing. The transaction has no encoding.
///
/// # Errors
///
/// [`ChainError::BadRequest`] if it contradicts itself, and those of a fork.
pub(super) fn transaction_of(
    request: TransactionRequest,
    state: &State,
    chain_id: u64,
) -> Result<Transaction, ChainError> {
    let bad = |message: &str| Err(ChainError::BadRequest(message.into()));
    let dynamic_fee = request.max_fee_per_gas.is_some() || request.max_priority_fee_per_gas.is_some();
    let named = |fee: Option<u128>| fee.is_some_and(|fee| fee != 0);
    if request.gas_price.is_some() && (named(request.max_fee_per_gas) || named(request.max_priority_fee_per_gas)) {
        return bad("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified");
    }
    let blobs = request.blob_versioned_hashes.is_some() || request.sidecar.is_some();
    if request.max_fee_per_blob_gas.is_some() || blobs {
        return bad("transaction type not supported");
    }
    if let Some(have) = request.chain_id.filter(|have| *have != chain_id) {
        return bad(&format!("chainId does not match node's (have={have}, want={chain_id})"));
    }
    let input = request.input.input.or(request.input.data);
    let from = request.from.unwrap_or_default();
    let authorizations = request.authorization_list.unwrap_or_default();
    let tx_type = match (&request.access_list, dynamic_fee) {
        _ if !authorizations.is_empty() => 4,
        (_, true) => 2,
        (Some(_), false) => 1,
        (None, false) => 0,
    };
    Ok(Transaction {
        from,
        to: request.to.unwrap_or(TxKind::Create),
        nonce: request.nonce.map_or_else(|| state.nonce(from), Ok)?,
        value: request.value.unwrap_or_default(),
        input: input.unwrap_or_default(),
        gas_limit: request.gas.unwrap_or(CALL_GAS_CAP),
        max_fee_per_gas: request.gas_price.or(request.max_fee_per_gas).unwrap_or_default(),
        max_priority_fee_per_gas: request.max_priority_fee_per_gas,
        tx_type,
        access_list: request.access_list.unwrap_or_default(),
        authorization_list: authorizations.into_iter().map(|signed| signed.into_recovered()).collect(),
        moved_precompiles: Vec::new(),
        encoded: Bytes::new(),
    })
}
