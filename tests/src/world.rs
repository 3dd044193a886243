//! A test's own chain.

use crate::deployed::{Deployed, deployed};
use alloy::primitives::{Address, U256};
use eyre::Result;
use restake::actors::Cast;
use restake::chain::Chain;
use restake::suite::{Parameters, Suite};
use stylus_devnode::Devnode;

/// A node with the suite deployed and nothing staked, and a connection to it. Dropping it stops the node.
pub struct World {
    /// The node.
    pub node: Devnode,
    /// The connection, with everyone's keys.
    pub chain: Chain,
    /// The addresses.
    pub suite: Suite,
    /// The people. The owner deployed the suite.
    pub cast: Cast,
    /// What the suite was deployed with.
    pub parameters: Parameters,
}

impl World {
    /// Starts a chain from the deployed picture.
    ///
    /// # Errors
    /// If the contracts do not build or deploy, or the node does not start.
    pub async fn new() -> Result<Self> {
        let Deployed { state, suite, cast, parameters } = deployed().await?.clone();
        let node = Devnode::builder().state(state).spawn().await?;
        let chain = Chain::connect(&node.http_url(), cast.all().map(|actor| actor.key.clone()))?;
        Ok(Self { node, chain, suite, cast, parameters })
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
