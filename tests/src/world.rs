//! A test's own chain.

use crate::deployed::deployed;
use crate::token::Token;
use crate::turn::Turn;
use alloy::primitives::{Address, U256};
use eyre::{Result, bail};
use restake::actors::Cast;
use restake::chain::Chain;
use restake::suite::{Parameters, Suite};
use stylus_devnode::Devnode;

/// A chain with the suite deployed and nothing staked, and a connection to it. Dropping it stops its node, or lets the
/// next test have the other process.
pub struct World {
    /// Where the node listens (HTTP).
    pub url: String,
    /// The connection, with everyone's keys.
    pub chain: Chain,
    /// The addresses.
    pub suite: Suite,
    /// The people. The owner deployed the suite.
    pub cast: Cast,
    /// What the suite was deployed with.
    pub parameters: Parameters,
    node: Node,
}

/// Where the chain is.
enum Node {
    /// In this process, for this test alone.
    Own(Devnode),
    /// In the process that `RPC_URL` names.
    Other(#[expect(dead_code, reason = "held until the world is dropped")] Turn),
}

impl World {
    /// Starts a chain from the deployed picture; with `RPC_URL` waits for its turn with the node there and lets that
    /// have the picture.
    ///
    /// # Errors
    /// If the contracts do not build or deploy, the node does not start, or the node at `RPC_URL` does not take the
    /// picture.
    pub async fn new() -> Result<Self> {
        Self::with(Token::Own).await
    }

    /// The same with this token to stake.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub async fn with(token: Token) -> Result<Self> {
        let deployed = deployed(token).await?;
        let (suite, cast, parameters) = (deployed.suite, deployed.cast.clone(), deployed.parameters);
        let (url, node) = match std::env::var("RPC_URL") {
            Ok(url) => (url.clone(), Node::Other(Turn::take(&url, deployed.encoded().await?).await?)),
            Err(_) => {
                let node = Devnode::builder().state(deployed.state.clone()).spawn().await?;
                (node.http_url(), Node::Own(node))
            }
        };
        let chain = Chain::connect(&url, cast.all().map(|actor| actor.key.clone()))?;
        Ok(Self { url, chain, suite, cast, parameters, node })
    }

    /// The node in this process, to be asked without a connection.
    ///
    /// # Errors
    /// If it is in another one.
    pub fn into_node(self) -> Result<Devnode> {
        match self.node {
            Node::Own(node) => Ok(node),
            Node::Other(_) => bail!("this needs a node in its own process: unset RPC_URL"),
        }
    }

    /// The token to stake.
    pub fn token(&self) -> Address {
        self.suite.token
    }

    /// The honest operator's account.
    pub fn honest(&self) -> Address {
        self.cast.honest.address
    }

    /// The dishonest operator's account.
    pub fn dishonest(&self) -> Address {
        self.cast.dishonest.address
    }
}

/// Whole tokens, or ETH, in base units.
pub const fn ether(whole: u128) -> u128 {
    whole * 1_000_000_000_000_000_000
}

/// The same as a 256-bit number.
pub(crate) fn wei(amount: u128) -> U256 {
    U256::from(amount)
}
