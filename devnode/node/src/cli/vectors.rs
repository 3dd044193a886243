//! What a node answers, recorded, and asked again of another.
//!
//! A recording is a list of rows in JSON, packed with brotli if its name ends in `.br`. A row has a `name`, and
//!
//! * `raw`, a signed transaction, with the `time` of its block, and what came of it: `refused`, or `status`, `gasUsed`,
//!   `gasUsedForL1`, `effectiveGasPrice`, `contractAddress`, `logs` and the `baseFee` of its block;
//! * or `method` and `params`, a question, with `result` or `error`;
//! * or what tracers say of the transaction of the same name that was played before, by their names.

mod client;
mod row;
mod tracer;

use clap::Args;
use client::Client;
use row::{Played, difference, play};
use serde_json::Value;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Recordings could not be played.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VectorError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file holds no rows.
    #[error("{path} holds no rows: {why}")]
    Rows {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The node does not answer.
    #[error("{url} does not answer {method}: {why}")]
    Node {
        /// The URL.
        url: String,
        /// What it was asked.
        method: String,
        /// Why.
        why: String,
    },
    /// A transaction is not mined.
    #[error("{0}: the transaction is not mined")]
    NotMined(String),
}

/// What `replay` takes.
#[derive(Clone, Debug, Args)]
pub struct ReplayArguments {
    /// The node to ask: on a fresh chain, with the balances that the recording began with.
    #[arg(long, value_name = "URL")]
    url: String,
    /// Do not compare the hashes of programs' modules in events, which only nodes that prove what they run can have.
    #[arg(long)]
    without_module_hashes: bool,
    /// Recordings, in the order in which they were made.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What `record` takes.
#[derive(Clone, Debug, Args)]
pub struct RecordArguments {
    /// The node to ask: on a fresh chain.
    #[arg(long, value_name = "URL")]
    url: String,
    /// The file to write.
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Rows with names and transactions or questions; answers that they have are replaced.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl ReplayArguments {
    /// Asks, and tells where the answers differ. Success means that they nowhere do.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or the node does not answer.
    pub async fn run(self) -> Result<ExitCode, VectorError> {
        let asked = tokio::task::spawn_blocking(move || self.ask()).await;
        asked.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
    }

    fn ask(&self) -> Result<ExitCode, VectorError> {
        let (client, mut played) = (Client::new(&self.url), Played::default());
        let (mut rows, mut differ) = (0_usize, 0_usize);
        for row in read_all(&self.files)? {
            rows += 1;
            let answered = play(&client, &mut played, &row)?;
            let places = difference(&row, &answered, self.without_module_hashes);
            if !places.is_empty() {
                differ += 1;
                println!("{}:\n  {}", row["name"].as_str().unwrap_or_default(), places.join("\n  "));
            }
        }
        if !played.has_clock() {
            println!("The node does not let its time be set: what depends on the time may differ.");
        }
        println!("{differ} of {rows} answers differ from what was recorded.");
        Ok(if differ == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl RecordArguments {
    /// Asks, and writes what the node answers.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or written, or the node does not answer.
    pub async fn run(self) -> Result<(), VectorError> {
        let asked = tokio::task::spawn_blocking(move || self.ask()).await;
        asked.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
    }

    fn ask(&self) -> Result<(), VectorError> {
        let (client, mut played) = (Client::new(&self.url), Played::default());
        let rows = read_all(&self.files)?;
        let answered = rows.iter().map(|row| play(&client, &mut played, row).map(|answer| answer.to_string()));
        let lines = answered.collect::<Result<Vec<_>, _>>()?;
        println!("{} answers recorded in {}.", lines.len(), self.output.display());
        let file = |source| VectorError::File { path: self.output.clone(), source };
        fs::write(&self.output, format!("[\n{}\n]\n", lines.join(",\n"))).map_err(file)
    }
}

fn read_all(files: &[PathBuf]) -> Result<Vec<Value>, VectorError> {
    let mut rows = Vec::new();
    for path in files {
        rows.extend(read(path)?);
    }
    Ok(rows)
}

fn read(path: &Path) -> Result<Vec<Value>, VectorError> {
    let file = |source| VectorError::File { path: path.to_owned(), source };
    let mut bytes = fs::read(path).map_err(file)?;
    if path.extension().is_some_and(|extension| extension == "br") {
        let packed = std::mem::take(&mut bytes);
        brotli::Decompressor::new(packed.as_slice(), 4_096).read_to_end(&mut bytes).map_err(file)?;
    }
    serde_json::from_slice(&bytes).map_err(|error| VectorError::Rows { path: path.to_owned(), why: error.to_string() })
}
