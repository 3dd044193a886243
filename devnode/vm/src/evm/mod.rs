//! The machine: one transaction from validation to result.

mod environment;
mod frame_rules;
mod handler;
mod l1_data;
mod likened;
mod likeness;
mod machine;
mod precheck;
mod program_code;
mod program_frame;
mod recorder;
mod runtime;
mod steps;
mod stylus;
mod untracked_read;
mod validation;

pub(crate) use environment::{Environment, SEQUENCER, context, fork};
pub(crate) use handler::ArbHandler;
pub(crate) use l1_data::{l1_gas, units};
pub(crate) use likened::{l1_number_for_precompile, slot as show_slot};
pub(crate) use machine::ArbEvm;
pub(crate) use precheck::precheck;
pub(crate) use program_code::ProgramCode;
pub(crate) use recorder::Recorder;
pub(crate) use runtime::Runtime;
pub(crate) use stylus::Stylus;
pub(crate) use untracked_read::untracked_read;
pub(crate) use validation::validate;

use revm::context::{BlockEnv, CfgEnv, Journal, LocalContext, TxEnv};

/// Everything an execution reads and writes. The chain's own part of it is the [`Runtime`].
pub(crate) type Context<DB> = revm::Context<BlockEnv, TxEnv, CfgEnv, DB, Journal<DB>, Runtime, LocalContext>;
