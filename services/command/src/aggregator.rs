//! Who puts together what a feed's operators sign.

use crate::operator::setting;
use alloy::primitives::Address;
use clap::{Args, Subcommand};
use eyre::Result;
use restake_oracle::aggregator::Aggregator;
use restake_oracle::feed::Feed;
use restake_services::chain::{KeySource, Node};
use restake_services::listening::Listening;
use std::time::Duration;

/// What an aggregator does.
#[derive(Debug, Subcommand)]
pub(crate) enum AggregatorCommand {
    /// Propose prices, and store those that a quorum signed, until it is told to end
    #[command(
        after_help = "Example: restake aggregator run --feed 0x.. --folder aggregator --keystore aggregator.json \
                            --password-file password --peer http://honest:9000 --peer http://another:9000"
    )]
    Run(Box<Aggregating>),
}

/// An aggregator.
#[derive(Debug, Args)]
pub(crate) struct Aggregating {
    /// The feed
    #[arg(long, value_name = "ADDRESS")]
    feed: Address,
    /// How long more reports are waited for when enough stake has reported (milliseconds)
    #[arg(long, default_value_t = 500, value_name = "MILLISECONDS")]
    grace: u64,
    #[command(flatten)]
    listening: Listening,
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    keys: KeySource,
}

pub(crate) async fn run(command: AggregatorCommand) -> Result<()> {
    let AggregatorCommand::Run(command) = command;
    let Aggregating { feed, grace, listening, node, keys } = *command;
    let (place, key) = node.act(&keys).await?;
    let feed = Feed::at(&place.chain, feed).await?;
    let process = listening.process(&place, feed.service).await?;
    let serving = listening.serve(&process, None).await?;
    let setting = setting(&process, place, feed);
    let ended = Aggregator::new(setting, key, Duration::from_millis(grace)).run().await;
    process.stop.stop();
    serving.ended().await;
    Ok(ended?)
}
