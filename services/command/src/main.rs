//! The processes of services, as commands: `restake` hands them over to this program, so that everything else of it
//! builds without them.
#![deny(missing_docs)]

mod aggregator;
mod bisection;
mod data;
mod feed;
mod network;
mod new;
mod operator;
mod record;
mod watcher;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Runs the processes of services.
#[derive(Debug, Parser)]
#[command(name = "restake", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A node, a suite, an oracle, a data store and a sequencer with all their people, on this machine, until Ctrl-C
    #[command(after_help = "Example: restake network --lie crooked-op --withhold sly-op --lie-batch bob")]
    Network(network::NetworkCommand),
    /// Run an operator, and look after its record
    #[command(subcommand)]
    Operator(OperatorCommand),
    /// Begin a service of your own, or add to one
    #[command(subcommand)]
    Service(ServiceCommand),
    /// Put together what operators sign
    #[command(subcommand)]
    Aggregator(aggregator::AggregatorCommand),
    /// Find faults, prove them and collect
    #[command(subcommand)]
    Watcher(watcher::WatcherCommand),
    /// Look at a price feed, and deploy one
    #[command(subcommand)]
    Feed(feed::FeedCommand),
    /// Have data kept, and get it back
    #[command(subcommand)]
    Data(data::DataCommand),
}

#[derive(Debug, Subcommand)]
enum ServiceCommand {
    /// Begin a crate for a service of your own: its tasks, its operators, its consumer, and a test
    #[command(after_help = "Example: restake service new weather")]
    New(new::New),
    /// Deploy what decides wrong results of computations, and name it as the service's judge
    #[command(after_help = "Example: restake service deploy-bisection --bond 1 --clock 21600 --from owner")]
    DeployBisection(bisection::Deploying),
}

#[derive(Debug, Subcommand)]
enum OperatorCommand {
    /// Run an operator until it is told to end
    #[command(subcommand, after_help = "Example: restake operator run oracle --help")]
    Run(operator::RunCommand),
    /// Take the record of what a key signed to another machine
    #[command(subcommand, after_help = "Example: restake operator record export --help")]
    Record(record::RecordCommand),
}

#[tokio::main]
async fn main() -> ExitCode {
    restake_daemon::logs::start();
    match run(Arguments::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("Error: {failure:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> eyre::Result<()> {
    match command {
        Command::Network(command) => network::run(command).await,
        Command::Operator(OperatorCommand::Run(command)) => operator::run(command).await,
        Command::Operator(OperatorCommand::Record(command)) => record::run(command).await,
        Command::Service(ServiceCommand::New(new)) => new::run(new),
        Command::Service(ServiceCommand::DeployBisection(deploying)) => bisection::deploy(deploying).await,
        Command::Aggregator(command) => aggregator::run(command).await,
        Command::Watcher(command) => watcher::run(command).await,
        Command::Feed(command) => feed::run(command).await,
        Command::Data(command) => data::run(command).await,
    }
}
