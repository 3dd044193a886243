//! Executing again what was executed, or a call, with a record of what happens.

use super::call_request::CallRequest;
use super::error::ChainError;
use super::pending_block::{add_to_backlog, begin_block};
use super::state::State;
use super::state_reader::StateReader;
use super::{Chain, SignedTransaction};
use alloy::eips::BlockId;
use alloy::primitives::B256;
use stylus_vm::{Checks, Execution, Trace, Tracing};

/// What a traced transaction did, and the accounts before it.
#[derive(Debug)]
pub(crate) struct Traced {
    /// What was recorded.
    pub(crate) trace: Trace,
    /// What came of it.
    pub(crate) execution: Execution,
    /// All accounts before it.
    pub(crate) before: State,
    /// All accounts after it.
    pub(crate) after: State,
    /// Where it is mined; none if it is a call.
    pub(crate) place: Option<Place>,
}

/// Where a transaction is mined.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Of its block.
    pub(crate) block_hash: B256,
    /// Of its block.
    pub(crate) block_number: u64,
    /// Its own.
    pub(crate) transaction_hash: B256,
    /// How many transactions of the block come before it.
    pub(crate) index: usize,
}

impl Traced {
    fn checked(self) -> Result<Self, ChainError> {
        if self.trace.is_cut { Err(ChainError::TraceTooLarge) } else { Ok(self) }
    }
}

impl Chain {
    /// Executes a mined transaction again, in its place.
    ///
    /// # Errors
    ///
    /// [`ChainError::UnknownTransaction`], and [`ChainError::StateNotKept`] if its block is too old.
    pub(crate) fn trace_transaction(&mut self, hash: B256, tracing: Tracing) -> Result<Traced, ChainError> {
        let (block, index) = self.ledger.transaction(hash).ok_or(ChainError::UnknownTransaction)?;
        let number = block.number();
        let mut traced = self.trace_transactions(number, index, tracing)?;
        traced.pop().map(|(_, traced)| traced).ok_or(ChainError::UnknownTransaction)
    }

    /// Executes all transactions of a block again. Returns their hashes with what they did.
    ///
    /// # Errors
    ///
    /// [`ChainError::UnknownBlock`], and [`ChainError::StateNotKept`] if the block is too old.
    pub(crate) fn trace_block(&mut self, id: BlockId, tracing: Tracing) -> Result<Vec<(B256, Traced)>, ChainError> {
        let number = match (self.block(id)?, id) {
            (Some(block), _) => block.number(),
            (None, BlockId::Number(number)) => {
                return Err(ChainError::NoBlock(format!("#{}", number.as_number().unwrap_or_default())));
            }
            (None, BlockId::Hash(hash)) => return Err(ChainError::NoBlock(hash.block_hash.to_string())),
        };
        self.trace_transactions(number, usize::MAX, tracing)
    }

    /// Executes a call with a record.
    ///
    /// # Errors
    ///
    /// If it cannot be made. That it fails is part of the record.
    pub(crate) fn trace_call(&mut self, request: CallRequest, tracing: Tracing) -> Result<Traced, ChainError> {
        if request.block.is_pending() {
            return Err(ChainError::NoTraceOfPending);
        }
        let call = self.prepare(request, Checks::Call)?;
        let mut reader = StateReader { state: &call.state, ledger: &self.ledger };
        let mut block = self.vm.block(call.env);
        let (execution, trace) = block.trace(&mut reader, &call.transaction, Checks::Call, tracing)?;
        let mut after = call.state.clone();
        after.commit(&execution.state);
        if self.settings.nitro && call.transaction.max_fee_per_gas > 0 {
            add_to_backlog(&self.vm, &self.ledger, &mut after, &execution)?;
        }
        Traced { trace, execution, before: call.state, after, place: None }.checked()
    }

    /// Executes the transactions of a block up to the one at `last`.
    pub(super) fn trace_transactions(
        &mut self,
        number: u64,
        last: usize,
        tracing: Tracing,
    ) -> Result<Vec<(B256, Traced)>, ChainError> {
        let block = self.ledger.block(number).cloned().ok_or(ChainError::UnknownBlock)?;
        let parent = number.checked_sub(1).ok_or(ChainError::NoTraceOfGenesis)?;
        let mut state = self.ledger.state_after(parent).ok_or(ChainError::StateNotKept(parent))?.clone();
        let parent = self.ledger.block(parent).ok_or(ChainError::UnknownBlock)?;
        begin_block(&self.vm, &self.ledger, &mut state, &block.env(), parent)?;
        let (mut all, mut block_vm) = (Vec::new(), self.vm.block(block.env()));
        for (index, included) in block.transactions().iter().enumerate().take(last.saturating_add(1)) {
            let transaction: &SignedTransaction = &included.transaction;
            let mut reader = StateReader { state: &state, ledger: &self.ledger };
            let (executable, checks) = (transaction.executable(), transaction.checks());
            let (execution, trace) = block_vm.trace(&mut reader, &executable, checks, tracing)?;
            let before = state.clone();
            state.commit(&execution.state);
            if self.settings.nitro {
                add_to_backlog(&self.vm, &self.ledger, &mut state, &execution)?;
            }
            let transaction_hash = transaction.hash();
            let place = Place { block_hash: block.hash(), block_number: number, transaction_hash, index };
            let traced = Traced { trace, execution, before, after: state.clone(), place: Some(place) };
            all.push((transaction_hash, traced.checked()?));
        }
        Ok(all)
    }
}
