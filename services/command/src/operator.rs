//! Operators: of a feed, of the data store, and of a sequencer.

mod sequencer;

use alloy::primitives::{Address, U256};
use clap::{Args, Subcommand};
use eyre::{Result, WrapErr, bail};
use interfaces::IPriceFeed::decimalsCall;
use restake_daemon::guard::Guard;
use restake_daemon::key::Key;
use restake_daemon::record::{Identity, SigningRecord};
use restake_data_store::answering::Answerer;
use restake_data_store::client::Client;
use restake_data_store::keeper::{Keeper, Keeping, Limits};
use restake_data_store::setting::Setting as DataSetting;
use restake_data_store::store::Store;
use restake_data_store::tasks::Board;
use restake_oracle::feed::Feed;
use restake_oracle::operator::Operator;
use restake_oracle::setting::Setting as OracleSetting;
use restake_oracle::source::{Endpoint, File, Series, Source};
use restake_services::chain::{KeySource, Node, Place};
use restake_services::listening::{Listening, Process};
use sequencer::SequencerOperator;
use std::sync::Arc;
use std::time::Duration;

/// What is operated.
#[derive(Debug, Subcommand)]
pub(crate) enum RunCommand {
    /// An operator of a price feed
    #[command(after_help = "Example: restake operator run oracle --feed 0x.. --source file:price.txt --folder honest \
                            --keystore honest.json --password-file password --listen 0.0.0.0:9000 \
                            --peer http://aggregator:9000")]
    Oracle(Box<OracleOperator>),
    /// An operator of the data store
    #[command(after_help = "Example: restake operator run data --board 0x.. --folder honest --keystore honest.json \
                            --password-file password --listen 0.0.0.0:9001 --peer http://another:9001")]
    Data(Box<DataOperator>),
    /// An operator of a sequencer, which answers for each of its results step by step
    #[command(after_help = "Example: restake operator run sequencer --bisection 0x.. --program 0x.. --folder honest \
                            --keystore honest.json --password-file password --listen 0.0.0.0:9002 \
                            --peer http://watcher:9002")]
    Sequencer(Box<SequencerOperator>),
}

/// An operator of a price feed.
#[derive(Debug, Args)]
pub(crate) struct OracleOperator {
    /// The feed
    #[arg(long, value_name = "ADDRESS")]
    feed: Address,
    /// Where the price is from: file:PATH, http://..#/json/pointer, or series:NUMBER for a made-up market
    #[arg(long, value_name = "SOURCE")]
    source: String,
    /// For demonstrations: give two prices for the first slot
    #[arg(long)]
    lie: bool,
    /// Begin anew where the chain began again
    #[arg(long)]
    new_chain: bool,
    #[command(flatten)]
    listening: Listening,
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    keys: KeySource,
}

/// An operator of the data store.
#[derive(Debug, Args)]
pub(crate) struct DataOperator {
    /// The board on which data is asked to be kept
    #[arg(long, value_name = "ADDRESS")]
    board: Address,
    /// The most bytes that it keeps
    #[arg(long, default_value_t = 1 << 30, value_name = "BYTES")]
    quota: u64,
    /// For demonstrations: promise, and give nothing
    #[arg(long)]
    withhold: bool,
    /// Begin anew where the chain began again
    #[arg(long)]
    new_chain: bool,
    #[command(flatten)]
    listening: Listening,
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    keys: KeySource,
}

/// How long an operator is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// The pause between two looks for challenges.
const EVERY: Duration = Duration::from_secs(2);

/// The pause between two looks for what expired.
const PRUNING: Duration = Duration::from_secs(600);

pub(crate) async fn run(command: RunCommand) -> Result<()> {
    match command {
        RunCommand::Oracle(command) => oracle(*command).await,
        RunCommand::Data(command) => data(*command).await,
        RunCommand::Sequencer(command) => sequencer::run(*command).await,
    }
}

async fn oracle(command: OracleOperator) -> Result<()> {
    let OracleOperator { feed, source, lie, new_chain, listening, node, keys } = command;
    let (place, key) = node.act(&keys).await?;
    let feed = Feed::at(&place.chain, feed).await?;
    let decimals = place.chain.view(feed.address, &decimalsCall {}).await?;
    let source = read_source(&source, decimals, feed.terms.interval)?;
    let process = listening.process(&place, feed.service).await?;
    let record = record(&listening, &place, feed.service, &key, new_chain).await?;
    let serving = listening.serve(&process, None).await?;
    let now = place.chain.now().await?;
    // What is signed for a slot is heard of until that is over.
    let round = feed.terms.interval.saturating_mul(2);
    let guard = Guard::new(key, record, now, round, process.metrics.clone());
    let setting = setting(&process, place, feed);
    let operator = Operator::new(setting, guard, source);
    let ended = if lie { operator.lying().run().await } else { operator.run().await };
    process.stop.stop();
    serving.ended().await;
    Ok(ended?)
}

/// What an oracle's process works with.
pub(crate) fn setting(process: &Process, place: Place, feed: Feed) -> OracleSetting {
    OracleSetting {
        chain: place.chain,
        origin: place.origin,
        feed,
        transport: process.transport.clone(),
        metrics: process.metrics.clone(),
        health: process.health.clone(),
        stop: process.stop.clone(),
        tick: process.tick,
    }
}

async fn data(command: DataOperator) -> Result<()> {
    let DataOperator { board, quota, withhold, new_chain, listening, node, keys } = command;
    let (place, key) = node.act(&keys).await?;
    let service = place.suite.service.service_manager;
    let process = listening.process(&place, service).await?;
    let record = record(&listening, &place, service, &key, new_chain).await?;
    let setting = DataSetting::new(place.chain.clone(), place.suite, place.since).await?;
    let store = Store::open(&listening.file("store.redb"), quota)?;
    let sender = key.address();
    let operator = operator_of(&place, sender).await?;
    let metrics = process.metrics.clone();
    let keeper = Keeper::new(Keeping {
        setting: setting.clone(),
        key,
        record,
        store: store.clone(),
        tasks: Arc::new(Board::new(setting.clone(), board)),
        limits: Limits::default(),
        withholds: withhold,
        metrics: metrics.clone(),
    });
    let serving = listening.serve(&process, Some(("/data", keeper.clone()))).await?;
    let (health, stop) = (process.health.clone(), process.stop.clone());
    let others = others(&listening).await?;
    let answerer = Answerer { setting, operator, sender, store, others, withholds: withhold, metrics };
    tokio::join!(keeper.run(PRUNING, health.clone(), stop.clone()), answerer.run(EVERY, health, stop));
    serving.ended().await;
    Ok(())
}

/// The other operators, as far as they are there: they are asked for what is lost here.
async fn others(listening: &Listening) -> Result<Client> {
    let (client, silent) = Client::find(&listening.peers, PATIENCE).await?;
    silent.iter().for_each(|peer| tracing::info!("{peer} does not answer yet"));
    Ok(client)
}

/// Whose key it is; before it is registered, the operator is its account.
pub(crate) async fn operator_of(place: &Place, key: Address) -> Result<Address> {
    let call = interfaces::IRegistry::keyOfCall { signingKey: key };
    let operator = place.chain.view(place.suite.service.registry, &call).await?.operator;
    Ok(if operator.is_zero() { key } else { operator })
}

/// The record of what a key signed.
pub(crate) async fn record(
    listening: &Listening,
    place: &Place,
    service: Address,
    key: &Key,
    new_chain: bool,
) -> Result<SigningRecord> {
    let identity = Identity::on(&place.chain, place.since, service, key.address()).await?;
    let open = if new_chain { SigningRecord::open_for_new_chain } else { SigningRecord::open };
    open(&listening.folder, identity).wrap_err("the signing record cannot be used")
}

/// `file:PATH`, `http://..#/pointer`, `series:NUMBER`.
fn read_source(text: &str, decimals: u8, interval: u64) -> Result<Arc<dyn Source>> {
    if let Some(path) = text.strip_prefix("file:") {
        return Ok(Arc::new(File { path: path.into(), decimals }));
    }
    if let Some(number) = text.strip_prefix("series:") {
        let observer = number.parse().wrap_err_with(|| format!("'{number}' is no number of an observer"))?;
        // Around two thousand, up to a twentieth from it; each observer sees it up to a tenth of a percent away.
        let base = U256::from(2_000) * U256::from(10).pow(U256::from(decimals));
        return Ok(Arc::new(Series::new(base, 500, interval, 10, observer)));
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        let (url, pointer) = text.split_once('#').unwrap_or((text, ""));
        return Ok(Arc::new(Endpoint::new(url, pointer, decimals, PATIENCE)?));
    }
    bail!("'{text}' is no source: write file:PATH, http://..#/json/pointer, or series:NUMBER")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_a_file_an_address_or_a_series() {
        for good in ["file:price.txt", "series:3", "http://127.0.0.1:1#/price", "http://127.0.0.1:1"] {
            assert!(read_source(good, 8, 60).is_ok(), "{good}");
        }
        for bad in ["", "price.txt", "series:", "series:x", "ftp://127.0.0.1"] {
            assert!(read_source(bad, 8, 60).is_err(), "{bad}");
        }
    }
}
