//! What a store of results has, for whoever plays by hand.

use alloy::primitives::{B256, Bytes};
use clap::Args;
use eyre::{OptionExt, Result, WrapErr};
use restake_bisection::Trace;
use restake_bisection::claim::Claim;
use restake_bisection::store::Store;
use restake_sequencer::Sequencer;
use std::fs;
use std::path::PathBuf;

/// A store.
#[derive(Debug, Args)]
pub(crate) struct Results {
    /// The file
    store: PathBuf,
}

/// A result of a store.
#[derive(Debug, Args)]
pub(crate) struct Writing {
    /// The hash that was signed
    hash: B256,
    /// The file of the store
    store: PathBuf,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// A state of a result.
#[derive(Debug, Args)]
pub(crate) struct Computing {
    /// The file with the result
    result: PathBuf,
    /// After how many steps
    #[arg(long, value_name = "STEPS")]
    at: u64,
    /// What opens the step after it, instead of the state
    #[arg(long)]
    witness: bool,
}

pub(super) fn list(asked: &Results) -> Result<()> {
    for (hash, claim) in Store::open(&asked.store)?.claims()? {
        println!("{hash}: {} after {} steps, of {}", claim.output, claim.steps, claim.task_time);
    }
    Ok(())
}

pub(super) fn write(writing: &Writing) -> Result<()> {
    let claim = Store::open(&writing.store)?.claim(writing.hash)?.ok_or_eyre("the store has no such result")?;
    let text = format!("{}\n", serde_json::to_string_pretty(&claim)?);
    fs::write(&writing.to, text).wrap_err_with(|| format!("cannot write {}", writing.to.display()))
}

pub(super) fn compute(computing: &Computing) -> Result<()> {
    let (file, at) = (&computing.result, computing.at);
    let text = fs::read_to_string(file).wrap_err_with(|| format!("cannot read {}", file.display()))?;
    let claim: Claim = serde_json::from_str(&text).wrap_err_with(|| format!("{} is no result", file.display()))?;
    let trace = Trace::right(&Sequencer, &claim)?;
    if computing.witness {
        println!("{}", Bytes::from(trace.witness_at(at)?));
    } else {
        println!("{}", trace.hash_at(at)?);
    }
    Ok(())
}
