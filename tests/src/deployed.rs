//! The suite, built and deployed once per test process and token, as a picture that chains start from.

use crate::token::Token;
use alloy::hex;
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
pub(crate) struct Deployed {
    pub(crate) state: ChainState,
    /// The same, as another node takes it.
    encoded: OnceCell<String>,
    pub(crate) suite: Suite,
    pub(crate) cast: Cast,
    pub(crate) parameters: Parameters,
}

static OWN: OnceCell<Deployed> = OnceCell::const_new();
static OPEN_ZEPPELIN: OnceCell<Deployed> = OnceCell::const_new();

/// The deployed picture with this token to stake.
pub(crate) async fn deployed(token: Token) -> Result<&'static Deployed> {
    let picture = match token {
        Token::Own => &OWN,
        Token::OpenZeppelin => &OPEN_ZEPPELIN,
    };
    picture.get_or_try_init(|| deploy(token)).await
}

impl Deployed {
    /// The picture, encoded and in hexadecimal digits.
    pub(crate) async fn encoded(&self) -> Result<&str> {
        let encode = || async { Ok::<_, eyre::Report>(hex::encode_prefixed(self.state.encode()?)) };
        Ok(self.encoded.get_or_try_init(encode).await?)
    }
}

async fn deploy(token: Token) -> Result<Deployed> {
    let programs =
        tokio::task::spawn_blocking(|| build::build(false)).await.wrap_err("the build was interrupted")??;
    let cast = Cast::development()?;
    let node = Devnode::builder().timestamp(START).manual_time(true).spawn().await?;
    let chain = Chain::connect(&node.http_url(), [cast.owner.key.clone()])?;
    let token = token.deploy(&chain, cast.owner.address).await?;
    let parameters = Parameters { token, ..Parameters::example(cast.fund.address) };
    let suite = Suite::deploy(&chain, &programs, &cast.owner, &parameters).await?;
    let contracts = suite.programs(&parameters).into_iter().map(|(_, contract)| contract);
    cache_programs(&node.http_url(), &contracts.collect::<Vec<_>>()).await?;
    let state = node.state().map_err(|error| eyre!("{error}"))?;
    Ok(Deployed { state, encoded: OnceCell::new(), suite, cast, parameters })
}
