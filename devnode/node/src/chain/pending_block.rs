//! A block that is not sealed yet.

use super::block::{Block, Executed};
use super::commitment::state_root;
use super::error::ChainError;
use super::fork::ForkError;
use super::header::Messages;
use super::ledger::Ledger;
use super::state::State;
use super::state_reader::StateReader;
use super::transaction::SignedTransaction;
use alloy::primitives::{Address, B256};
use stylus_vm::{BlockEnv, BlockVm, Execution, ExecutionOutcome, Vm};

/// What becomes a block, with the state after its transactions.
#[derive(Debug)]
pub(super) struct PendingBlock {
    vm: BlockVm,
    parent: B256,
    state_root: B256,
    state: State,
    executed: Vec<Executed>,
    congestion: bool,
    /// Gas until the block is full.
    room: u64,
}

/// The gas of the cheapest transaction: a block with less room is full.
const TRANSFER_GAS: u64 = 21_000;

/// Writes what ArbOS writes before the first transaction of a block on `parent`, whose state this is.
pub(super) fn begin_block(
    vm: &Vm,
    ledger: &Ledger,
    state: &mut State,
    env: &BlockEnv,
    parent: &Block,
) -> Result<(), ForkError> {
    let mut reader = StateReader { state, ledger };
    let changes = vm.start_block(&mut reader, env, parent.hash(), parent.timestamp())?;
    state.write(changes)
}

/// Writes what ArbOS writes after a transaction that the speed limit is for, and returns the gas that counts.
pub(super) fn add_to_backlog(
    vm: &Vm,
    ledger: &Ledger,
    state: &mut State,
    execution: &Execution,
) -> Result<u64, ForkError> {
    let gas = execution.gas_used.saturating_sub(execution.gas_used_for_l1);
    let changes = vm.add_to_backlog(&mut StateReader { state, ledger }, gas)?;
    state.write(changes)?;
    Ok(gas)
}

impl PendingBlock {
    /// An empty block on the latest one. `env` is what its transactions see. If there is `congestion`, what they use
    /// moves the base fee, and fills the block; if there is a `limit`, it fills the block too.
    pub(super) fn new(
        vm: &Vm,
        ledger: &Ledger,
        env: BlockEnv,
        congestion: bool,
        limit: Option<u64>,
    ) -> Result<Self, ForkError> {
        let parent = ledger.head();
        let mut state = ledger.state().clone();
        let mut reader = StateReader { state: ledger.state(), ledger };
        let of_arbos = if congestion { vm.block_gas_limit(&mut reader)? } else { u64::MAX };
        begin_block(vm, ledger, &mut state, &env, parent)?;
        Ok(Self {
            vm: vm.block(env),
            parent: parent.hash(),
            state_root: parent.state_root(),
            state,
            executed: Vec::new(),
            congestion,
            room: of_arbos.min(limit.unwrap_or(u64::MAX)),
        })
    }

    /// Whether the block takes one more transaction.
    pub(super) fn has_room(&self) -> bool {
        self.room >= TRANSFER_GAS
    }

    /// The nonce of an account after the transactions so far.
    pub(super) fn nonce(&self, address: Address) -> Result<u64, ForkError> {
        self.state.nonce(address)
    }

    /// Executes a transaction after those before it.
    ///
    /// # Errors
    ///
    /// If it cannot be part of the block. The block is as before then.
    pub(super) fn execute(
        &mut self,
        vm: &Vm,
        ledger: &Ledger,
        transaction: SignedTransaction,
    ) -> Result<Execution, ChainError> {
        let mut reader = StateReader { state: &self.state, ledger };
        let (executable, checks) = (transaction.executable(), transaction.checks());
        let mut block = self.vm.clone();
        let execution = block.execute(&mut reader, &executable, checks)?;
        let mut state = self.state.clone();
        state.commit(&execution.state);
        let mut gas = execution.gas_used.saturating_sub(execution.gas_used_for_l1);
        if self.congestion {
            gas = add_to_backlog(vm, ledger, &mut state, &execution)?;
        }
        self.room = self.room.saturating_sub(gas.max(TRANSFER_GAS));
        (self.state, self.vm) = (state, block);
        self.executed.push(Executed {
            transaction,
            success: matches!(execution.outcome, ExecutionOutcome::Success { .. }),
            gas_used: execution.gas_used,
            gas_used_for_l1: execution.gas_used_for_l1,
            logs: execution.logs.clone(),
        });
        self.state_root = state_root(self.state_root, &execution.state);
        Ok(execution)
    }

    /// The block and the state after it.
    ///
    /// # Errors
    ///
    /// If it cannot be told how many messages to L1 there are.
    pub(super) fn seal(self, vm: &Vm, ledger: &Ledger) -> Result<(Block, State), ForkError> {
        let mut reader = StateReader { state: &self.state, ledger };
        let (count, root) = vm.messages(&mut reader)?;
        let arbos_version = vm.arbos_version(&mut reader)?;
        let Self { vm: block, parent, state_root, state, executed, .. } = self;
        let messages = Messages { count, root };
        Ok((Block::seal(parent, *block.env(), arbos_version, state_root, messages, executed), state))
    }
}
