//! Risk, as a command: `restake` hands it over to this program, so that everything else of it builds without pictures
//! and thread pools.
#![deny(missing_docs)]

mod deployment;
mod leverage;
mod output;
mod shock;
mod views;

use clap::{Args, Parser, Subcommand};
use eyre::{Result, WrapErr};
use output::Output;
use restake::amounts::Fraction;
use restake_simulator::file::File;
use restake_simulator::random::{self, Size};
use restake_simulator::report::tables;
use restake_simulator::{Allocations, Bounds, Network};
use shock::Shocks;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Shows what a restaking network risks.
#[derive(Debug, Parser)]
#[command(name = "restake", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// What attacks cost at least, what a shock leaves, what stakers risk
    #[command(subcommand)]
    Risk(Risk),
}

#[derive(Debug, Subcommand)]
enum Risk {
    /// Of the suite that a deployment file names, as it is on the chain now
    #[command(after_help = "Example: restake risk deployment --take service")]
    Deployment {
        #[command(flatten)]
        reading: deployment::Reading,
        #[command(flatten)]
        looking: Looking,
    },
    /// Of a network that a file describes
    #[command(after_help = "Example: restake risk file network.json --fail operator-0,operator-1 --out risk")]
    File {
        /// The file (see docs/guides/risk.md)
        file: PathBuf,
        #[command(flatten)]
        looking: Looking,
    },
    /// Of a network made at random
    #[command(
        after_help = "Example: restake risk random --stakers 1000000 --operators 10000 --services 1000 --out risk"
    )]
    Random {
        /// How many stakers
        #[arg(long, default_value_t = 1_000)]
        stakers: usize,
        /// How many operators
        #[arg(long, default_value_t = 50)]
        operators: usize,
        /// How many services
        #[arg(long, default_value_t = 10)]
        services: usize,
        /// Its utilisation
        #[arg(long, default_value = "90%", value_name = "PART")]
        utilisation: Fraction,
        /// Which network: the same number makes the same
        #[arg(long, default_value_t = 1)]
        seed: u64,
        #[command(flatten)]
        looking: Looking,
    },
    /// Of receipts as collateral: ETH, LST, receipt, debt, and again; then the receipt falls
    #[command(after_help = "Example: restake risk leverage --fall 2% --depth 5000")]
    Leverage(leverage::Leverage),
    #[command(flatten)]
    View(views::View),
    /// Print what each column of each table means
    Schema,
}

/// What happens to the network, and what is shown.
#[derive(Debug, Args)]
struct Looking {
    #[command(flatten)]
    shocks: Shocks,
    /// Write the network to a file, by which it can be looked at again
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Risk(command) = Arguments::parse().command;
    match run(command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("Error: {failure:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Risk) -> Result<()> {
    match command {
        Risk::Deployment { reading, looking } => look(&deployment::read(&reading).await?, &looking),
        Risk::File { file, looking } => look(&read(&file)?, &looking),
        Risk::Random { stakers, operators, services, utilisation, seed, looking } => {
            look(&random::network(Size { stakers, operators, services }, utilisation.0, seed), &looking)
        }
        Risk::Leverage(leverage) => leverage.run(),
        Risk::View(view) => views::show(&view).await,
        Risk::Schema => {
            output::schema();
            Ok(())
        }
    }
}

fn read(file: &Path) -> Result<Network> {
    let text = std::fs::read_to_string(file).wrap_err_with(|| format!("cannot read {}", file.display()))?;
    let written: File = serde_json::from_str(&text).wrap_err_with(|| format!("{} is no network", file.display()))?;
    Network::try_from(&written).wrap_err_with(|| format!("{} is no network", file.display()))
}

fn look(network: &Network, looking: &Looking) -> Result<()> {
    let allocations = Allocations::of(network);
    let bounds = Bounds::of(&allocations);
    output::summary(network, &allocations, &bounds);
    let mut shown = vec![
        tables::services(network, &allocations, &bounds),
        tables::operators(network, &allocations, &bounds),
        tables::grants(network, &allocations),
        tables::stakers(network, &allocations),
    ];
    let mut plots = output::plots(network, &allocations, &bounds, &looking.output);
    if let Some(cascade) = looking.shocks.cascade(network)? {
        shown.push(tables::cascade(&cascade));
        plots.push(output::rounds(&cascade));
    }
    if let Some(file) = &looking.save {
        let text = serde_json::to_string_pretty(&File::from(network))?;
        std::fs::write(file, text).wrap_err_with(|| format!("cannot write {}", file.display()))?;
    }
    looking.output.show(&shown, &plots)
}
