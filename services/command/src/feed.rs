//! A price feed, as people look at it.

use alloy::primitives::utils::format_units;
use alloy::primitives::{Address, U256};
use clap::{Args, Subcommand};
use eyre::{Result, WrapErr};
use interfaces::IPriceFeed::{decimalsCall, descriptionCall, guaranteeOfCall, latestRoundDataCall, termsCall};
use restake::amounts::{ETHER_DECIMALS, format};
use restake::build;
use restake::suite::for_services::{FeedTerms, price_feed};
use restake_services::chain::{KeySource, Node};

/// What can be done with a feed.
#[derive(Debug, Subcommand)]
pub(crate) enum FeedCommand {
    /// The price, how old it is, and how much stake stands behind it
    #[command(after_help = "Example: restake feed show 0x..")]
    Show {
        /// The feed
        feed: Address,
        #[command(flatten)]
        node: Node,
    },
    /// Deploy a feed for the service of the deployment file
    #[command(after_help = "Example: restake feed deploy 'ETH / USD' --interval 60 --heartbeat 3600 --from owner")]
    Deploy(Deploying),
}

/// A feed that is deployed. Nothing of it can be changed later.
#[derive(Debug, Args)]
pub(crate) struct Deploying {
    /// What it is the price of: at most 32 bytes
    description: String,
    /// The decimals of the price
    #[arg(long, default_value_t = 8)]
    decimals: u8,
    /// Seconds between two prices
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    interval: u64,
    /// After how long a price is stored whatever it is
    #[arg(long, default_value_t = 3_600, value_name = "SECONDS")]
    heartbeat: u64,
    /// By how much it must have moved before (basis points)
    #[arg(long, default_value_t = 50, value_name = "POINTS")]
    deviation: u16,
    /// How much of the stake must sign (basis points)
    #[arg(long, default_value_t = 6_667, value_name = "POINTS")]
    threshold: u16,
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    keys: KeySource,
}

pub(crate) async fn run(command: FeedCommand) -> Result<()> {
    match command {
        FeedCommand::Show { feed, node } => show(feed, &node).await,
        FeedCommand::Deploy(deploying) => deploy(deploying).await,
    }
}

async fn show(feed: Address, node: &Node) -> Result<()> {
    let chain = node.open().await?.chain;
    let no_feed = || format!("there is no price feed at {feed}");
    let description = chain.view(feed, &descriptionCall {}).await.wrap_err_with(no_feed)?;
    let decimals = chain.view(feed, &decimalsCall {}).await.wrap_err_with(no_feed)?;
    let terms = chain.view(feed, &termsCall {}).await.wrap_err_with(no_feed)?;
    let latest = chain.view(feed, &latestRoundDataCall {}).await.wrap_err("there is no price yet")?;
    let guarantee = chain.view(feed, &guaranteeOfCall { roundId: latest.roundId }).await?;
    let age = U256::from(chain.now().await?).saturating_sub(latest.updatedAt);
    println!("{description}: {}", format_units(latest.answer.into_raw(), decimals)?);
    println!("  round {}, {age} s ago", latest.roundId);
    let stake = |amount: u128| format(U256::from(amount), ETHER_DECIMALS);
    println!("  signed by {} of {} of stake", stake(guarantee.signedStake), stake(guarantee.totalStake));
    println!(
        "  every {} s at most; when it moved by {} basis points, or after {} s; {} basis points sign",
        terms.interval, terms.deviation, terms.heartbeat, terms.threshold
    );
    Ok(())
}

async fn deploy(deploying: Deploying) -> Result<()> {
    let Deploying { description, decimals, interval, heartbeat, deviation, threshold, node, keys } = deploying;
    let (place, key) = node.act(&keys).await?;
    let build = || build::build_these(&["price-feed"], true);
    let programs = tokio::task::spawn_blocking(build).await.wrap_err("the build was interrupted")??;
    let terms = FeedTerms { description, decimals, interval, heartbeat, deviation, threshold };
    let quorum = place.suite.service.quorum;
    println!("{}", price_feed(&place.chain, key.address(), &programs, quorum, &terms).await?);
    Ok(())
}
