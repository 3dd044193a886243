//! Executes transactions of an Arbitrum Stylus chain.
//!
//! EVM bytecode runs in revm, Stylus programs run in wasmi, and they call each other. [`Vm::execute`] takes a database,
//! a block and a transaction, and gives back what happened with the state changes to commit: this crate holds no chain.
//! [`Vm::block`] executes several transactions of a block.
//!
//! * `evm` drives a transaction: validation, frames, the machine's environment;
//! * `engine` runs one WASM program until it ends or asks for something;
//! * `hostio` is what a program may ask for, with its price;
//! * `arbos` is the chain's own state, kept in the storage of one account;
//! * `precompiles` are the contracts that read and write it.

mod arbos;
mod between;
mod block;
mod block_history;
mod config;
mod engine;
mod error;
mod evm;
mod halt;
mod host_io;
mod hostio;
mod looks;
mod outcome;
mod precompiles;
mod recent;
mod trace;
mod transaction;
mod vm;

/// ArbWasm, the precompile that activates programs.
pub use precompiles::arb_wasm_abi as arb_wasm;

pub use arbos::{ARBOS_ADDRESS, FoundChain};
pub use between::SlotChange;
pub use block::BlockVm;
pub use config::{BlockEnv, ChainConfig, Pretended};
pub use error::{ExecuteError, InvalidTransaction};
pub use halt::HaltReason;
pub use host_io::HostIo;
pub use looks::Looks;
pub use outcome::{Execution, ExecutionOutcome};
pub use revm;
pub use trace::{CallTrace, CallType, EvmStep, Trace, Tracing, Transfer};
pub use transaction::{Checks, Transaction};
pub use vm::{GenesisAccount, Vm};
