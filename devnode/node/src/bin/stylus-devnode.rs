//! The command `stylus-devnode`.
#![deny(missing_docs)]

use clap::{Parser, Subcommand};
use std::error::Error;
use std::process::ExitCode;
use stylus_devnode::cli::vectors::{RecordArguments, ReplayArguments};
use stylus_devnode::cli::{NodeArguments, Session};

/// An Arbitrum Stylus chain for development.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    node: NodeArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Ask a node what another was recorded to answer, and tell where the answers differ.
    Replay(ReplayArguments),
    /// Record what a node answers.
    Record(RecordArguments),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            let mut text = format!("Error: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                text += &format!(": {error}");
                cause = error.source();
            }
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode, Box<dyn Error>> {
    match arguments.command {
        None => Session::start(&arguments.node).await?.serve().await?,
        Some(Command::Replay(replay)) => return Ok(replay.run().await?),
        Some(Command::Record(record)) => record.run().await?,
    }
    Ok(ExitCode::SUCCESS)
}
