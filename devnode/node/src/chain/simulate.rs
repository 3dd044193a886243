//! `eth_simulateV1`: blocks that might come, with calls that see what the calls before them did. Nothing of it stays.

use super::block::{Block, Executed};
use super::call::{CALL_GAS_CAP, transaction_of};
use super::commitment::state_root;
use super::error::ChainError;
use super::fork::ForkError;
use super::header::{GAS_LIMIT, Messages};
use super::overrides::{pretend_accounts, pretend_block};
use super::state::State;
use super::state_reader::StateReader;
use super::{Chain, SignedTransaction};
use alloy::eips::BlockId;
use alloy::primitives::{Address, B256, Bytes, Log, LogData, Signature, TxKind, U256, address, b256};
use alloy::rpc::types::simulate::{SimBlock, SimulatePayload};
use alloy::rpc::types::{BlockOverrides, TransactionRequest};
use stylus_vm::{BlockEnv, CallTrace, CallType, Checks, ExecutionOutcome, InvalidTransaction, Tracing};

/// The most blocks that are simulated, those between included that were not asked for.
const MAX_BLOCKS: u64 = 256;

/// By how many seconds a block is younger than the one before, if nothing is said.
const SECONDS: u64 = 12;

/// The event of a transfer, and who says it of wei (ERC-7528).
const TRANSFER: B256 = b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
const WEI: Address = address!("EeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE");

/// A block as it might be.
#[derive(Debug)]
pub(crate) struct Simulated {
    /// The block, without what was only simulated in its events.
    pub(crate) block: Block,
    /// What came of its calls, in order.
    pub(crate) calls: Vec<SimulatedCall>,
}

/// What came of a call.
#[derive(Debug)]
pub(crate) struct SimulatedCall {
    /// How it ended.
    pub(crate) outcome: ExecutionOutcome,
    /// The gas that it used.
    pub(crate) gas_used: u64,
    /// Its events, transfers of wei among them if asked for. Empty unless it took effect.
    pub(crate) logs: Vec<Log>,
}

/// Why there is nothing to simulate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SimulationError {
    /// No block was asked for.
    #[error("empty input")]
    Empty,
    /// Too many were.
    #[error("too many blocks")]
    TooManyBlocks,
    /// A block is before the one before it.
    #[error("block numbers must be in order: {0} <= {1}")]
    Number(u64, u64),
    /// A block is older than the one before it.
    #[error("block timestamps must be in order: {0} <= {1}")]
    Timestamp(u64, u64),
    /// A block cannot have this call too.
    #[error("block gas limit reached: {0} >= {1}")]
    GasLimit(u64, u64),
    /// A call cannot be made.
    #[error(transparent)]
    Invalid(#[from] InvalidTransaction),
    /// Anything else.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

impl From<ForkError> for SimulationError {
    fn from(error: ForkError) -> Self {
        Self::Chain(error.into())
    }
}

/// Where a simulation stands.
struct Progress {
    state: State,
    env: BlockEnv,
    parent: B256,
    state_root: B256,
    messages: Messages,
    arbos_version: u64,
    /// Precompiles that are somewhere else.
    moved: Vec<(Address, Option<Address>)>,
    /// Gas that is left for all calls.
    gas: u64,
}

impl Chain {
    /// Executes calls in blocks after the one that is named.
    ///
    /// # Errors
    ///
    /// [`SimulationError`]. That a call fails is none.
    pub(crate) fn simulate(
        &mut self,
        wanted: SimulatePayload,
        base: BlockId,
    ) -> Result<Vec<Simulated>, SimulationError> {
        let (checks, transfers) =
            (if wanted.validation { Checks::Impersonation } else { Checks::Call }, wanted.trace_transfers);
        let state = self.state_at(base)?.clone();
        let base = self.block(base)?.ok_or(ChainError::UnknownBlock)?;
        let mut progress = Progress {
            state,
            env: base.env(),
            parent: base.hash(),
            state_root: base.state_root(),
            messages: base.messages(),
            arbos_version: base.arbos_version(),
            moved: Vec::new(),
            gas: CALL_GAS_CAP,
        };
        let blocks = in_order(wanted.block_state_calls, base)?;
        let mut simulated = Vec::with_capacity(blocks.len());
        for block in blocks {
            simulated.push(self.simulate_block(&mut progress, block, checks, transfers)?);
        }
        Ok(simulated)
    }

    fn simulate_block(
        &mut self,
        progress: &mut Progress,
        block: SimBlock,
        checks: Checks,
        transfers: bool,
    ) -> Result<Simulated, SimulationError> {
        let overrides = block.block_overrides.unwrap_or_default();
        // A root of a beacon chain is not looked at here.
        let overrides = BlockOverrides { beacon_root: None, ..overrides };
        pretend_block(&mut progress.env, &overrides, self.settings.l1_block_number)?;
        if overrides.base_fee.is_none() && checks == Checks::Call {
            progress.env.base_fee = 0;
        }
        let accounts = block.state_overrides.unwrap_or_default();
        progress.moved.extend(pretend_accounts(&self.vm, &mut progress.state, &accounts)?);
        let (mut executed, mut calls) = (Vec::new(), Vec::new());
        let (mut gas_used, mut block_vm) = (0_u64, self.vm.block(progress.env));
        for request in block.calls {
            let signed = self.simulated_transaction(progress, request, gas_used)?;
            let mut transaction = signed.executable();
            transaction.moved_precompiles.clone_from(&progress.moved);
            let tracing = Tracing { calls: transfers, ..Tracing::default() };
            let mut reader = StateReader { state: &progress.state, ledger: &self.ledger };
            let made = block_vm.trace(&mut reader, &transaction, checks, tracing);
            let (execution, trace) = made.map_err(|error| match ChainError::from(error) {
                ChainError::Invalid(error) => SimulationError::Invalid(error),
                other => other.into(),
            })?;
            gas_used = gas_used.saturating_add(execution.gas_used);
            progress.gas = progress.gas.saturating_sub(execution.gas_used);
            progress.state_root = state_root(progress.state_root, &execution.state);
            progress.state.commit(&execution.state);
            let success = matches!(execution.outcome, ExecutionOutcome::Success { .. });
            let mut logs = execution.logs.clone();
            if let (true, true, Some(call)) = (transfers, success, &trace.call) {
                logs = Vec::new();
                with_transfers(call, &mut logs);
            }
            executed.push(Executed {
                transaction: signed,
                success,
                gas_used: execution.gas_used,
                gas_used_for_l1: execution.gas_used_for_l1,
                logs: execution.logs,
            });
            calls.push(SimulatedCall { outcome: execution.outcome, gas_used: execution.gas_used, logs });
        }
        let Progress { parent, env, state_root, messages, arbos_version, .. } = *progress;
        let block = Block::seal(parent, env, arbos_version, state_root, messages, executed);
        let pretended = progress.env.pretended;
        let block = block.with_header(|header| {
            header.gas_limit = pretended.gas_limit.unwrap_or(GAS_LIMIT);
            header.beneficiary = pretended.beneficiary.unwrap_or(header.beneficiary);
            header.nonce = Default::default();
            (header.blob_gas_used, header.excess_blob_gas) = (Some(0), Some(0));
            header.parent_beacon_block_root = Some(overrides.beacon_root.unwrap_or_default());
        });
        progress.parent = block.hash();
        Ok(Simulated { block, calls })
    }

    /// The transaction of a call, with the defaults of a simulation: the next nonce, and all gas that is left.
    fn simulated_transaction(
        &self,
        progress: &Progress,
        mut request: TransactionRequest,
        gas_used: u64,
    ) -> Result<SignedTransaction, SimulationError> {
        let limit = progress.env.pretended.gas_limit.unwrap_or(GAS_LIMIT);
        let described = transaction_of(request.clone(), &progress.state, self.chain_id())?;
        let gas = request.gas.unwrap_or_else(|| limit.saturating_sub(gas_used));
        if gas_used.saturating_add(gas) > limit {
            return Err(SimulationError::GasLimit(gas_used, limit));
        }
        request.gas = Some(gas.min(progress.gas));
        request.nonce = Some(described.nonce);
        request.chain_id = Some(self.chain_id());
        request.input = described.input.into();
        request.to.get_or_insert(TxKind::Create);
        if request.gas_price.is_none() {
            request.max_fee_per_gas.get_or_insert(0);
            request.max_priority_fee_per_gas.get_or_insert(0);
        }
        let bad = |message: String| SimulationError::Chain(ChainError::BadRequest(message));
        let transaction = request.build_consensus_tx().map_err(|error| bad(error.error))?;
        // Nobody signs it.
        let signature = Signature::new(U256::ZERO, U256::ZERO, false);
        let signed = SignedTransaction::signed(described.from, transaction, signature);
        signed.map_err(|error| SimulationError::Chain(error.into()))
    }
}

/// The blocks with their numbers and times, and with the empty ones between.
fn in_order(wanted: Vec<SimBlock>, base: &Block) -> Result<Vec<SimBlock>, SimulationError> {
    if wanted.is_empty() {
        return Err(SimulationError::Empty);
    }
    let (mut number, mut timestamp) = (base.number(), base.timestamp());
    let mut blocks = Vec::new();
    for mut block in wanted {
        let overrides = block.block_overrides.get_or_insert_default();
        let next = overrides.number.map_or(number.saturating_add(1), |wanted| wanted.saturating_to());
        if next <= number {
            return Err(SimulationError::Number(next, number));
        }
        if next.saturating_sub(base.number()) > MAX_BLOCKS {
            return Err(SimulationError::TooManyBlocks);
        }
        for between in number.saturating_add(1)..next {
            timestamp = timestamp.saturating_add(SECONDS);
            let (number, time) = (Some(U256::from(between)), Some(timestamp));
            let overrides = BlockOverrides { number, time, ..BlockOverrides::default() };
            blocks.push(SimBlock { block_overrides: Some(overrides), ..SimBlock::default() });
        }
        let time = overrides.time.unwrap_or_else(|| timestamp.saturating_add(SECONDS));
        if time < timestamp {
            return Err(SimulationError::Timestamp(time, timestamp));
        }
        (overrides.number, overrides.time) = (Some(U256::from(next)), Some(time));
        (number, timestamp) = (next, time);
        blocks.push(block);
    }
    Ok(blocks)
}

/// The events of a call and of the calls that it made, in order, with an event for each transfer of wei.
fn with_transfers(call: &CallTrace, logs: &mut Vec<Log>) {
    if call.error.is_some() {
        return;
    }
    if let Some(value) = call.value.filter(|value| !value.is_zero() && call.call_type != CallType::DelegateCall) {
        let topics = vec![TRANSFER, call.from.into_word(), call.to.into_word()];
        let data = Bytes::from(value.to_be_bytes::<32>());
        logs.push(Log { address: WEI, data: LogData::new_unchecked(topics, data) });
    }
    for before in 0..=call.calls.len() {
        logs.extend(call.logs.iter().filter(|(_, calls)| *calls == before).map(|(log, _)| log.clone()));
        if let Some(inner) = call.calls.get(before) {
            with_transfers(inner, logs);
        }
    }
}
