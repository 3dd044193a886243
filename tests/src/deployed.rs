//! The suite, built and deployed once per test process, as a picture that chains start from.

use arithmetic::time::EPOCH_SECONDS;
use eyre::{Result, WrapErr, eyre};
use restake::actors::Cast;
use restake::build;
use restake::chain::Chain;
use restake::suite::cache::cache_programs;
use restake::suite::{Parameters, Suite};
use stylus_devnode::{ChainState, Devnode};
use tokio::sync::OnceCell;

/// When the chains of the tests begin: one day into an epoch, so that what happens in one epoch and what crosses into
/// the next is the same in each run.
const START: u64 = 2_900 * EPOCH_SECONDS + 24 * 60 * 60;

/// A chain with everything deployed.
#[derive(Clone)]
pub(crate) struct Deployed {
    pub(crate) state: ChainState,
    pub(crate) suite: Suite,
    pub(crate) cast: Cast,
    pub(crate) parameters: Parameters,
}

static DEPLOYED: OnceCell<Deployed> = OnceCell::const_new();

/// The deployed picture.
pub(crate) async fn deployed() -> Result<&'static Deployed> {
    DEPLOYED.get_or_try_init(deploy).await
}

async fn deploy() -> Result<Deployed> {
    let programs =
        tokio::task::spawn_blocking(|| build::build(false)).await.wrap_err("the build was interrupted")??;
    let cast = Cast::development()?;
    let parameters = Parameters::example(cast.fund.address);
    let node = Devnode::builder().timestamp(START).manual_time(true).spawn().await?;
    let chain = Chain::connect(&node.http_url(), [cast.owner.key.clone()])?;
    let suite = Suite::deploy(&chain, &programs, &cast.owner, &parameters).await?;
    cache_programs(&node.http_url(), &suite.contracts()).await?;
    let state = node.state().map_err(|error| eyre!("{error}"))?;
    Ok(Deployed { state, suite, cast, parameters })
}
