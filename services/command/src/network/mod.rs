//! A whole network on one machine, for somebody to watch: a node, a suite, an oracle, a data store and a sequencer on
//! it, and all the people that they need, each a process of its own.

mod client;
mod clock;
mod keeping;
mod people;
mod ports;
mod processes;
mod setup;
mod telling;

use clap::Args;
use eyre::{Result, WrapErr};
use people::{AGGREGATOR, OPERATORS, WATCHER};
use processes::Processes;
use restake_daemon::stop::Stop;
use setup::Network;
use std::path::PathBuf;
use std::time::Duration;
use stylus_devnode::Devnode;

/// What is run, and what goes wrong in it.
#[derive(Debug, Args)]
pub(crate) struct NetworkCommand {
    /// The port of the node; the processes have those behind it. 0 for any that are free
    #[arg(long, default_value_t = 8547)]
    port: u16,
    /// The folder for deployments, stores and logs: it is made anew
    #[arg(long, default_value = "network", value_name = "FOLDER")]
    folder: PathBuf,
    /// Seconds between two prices
    #[arg(long, default_value_t = 5, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3_600))]
    interval: u64,
    /// An operator that gives two prices for one slot
    #[arg(long, value_name = "OPERATOR", value_parser = OPERATORS)]
    lie: Option<String>,
    /// An operator that promises to keep data, and gives nothing
    #[arg(long, value_name = "OPERATOR", value_parser = OPERATORS)]
    withhold: Option<String>,
    /// An operator of the sequencer that signs a wrong result of a batch
    #[arg(long, value_name = "OPERATOR", value_parser = OPERATORS)]
    lie_batch: Option<String>,
    /// Let time pass as it does elsewhere: what takes two days takes two days
    #[arg(long)]
    real_time: bool,
}

/// How long processes have to end.
const PATIENCE: Duration = Duration::from_secs(20);

/// Prints a line. That nobody reads it any more is no reason to end.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}
pub(crate) use say;

/// Runs it until Ctrl-C.
pub(crate) async fn run(command: NetworkCommand) -> Result<()> {
    let ports = ports::take(command.port, OPERATORS.len() * setup::SERVICES + 3)?;
    let stop = Stop::with_signals().wrap_err("no signals")?;
    if command.folder.exists() {
        setup::clear(&command.folder)?;
    }
    let programs = setup::programs().await?;
    let node = Devnode::builder().port(ports.node()).spawn().await;
    let node = node.wrap_err_with(|| format!("the node cannot listen at port {}", ports.node()))?;
    let network = Network::set_up(&node.http_url(), &command, &programs, ports).await?;
    network.introduce();

    let processes = Processes::new(command.folder.join("logs"), stop.clone())?;
    for operator in OPERATORS {
        let lies = command.lie.as_deref() == Some(operator);
        processes.start(&format!("{operator} oracle"), network.oracle_operator(operator, lies))?;
        let withholds = command.withhold.as_deref() == Some(operator);
        processes.start(&format!("{operator} data"), network.data_operator(operator, withholds))?;
    }
    for operator in OPERATORS {
        let lies = command.lie_batch.as_deref() == Some(operator);
        processes.start(&format!("{operator} sequencer"), network.sequencer_operator(operator, lies))?;
    }
    processes.start(AGGREGATOR, network.aggregator())?;
    processes.start(WATCHER, network.watcher())?;
    processes.start(&format!("{WATCHER} sequencer"), network.doubter())?;

    let clock = tokio::spawn(clock::run(network.clone(), !command.real_time, stop.clone()));
    let telling = tokio::spawn(telling::run(network.clone(), stop.clone()));
    let keeping = tokio::spawn(keeping::run(network.clone(), stop.clone()));
    let client = tokio::spawn(client::run(network.clone(), stop.clone()));
    stop.stopped().await;
    say!("Ending ..");
    processes.end(PATIENCE).await;
    for part in [clock, telling, keeping, client] {
        // A part that broke has said so.
        let _ = part.await;
    }
    node.stop().await?;
    say!("Ended.");
    Ok(())
}
