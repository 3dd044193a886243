//! A watcher: two prices for one slot, data that is withheld.

use alloy::primitives::Address;
use clap::{Args, Subcommand};
use eyre::Result;
use restake_daemon::stop::Stop;
use restake_data_store::client::Client;
use restake_data_store::setting::Setting as DataSetting;
use restake_data_store::tasks::Board;
use restake_data_store::watching::{Watcher as DataWatcher, Watching as DataWatching, Watchlist};
use restake_services::chain::{KeySource, Node};
use restake_services::listening::Listening;
use std::path::PathBuf;
use std::time::Duration;

/// What a watcher does.
#[derive(Debug, Subcommand)]
pub(crate) enum WatcherCommand {
    /// Watch until it is told to end
    #[command(after_help = "Example: restake watcher run --folder watcher --keystore watcher.json --password-file \
                            password --peer http://honest:9000 --data-deployment data.json --board 0x.. \
                            --store http://honest:9001")]
    Run(Box<Watching>),
}

/// A watcher.
#[derive(Debug, Args)]
pub(crate) struct Watching {
    /// The deployment file of a data store that is watched, too
    #[arg(long, value_name = "FILE", requires = "board")]
    data_deployment: Option<PathBuf>,
    /// The board of the data store
    #[arg(long, value_name = "ADDRESS")]
    board: Option<Address>,
    /// Where an operator of the data store is (http://..); may be given several times
    #[arg(long = "store", value_name = "URL")]
    stores: Vec<String>,
    /// The least part of a slash for which a fault is worth proving (weighted stake)
    #[arg(long, default_value_t = 1, value_name = "STAKE")]
    least_bounty: u128,
    #[command(flatten)]
    listening: Listening,
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    keys: KeySource,
}

/// How long an operator is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// The pause between two rounds.
const EVERY: Duration = Duration::from_secs(3);

pub(crate) async fn run(command: WatcherCommand) -> Result<()> {
    let WatcherCommand::Run(command) = command;
    let Watching { data_deployment, board, stores, least_bounty, listening, node, keys } = *command;
    let (place, _) = node.act(&keys).await?;
    let process = listening.process(&place, place.suite.service.service_manager).await?;
    let serving = listening.serve(&process, None).await?;
    let mut parts = tokio::task::JoinSet::new();
    if let (Some(deployment), Some(board)) = (data_deployment, board) {
        let node = Node { deployment: Some(deployment), ..node.clone() };
        let (place, key) = node.act(&keys).await?;
        let setting = DataSetting::new(place.chain.clone(), place.suite, place.since).await?;
        let client = find(&stores, &process.stop).await?;
        let list = Watchlist::open(&listening.file("watched.redb"))?;
        let watching = DataWatching { least_bounty, ..DataWatching::default() };
        let metrics = process.metrics.clone();
        let watcher = DataWatcher::new(setting.clone(), key.address(), client, list, watching, metrics);
        let watcher = watcher.with_board(Board::new(setting, board));
        parts.spawn(watcher.run(EVERY, process.health.clone(), process.stop.clone()));
    }
    while parts.join_next().await.is_some() {}
    serving.ended().await;
    Ok(())
}

/// The operators of the data store, when all of them are there.
async fn find(stores: &[String], stop: &Stop) -> Result<Client> {
    loop {
        let (client, silent) = Client::find(stores, PATIENCE).await?;
        if silent.is_empty() || stop.is_stopped() {
            return Ok(client);
        }
        tracing::info!("waits for {}", silent.join(", "));
        stop.or(tokio::time::sleep(EVERY)).await;
    }
}
