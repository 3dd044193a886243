//! The page, as a command: `restake` hands it over to this program, so that everything else of it builds without a
//! database.
#![deny(missing_docs)]

use clap::{Parser, Subcommand};
use restake_page::Page;
use std::process::ExitCode;

/// Serves the page for wallets.
#[derive(Debug, Parser)]
#[command(name = "restake", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the page for wallets, and the API that it reads, until Ctrl-C
    #[command(after_help = "Example: restake page --port 8080")]
    Page(Box<Page>),
}

#[tokio::main]
async fn main() -> ExitCode {
    restake_daemon::logs::start();
    let Command::Page(page) = Arguments::parse().command;
    match page.run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("Error: {failure:#}");
            ExitCode::FAILURE
        }
    }
}
