//! What decides wrong results, deployed for a service that exists.

use arithmetic::fault::MISCOMPUTATION;
use clap::Args;
use eyre::{Result, WrapErr};
use restake::amounts::ETHER_DECIMALS;
use restake::amounts::parse;
use restake::build;
use restake::suite::for_services::bisection;
use restake::verbs::service::name_judge;
use restake_services::chain::{KeySource, Node};

/// A Bisection, and who names it.
#[derive(Debug, Args)]
pub(crate) struct Deploying {
    /// The bond of a challenge, and an operator's deposit (ETH): more than the gas of a whole game
    #[arg(long, default_value = "1", value_name = "ETH")]
    bond: String,
    /// What each side has for all of its moves: a quarter of the evidence window at most
    #[arg(long, default_value_t = 21_600, value_name = "SECONDS")]
    clock: u64,
    #[command(flatten)]
    node: Node,
    #[command(flatten)]
    keys: KeySource,
}

/// Deploys it, and has the owner, who sends, name it as the service's judge. What a wrong result costs is announced
/// after that.
pub(crate) async fn deploy(deploying: Deploying) -> Result<()> {
    let Deploying { bond, clock, node, keys } = deploying;
    let bond = parse(&bond, ETHER_DECIMALS).wrap_err("--bond")?.try_into()?;
    let (place, key) = node.act(&keys).await?;
    let build = || build::build_these(&["bisection"], true);
    let programs = tokio::task::spawn_blocking(build).await.wrap_err("the build was interrupted")??;
    let (chain, service) = (&place.chain, &place.suite.service);
    let judge = bisection(chain, key.address(), &programs, service, (bond, clock)).await?;
    println!("{judge}");
    let named = name_judge(service, MISCOMPUTATION, judge).send(chain, key.address()).await;
    named.wrap_err_with(|| {
        format!("it is deployed, and not named: `restake service name-judge {judge}` is the owner's")
    })?;
    Ok(())
}
