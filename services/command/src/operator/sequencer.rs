//! An operator of a sequencer: who signs, and who defends what was signed.

use super::{operator_of, record};
use alloy::primitives::keccak256;
use clap::Args;
use eyre::Result;
use restake_bisection::defender::Defender;
use restake_bisection::operator::{Operator, Schedule};
use restake_bisection::store::Store;
use restake_daemon::guard::Guard;
use restake_sequencer::Sequencer;
use restake_sequencer::series::Series;
use restake_services::chain::{KeySource, Node};
use restake_services::games::{Judge, setting};
use restake_services::listening::Listening;
use std::sync::Arc;

/// An operator of a sequencer.
#[derive(Debug, Args)]
pub(crate) struct SequencerOperator {
    #[command(flatten)]
    judge: Judge,
    /// Seconds between two batches
    #[arg(long, default_value_t = 10, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    interval: u64,
    /// How many transfers a batch has: they are made up from its time, the same ones for everybody
    #[arg(long, default_value_t = 100, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(..=2_000))]
    transfers: u32,
    /// For demonstrations: sign a wrong result of the first batch
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

/// What its operators sign as the task.
const TASK: &str = "batch of transfers";

pub(super) async fn run(command: SequencerOperator) -> Result<()> {
    let SequencerOperator { judge, interval, transfers, lie, new_chain, listening, node, keys } = command;
    let (place, key) = node.act(&keys).await?;
    let service = place.suite.service.service_manager;
    let process = listening.process(&place, service).await?;
    let record = record(&listening, &place, service, &key, new_chain).await?;
    let store = Store::open(&listening.file("results.redb"))?;
    let (sender, operator) = (key.address(), operator_of(&place, key.address()).await?);
    let now = place.chain.now().await?;
    let setting = setting(&process, place, judge).await?;
    let serving = listening.serve(&process, None).await?;
    let guard = Guard::new(key, record, now, interval, process.metrics.clone());
    let schedule = Schedule { task: keccak256(TASK), interval };
    let work = (Arc::new(Sequencer), Arc::new(Series { length: transfers }) as Arc<_>);
    let signing = Operator::new(setting.clone(), schedule, guard, work, store.clone());
    let signing = if lie { signing.lying() } else { signing };
    let defending = tokio::spawn(Defender::new(setting, operator, sender, Arc::new(Sequencer), store).run());
    let ended = signing.run().await;
    process.stop.stop();
    defending.await?;
    serving.ended().await;
    Ok(ended?)
}
