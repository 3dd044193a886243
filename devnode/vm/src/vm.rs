//! The entry point.

use crate::arbos::{ARBOS_ADDRESS, L1Parameter, L2Parameter, Root, genesis, insert_account};
use crate::block_history;
use crate::evm::{ArbEvm, ArbHandler, Environment, Recorder, Stylus, context, l1_gas, precheck, validate};
use crate::precompiles;
use crate::recent::RecentPrograms;
use crate::{
    BlockEnv, BlockVm, ChainConfig, Checks, ExecuteError, Execution, ExecutionOutcome, HaltReason, Transaction,
};
use revm::bytecode::opcode;
use revm::context::result::{EVMError, ExecutionResult, Output};
use revm::context_interface::ContextTr;
use revm::context_interface::JournalTr;
use revm::database_interface::Database;
use revm::handler::Handler;
use revm::primitives::{Address, Bytes, U256};
use revm::state::{AccountInfo, Bytecode};
use std::fmt;
use std::sync::Arc;

/// An account that exists from the start: its address, itself, and its slots with their values.
pub type GenesisAccount = (Address, AccountInfo, Vec<(U256, U256)>);

/// Executes transactions of one chain. Clones share the programs that any of them has compiled.
#[derive(Clone)]
pub struct Vm {
    config: ChainConfig,
    stylus: Arc<Stylus>,
}

impl fmt::Debug for Vm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Vm").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Vm {
    /// A machine for the chain that `config` describes.
    pub fn new(config: ChainConfig) -> Self {
        Self { config, stylus: Arc::new(Stylus::new()) }
    }

    /// The constants of the chain.
    pub fn config(&self) -> &ChainConfig {
        &self.config
    }

    /// The accounts that must exist before the first block, each with its storage: the state of ArbOS with
    /// the zero address and `chain_owner` as owners, with `cache_managers`, and with a price for L1 data of `l1_price`
    /// wei per unit, of which a byte has sixteen; the contract of EIP-2935; and the precompiles, whose code is the one
    /// byte 0xFE.
    pub fn genesis(&self, chain_owner: Address, cache_managers: &[Address], l1_price: U256) -> Vec<GenesisAccount> {
        let Ok(state) = genesis(&self.config, chain_owner, cache_managers, l1_price);
        let state = (ARBOS_ADDRESS, AccountInfo { nonce: 1, ..AccountInfo::default() }, state.slots());
        let code = Bytecode::new_legacy(Bytes::from_static(&[opcode::INVALID]));
        let precompiles =
            precompiles::ADDRESSES.map(|address| (address, AccountInfo::default().with_code(code.clone()), Vec::new()));
        let history = Bytecode::new_legacy(Bytes::from_static(&block_history::CODE));
        let history = AccountInfo { nonce: 1, ..AccountInfo::default() }.with_code(history);
        let history = (block_history::ADDRESS, history, Vec::new());
        [state, history].into_iter().chain(precompiles).collect()
    }

    /// Whether `tx` can be part of `block` on top of `db`. Nothing is executed.
    ///
    /// # Errors
    ///
    /// As [`Vm::execute`].
    pub fn validate<DB: Database>(
        &self,
        db: &mut DB,
        block: &BlockEnv,
        tx: &Transaction,
        checks: Checks,
    ) -> Result<(), ExecuteError<DB::Error>> {
        self.environment(db, block, tx, checks)?;
        Ok(())
    }

    /// Whether Nitro's sequencer would let `tx` get in line for `block`. It may still be invalid when its turn comes.
    ///
    /// # Errors
    ///
    /// As [`Vm::execute`].
    pub fn precheck<DB: Database>(
        &self,
        db: &mut DB,
        block: &BlockEnv,
        tx: &Transaction,
    ) -> Result<(), ExecuteError<DB::Error>> {
        let environment = self.unchecked_environment(db, block, tx, Checks::Transaction)?;
        let sender = db.basic(tx.from).map_err(ExecuteError::Database)?.unwrap_or_default();
        Ok(precheck(&environment, &sender)?)
    }

    /// What a unit of L1 data costs, in wei. If it is zero, the encodings of transactions do not matter.
    ///
    /// # Errors
    ///
    /// [`ExecuteError::Database`].
    pub fn l1_price<DB: Database>(&self, db: &mut DB) -> Result<U256, ExecuteError<DB::Error>> {
        db.storage(ARBOS_ADDRESS, Root::l1_pricing().slot(L1Parameter::PricePerUnit)).map_err(ExecuteError::Database)
    }

    /// What the data of `tx` costs on L1, in gas.
    ///
    /// # Errors
    ///
    /// [`ExecuteError::Database`].
    pub fn l1_gas<DB: Database>(
        &self,
        db: &mut DB,
        block: &BlockEnv,
        tx: &Transaction,
        checks: Checks,
    ) -> Result<u64, ExecuteError<DB::Error>> {
        let price = self.l1_price(db)?;
        if price.is_zero() {
            return Ok(0);
        }
        let minimum = Root::l2_pricing().slot(L2Parameter::MinimumBaseFee);
        let minimum = db.storage(ARBOS_ADDRESS, minimum).map_err(ExecuteError::Database)?.saturating_to();
        Ok(l1_gas(&tx.encoded, checks, price, block.base_fee, minimum))
    }

    /// The version of ArbOS. A state without ArbOS has that of the configuration.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub fn arbos_version<DB: Database>(&self, db: &mut DB) -> Result<u64, DB::Error> {
        let version = db.storage(ARBOS_ADDRESS, Root::version_slot())?;
        Ok(if version.is_zero() { self.config.arbos_version } else { version.saturating_to() })
    }

    /// The transaction in its environment, if it can be part of the block.
    fn environment<'a, DB: Database>(
        &'a self,
        db: &mut DB,
        block: &'a BlockEnv,
        tx: &'a Transaction,
        checks: Checks,
    ) -> Result<Environment<'a>, ExecuteError<DB::Error>> {
        let environment = self.unchecked_environment(db, block, tx, checks)?;
        let sender = db.basic(tx.from).map_err(ExecuteError::Database)?.unwrap_or_default();
        let code = match &sender.code {
            Some(code) => code.clone(),
            None => db.code_by_hash(sender.code_hash).map_err(ExecuteError::Database)?,
        };
        validate(&environment, &sender, &code)?;
        Ok(environment)
    }

    /// The transaction in its environment, valid or not.
    fn unchecked_environment<'a, DB: Database>(
        &'a self,
        db: &mut DB,
        block: &'a BlockEnv,
        tx: &'a Transaction,
        checks: Checks,
    ) -> Result<Environment<'a>, ExecuteError<DB::Error>> {
        let l1_gas = self.l1_gas(db, block, tx, checks)?;
        let max_tx_gas = Root::l2_pricing().slot(L2Parameter::TransactionGasLimit);
        let max_tx_gas = db.storage(ARBOS_ADDRESS, max_tx_gas).map_err(ExecuteError::Database)?.saturating_to();
        let features = db.storage(ARBOS_ADDRESS, Root::features_slot()).map_err(ExecuteError::Database)?;
        let calldata_floor = Root::is_calldata_floor_on(features);
        let config =
            ChainConfig { arbos_version: self.arbos_version(db).map_err(ExecuteError::Database)?, ..self.config };
        Ok(Environment { config, block, tx, checks, l1_gas, max_tx_gas, calldata_floor })
    }

    /// The transactions of `block`, to be executed one after the other.
    pub fn block(&self, block: BlockEnv) -> BlockVm {
        BlockVm::new(self.clone(), block)
    }

    /// Executes `tx` as the only one of `block`, on top of `db`. The database is only read; the changes are in
    /// [`Execution::state`].
    ///
    /// # Errors
    ///
    /// [`ExecuteError::Invalid`] if the transaction cannot be part of the block (nothing was executed, no fee is due),
    /// and [`ExecuteError::Database`] if `db` fails.
    pub fn execute<DB: Database>(
        &self,
        db: &mut DB,
        block: &BlockEnv,
        tx: &Transaction,
        checks: Checks,
    ) -> Result<Execution, ExecuteError<DB::Error>> {
        let mut recent = RecentPrograms::default();
        self.run(db, block, &mut recent, tx, checks, Recorder::default()).map(|(execution, _)| execution)
    }

    /// Executes `tx` after others of the block: `recent` are the programs that those called, and then also those that
    /// this one called. If it cannot be executed, `recent` stays as it is.
    pub(crate) fn run<DB: Database>(
        &self,
        db: &mut DB,
        block: &BlockEnv,
        recent: &mut RecentPrograms,
        tx: &Transaction,
        checks: Checks,
        recorder: Recorder,
    ) -> Result<(Execution, Recorder), ExecuteError<DB::Error>> {
        let environment = self.environment(db, block, tx, checks)?;
        let gas_used_for_l1 = environment.l1_gas;
        let mut context = context(db, &environment);
        context.chain.recorder = recorder;
        context.chain.recent = recent.clone();
        insert_account(&mut context).map_err(ExecuteError::Database)?;
        let mut handler = ArbHandler::new(&environment);
        let mut evm = ArbEvm::new(context, &self.stylus, tx.moved_precompiles.clone());
        let result = handler.run(&mut evm).map_err(failure)?;
        let mut context = evm.into_context();
        let state = context.journal_mut().finalize();
        let (gas_used, gas_before_refund) = (result.tx_gas_used(), result.gas().total_gas_spent());
        *recent = context.chain.recent;
        let (outcome, logs) = outcome(result, context.chain.halt);
        let execution = Execution {
            outcome,
            gas_used,
            gas_before_refund,
            gas_used_for_l1,
            logs,
            console: context.chain.console,
            state,
        };
        Ok((execution, context.chain.recorder))
    }
}

/// What the handler could not finish.
fn failure<E>(error: EVMError<E>) -> ExecuteError<E> {
    match error {
        EVMError::Database(error) => ExecuteError::Database(error),
        EVMError::Transaction(error) => ExecuteError::Internal(error.to_string()),
        EVMError::Header(error) => ExecuteError::Internal(error.to_string()),
        EVMError::Custom(error) => ExecuteError::Internal(error),
        EVMError::CustomAny(error) => ExecuteError::Internal(error.to_string()),
    }
}

/// The result in the terms of this crate. `halt` is what the chain knows better than the EVM.
fn outcome(result: ExecutionResult, halt: Option<HaltReason>) -> (ExecutionOutcome, Vec<revm::primitives::Log>) {
    match result {
        ExecutionResult::Success { output: Output::Call(output), logs, .. } => {
            (ExecutionOutcome::Success { output, created: None }, logs)
        }
        ExecutionResult::Success { output: Output::Create(output, created), logs, .. } => {
            (ExecutionOutcome::Success { output, created }, logs)
        }
        ExecutionResult::Revert { output, .. } => (ExecutionOutcome::Revert { output }, Vec::new()),
        ExecutionResult::Halt { reason, .. } => {
            (ExecutionOutcome::Halt { reason: halt.unwrap_or_else(|| reason.into()) }, Vec::new())
        }
    }
}
