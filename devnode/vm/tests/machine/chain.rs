//! A chain of one block for tests: everything goes through transactions.

use alloy_sol_types::{SolCall, SolEvent};
use revm::database::InMemoryDB;
use revm::primitives::{Address, B256, Bytes, TxKind, U256, address};
use revm::state::{AccountInfo, Bytecode};
use revm::{Database, DatabaseCommit};
use stylus_program::format;
use stylus_vm::{BlockEnv, ChainConfig, Checks, Execution, ExecutionOutcome, Trace, Tracing, Transaction, Vm, revm};

pub(crate) use stylus_vm::arb_wasm::{ADDRESS as ARB_WASM, ProgramActivated, activateProgramCall, programInitGasCall};

/// The signer of everything, and the chain's owner.
pub(crate) const OWNER: Address = address!("0x3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E");

/// ArbOwner.
pub(crate) const ARB_OWNER: Address = address!("0x0000000000000000000000000000000000000070");

/// 1 ether in wei.
pub(crate) const ETHER: u128 = 1_000_000_000_000_000_000;

/// The gas limit of transactions whose gas is not the point.
pub(crate) const PLENTY: u64 = 30_000_000;

/// 0.1 gwei.
pub(crate) const BASE_FEE: u64 = 100_000_000;

/// A machine with its state.
pub(crate) struct Chain {
    pub(crate) vm: Vm,
    pub(crate) db: InMemoryDB,
    pub(crate) block: BlockEnv,
}

impl Chain {
    /// A new chain where the owner has 1,000 ether.
    pub(crate) fn new() -> Self {
        Self::with(ChainConfig::default())
    }

    /// A new chain with other constants.
    pub(crate) fn with(config: ChainConfig) -> Self {
        let vm = Vm::new(config);
        let mut db = InMemoryDB::default();
        for (address, info, storage) in vm.genesis(OWNER, &[], U256::ZERO) {
            db.insert_account_info(address, info);
            for (slot, value) in storage {
                db.insert_account_storage(address, slot, value).unwrap();
            }
        }
        let balance = U256::from(1_000 * ETHER);
        db.insert_account_info(OWNER, AccountInfo { balance, ..AccountInfo::default() });
        let block =
            BlockEnv { number: 7, l1_number: 5, timestamp: 1_800_000_000, base_fee: BASE_FEE, ..BlockEnv::default() };
        Self { vm, db, block }
    }

    /// A transaction of the owner that can be sent next.
    pub(crate) fn transaction(&mut self, to: impl Into<TxKind>, input: impl Into<Bytes>) -> Transaction {
        let nonce = self.db.basic(OWNER).unwrap().unwrap_or_default().nonce;
        Transaction {
            from: OWNER,
            to: to.into(),
            nonce,
            input: input.into(),
            gas_limit: PLENTY,
            max_fee_per_gas: u128::from(BASE_FEE),
            ..Transaction::default()
        }
    }

    /// Executes `tx` and keeps what it changed.
    pub(crate) fn send(&mut self, tx: &Transaction) -> Execution {
        let execution = self.vm.execute(&mut self.db, &self.block, tx, Checks::Transaction).unwrap();
        self.db.commit(execution.state.clone());
        execution
    }

    /// Executes `tx` with a trace of all calls and host I/Os, and keeps nothing.
    pub(crate) fn trace(&mut self, tx: &Transaction) -> (Execution, Trace) {
        let tracing = Tracing { calls: true, host_ios: true, ..Tracing::default() };
        self.vm.block(self.block).trace(&mut self.db, tx, Checks::Transaction, tracing).unwrap()
    }

    /// Calls `to` from the owner and keeps what that changed.
    pub(crate) fn call(&mut self, to: Address, input: impl Into<Bytes>) -> Execution {
        let tx = self.transaction(to, input);
        self.send(&tx)
    }

    /// What a view returns.
    pub(crate) fn view<C: SolCall>(&mut self, to: Address, call: &C) -> C::Return {
        let tx = Transaction { max_fee_per_gas: 0, ..self.transaction(to, call.abi_encode()) };
        let execution = self.vm.execute(&mut self.db, &self.block, &tx, Checks::Call).unwrap();
        C::abi_decode_returns(&output(&execution)).unwrap()
    }

    /// Creates a contract with this code.
    pub(crate) fn deploy(&mut self, code: &[u8]) -> Address {
        let tx = self.transaction(TxKind::Create, format::init_code(code));
        match self.send(&tx).outcome {
            ExecutionOutcome::Success { created: Some(address), .. } => address,
            outcome => panic!("not created: {outcome:?}"),
        }
    }

    /// Creates the program without activating it.
    pub(crate) fn deploy_program(&mut self, wasm: &[u8]) -> Address {
        self.deploy(&format::compress(wasm).unwrap())
    }

    /// Activates the program at `address` with a whole ether for the data fee.
    pub(crate) fn activate(&mut self, address: Address) -> Execution {
        let call = activateProgramCall { program: address }.abi_encode();
        let tx = Transaction { value: U256::from(ETHER), ..self.transaction(ARB_WASM, call) };
        self.send(&tx)
    }

    /// Creates and activates a program.
    pub(crate) fn program(&mut self, wat: &str) -> Address {
        let address = self.deploy_program(&wat::parse_str(wat).unwrap());
        let activation = self.activate(address);
        assert!(is_success(&activation), "{:?}", activation.outcome);
        address
    }

    /// What starting the program costs, without memory.
    pub(crate) fn start_gas(&mut self, program: Address) -> u64 {
        self.view(ARB_WASM, &programInitGasCall { program }).gas
    }

    /// Puts a contract at `address`.
    pub(crate) fn place(&mut self, address: Address, code: &[u8]) {
        let code = Bytecode::new_legacy(Bytes::copy_from_slice(code));
        self.db.insert_account_info(address, AccountInfo { nonce: 1, ..AccountInfo::default() }.with_code(code));
    }

    /// Wei at `address`.
    pub(crate) fn balance(&mut self, address: Address) -> U256 {
        self.db.basic(address).unwrap().unwrap_or_default().balance
    }

    /// A slot of `address`.
    pub(crate) fn slot(&mut self, address: Address, slot: u64) -> U256 {
        self.db.storage(address, U256::from(slot)).unwrap()
    }

    /// The hash of the code at `address`.
    pub(crate) fn code_hash(&mut self, address: Address) -> B256 {
        self.db.basic(address).unwrap().unwrap_or_default().code_hash
    }
}

/// What a successful transaction returned.
pub(crate) fn output(execution: &Execution) -> Bytes {
    match &execution.outcome {
        ExecutionOutcome::Success { output, .. } => output.clone(),
        outcome => panic!("no success: {outcome:?}"),
    }
}

/// Whether a transaction took effect.
pub(crate) fn is_success(execution: &Execution) -> bool {
    matches!(execution.outcome, ExecutionOutcome::Success { .. })
}

/// The gas of a transaction before anything runs: 21,000, 4 for each zero byte of the input and 16 for the others.
pub(crate) fn intrinsic(input: &[u8]) -> u64 {
    input.iter().fold(21_000, |gas, byte| gas + if *byte == 0 { 4 } else { 16 })
}

/// The first event of this kind.
pub(crate) fn event<E: SolEvent>(execution: &Execution) -> Option<E> {
    execution.logs.iter().find_map(|log| E::decode_log_data(&log.data).ok())
}

/// Gas for ink at 10,000 ink per gas: what a program used is rounded up, because what it has left is rounded down.
pub(crate) fn gas(ink: u64) -> u64 {
    ink.div_ceil(10_000)
}

/// Ink of an entry point that calls imports with these numbers of constant arguments, takes no results, and returns a
/// constant: each call closes a block of 2,450 with its constants at 1 and the call at 3,800; the last block is the
/// constant and the end.
pub(crate) fn calls(arguments: &[u64]) -> u64 {
    arguments.iter().map(|arguments| arguments + 3_800 + 2_450).sum::<u64>() + 1 + 1 + 2_450
}

/// An address as WAT data.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

/// EVM code that returns the number 42 in a word. It costs 18 gas: five operations at 3 and a word of memory.
pub(crate) const ANSWER: [u8; 10] = [0x60, 0x2a, 0x60, 0, 0x52, 0x60, 0x20, 0x60, 0, 0xf3];

/// A program whose entry point does `body` and then returns `status`. It can use all that `imports` declares, one page
/// of memory, and data at its start.
pub(crate) fn wat(imports: &str, data: &str, body: &str, status: u32) -> String {
    format!(
        r#"(module {imports}
            (memory (export "memory") 1 1)
            (data (i32.const 0) "{data}")
            (func (export "user_entrypoint") (param $length i32) (result i32) {body} i32.const {status}))"#
    )
}
