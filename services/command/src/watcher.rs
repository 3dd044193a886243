//! A watcher: two prices for one slot, data that is withheld, results that are wrong.

mod results;

use alloy::primitives::Address;
use clap::{Args, Subcommand};
use eyre::Result;
use restake::attestation::Domain;
use restake_bisection::challenger::Challenger;
use restake_bisection::store::Store;
use restake_daemon::stop::Stop;
use restake_data_store::client::Client;
use restake_data_store::setting::Setting as DataSetting;
use restake_data_store::tasks::Board;
use restake_data_store::watching::{Watcher as DataWatcher, Watching as DataWatching, Watchlist};
use restake_sequencer::Sequencer;
use restake_services::chain::{KeySource, Node, Place};
use restake_services::games::{Judge, setting};
use restake_services::listening::{Listening, Process};
use restake_watcher::book::Book;
use restake_watcher::watcher::{Setting, Watcher, Worth};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What a watcher does.
#[derive(Debug, Subcommand)]
pub(crate) enum WatcherCommand {
    /// Watch until it is told to end
    #[command(after_help = "Example: restake watcher run --folder watcher --keystore watcher.json --password-file \
                            password --peer http://honest:9000 --data-deployment data.json --board 0x.. \
                            --store http://honest:9001")]
    Run(Box<Watching>),
    /// The results that a store has: `doubted.redb` of a watcher, `results.redb` of an operator that has ended
    #[command(after_help = "Example: restake watcher results watcher/doubted.redb")]
    Results(results::Results),
    /// Write one of them to a file, to play by hand
    #[command(after_help = "Example: restake watcher result 0x.. watcher/doubted.redb --to result.json")]
    Result(results::Writing),
    /// A state of a batch of transfers, or what opens the step after it
    #[command(after_help = "Example: restake watcher state result.json --at 50 --witness")]
    State(results::Computing),
}

/// A watcher.
#[derive(Debug, Args)]
pub(crate) struct Watching {
    /// A feed or a board of the service, where answers are stored; may be given several times
    #[arg(long = "contract", value_name = "ADDRESS")]
    contracts: Vec<Address>,
    /// The deployment file of a data store that is watched, too
    #[arg(long, value_name = "FILE", requires = "board")]
    data_deployment: Option<PathBuf>,
    /// The board of the data store
    #[arg(long, value_name = "ADDRESS")]
    board: Option<Address>,
    /// Where an operator of the data store is (http://..); may be given several times
    #[arg(long = "store", value_name = "URL")]
    stores: Vec<String>,
    /// The Bisection that judges what the service's operators compute: each result of a batch is computed as well
    #[arg(long, value_name = "ADDRESS", requires = "program")]
    bisection: Option<Address>,
    /// The program that executes a step of that
    #[arg(long, value_name = "ADDRESS", requires = "bisection")]
    program: Option<Address>,
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
    match command {
        WatcherCommand::Run(command) => watch(*command).await,
        WatcherCommand::Results(asked) => results::list(&asked),
        WatcherCommand::Result(writing) => results::write(&writing),
        WatcherCommand::State(computing) => results::compute(&computing),
    }
}

async fn watch(command: Watching) -> Result<()> {
    let (place, key) = command.node.act(&command.keys).await?;
    let process = command.listening.process(&place, place.suite.service.service_manager).await?;
    let serving = command.listening.serve(&process, None).await?;
    let doubting = command.doubting(place.clone(), &process, key.address()).await?.map(|one| tokio::spawn(one.run()));
    let answers = tokio::spawn(command.answers(place, &process, key.address()).await?.run());
    let data = match &command.data_deployment {
        Some(deployment) => command.data(deployment.clone(), &process).await?,
        None => None,
    };
    if let Some(watcher) = data {
        watcher.run(EVERY, process.health.clone(), process.stop.clone()).await;
    }
    let ended = answers.await?;
    process.stop.stop();
    if let Some(doubting) = doubting {
        doubting.await??;
    }
    serving.ended().await;
    Ok(ended?)
}

impl Watching {
    /// Who finds two answers.
    async fn answers(&self, place: Place, process: &Process, account: Address) -> Result<Watcher> {
        let setting = Setting {
            domain: Domain::new(place.chain.id().await?, place.suite.service.service_manager),
            chain: place.chain,
            origin: place.origin,
            suite: place.suite,
            contracts: self.contracts.clone(),
            transport: process.transport.clone(),
            metrics: process.metrics.clone(),
            health: process.health.clone(),
            stop: process.stop.clone(),
            tick: process.tick,
        };
        let worth = Worth { least_bounty: self.least_bounty, ..Worth::default() };
        let book = Book::open(&self.listening.folder, place.origin)?;
        Ok(Watcher::new(setting, account, worth, book))
    }

    /// Who finds results that are wrong.
    async fn doubting(
        &self,
        place: Place,
        process: &Process,
        account: Address,
    ) -> Result<Option<Challenger<Sequencer>>> {
        let Some((bisection, program)) = self.bisection.zip(self.program) else { return Ok(None) };
        let setting = setting(process, place, Judge { bisection, program }).await?;
        let store = Store::open(&self.listening.file("doubted.redb"))?;
        Ok(Some(Challenger::new(setting, account, Arc::new(Sequencer), store)))
    }

    /// Who finds data that is withheld; nobody where everything ends before.
    async fn data(&self, deployment: PathBuf, process: &Process) -> Result<Option<DataWatcher>> {
        let node = Node { deployment: Some(deployment), ..self.node.clone() };
        let (place, key) = node.act(&self.keys).await?;
        let setting = DataSetting::new(place.chain, place.suite, place.since).await?;
        let Some(client) = find(&self.stores, &process.stop).await? else { return Ok(None) };
        let list = Watchlist::open(&self.listening.file("watched.redb"))?;
        let watching = DataWatching { least_bounty: self.least_bounty, ..DataWatching::default() };
        let metrics = process.metrics.clone();
        let watcher = DataWatcher::new(setting.clone(), key.address(), client, list, watching, metrics);
        Ok(Some(match self.board {
            Some(board) => watcher.with_board(Board::new(setting, board)),
            None => watcher,
        }))
    }
}

/// The operators of the data store, when all of them are there.
async fn find(stores: &[String], stop: &Stop) -> Result<Option<Client>> {
    while !stop.is_stopped() {
        let (client, silent) = Client::find(stores, PATIENCE).await?;
        if silent.is_empty() {
            return Ok(Some(client));
        }
        tracing::info!("waits for {}", silent.join(", "));
        stop.or(tokio::time::sleep(EVERY)).await;
    }
    Ok(None)
}
