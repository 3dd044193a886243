//! What every command that looks or acts needs: a node, a deployment, and who acts.

use super::account::KeySource;
use super::key::{self, Key};
use alloy::network::EthereumWallet;
use alloy::primitives::Address;
use alloy::providers::Provider;
use clap::Args;
use eyre::{OptionExt, Result, ensure};
use restake::actors::Cast;
use restake::attestation::Domain;
use restake::chain::{Chain, PATIENCE};
use restake::deployment::Deployment;
use restake::people::People;
use restake::suite::Suite;
use std::path::PathBuf;
use std::time::Duration;

/// The node and the deployment.
#[derive(Debug, Args)]
#[command(next_help_heading = "Chain")]
pub(crate) struct Node {
    /// The node
    #[arg(long, env = "ETH_RPC_URL", default_value = "http://127.0.0.1:8547", value_name = "URL")]
    pub(crate) rpc_url: String,
    /// The file that says where the contracts are [default: deployments/<chain id>.json]
    #[arg(long, env = "RESTAKE_DEPLOYMENT", value_name = "FILE")]
    pub(crate) deployment: Option<PathBuf>,
    /// How long an answer of the node is waited for, and a transaction to be mined
    #[arg(long, env = "RESTAKE_TIMEOUT", default_value_t = PATIENCE.as_secs(), value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) timeout: u64,
    /// Print JSON for programs
    #[arg(long)]
    pub(crate) json: bool,
}

/// Who acts, and how.
#[derive(Debug, Args)]
pub(crate) struct Acting {
    #[command(flatten)]
    pub(crate) node: Node,
    #[command(flatten)]
    pub(crate) keys: KeySource,
    #[command(flatten)]
    pub(crate) sending: Sending,
}

/// How transactions are sent.
#[derive(Debug, Args)]
#[command(next_help_heading = "Sending")]
pub(crate) struct Sending {
    /// Do not ask before sending
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// The gas limit of each transaction, instead of an estimate
    #[arg(long, value_name = "GAS")]
    pub(crate) gas_limit: Option<u64>,
    /// The nonce of the first transaction
    #[arg(long)]
    pub(crate) nonce: Option<u64>,
    /// Wait until a transaction is so many blocks deep, its own included, before the next one is sent
    #[arg(long, value_name = "BLOCKS", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) wait: u64,
    /// Send nothing: write the calls to a file, as a batch for a Safe
    #[arg(long, value_name = "FILE")]
    pub(crate) unsigned: Option<PathBuf>,
}

/// A chain, and the suite on it.
pub(crate) struct Session {
    pub(crate) chain: Chain,
    pub(crate) suite: Suite,
    pub(crate) people: People,
    pub(crate) json: bool,
    /// The block before the deployment.
    pub(crate) since: u64,
    cast: Option<Cast>,
}

/// Who acts.
pub(crate) struct Actor {
    pub(crate) address: Address,
    /// Without one nothing is sent.
    pub(crate) key: Option<Key>,
}

impl Node {
    /// Connects to the node, with the key of who acts.
    pub(crate) async fn connect(&self, key: Option<&Key>) -> Result<Chain> {
        let wallet = key.map_or_else(EthereumWallet::default, Key::wallet);
        Chain::open(&self.rpc_url, wallet, Duration::from_secs(self.timeout)).await
    }
}

impl Session {
    /// Connects, and finds the suite. Asks for no key.
    pub(crate) async fn open(node: &Node) -> Result<Self> {
        Self::connect(node, None).await
    }

    /// Connects for somebody who acts.
    pub(crate) async fn act(acting: &Acting) -> Result<(Self, Actor)> {
        let looking = Self::open(&acting.node).await?;
        let patience = Duration::from_secs(acting.node.timeout);
        let key = key::find(&acting.keys, looking.cast.as_ref(), patience).await?;
        let address = match (&acting.keys.from, &key) {
            (Some(from), _) if acting.sending.unsigned.is_some() => looking.people.find(from)?,
            (_, Some(key)) => key.address(),
            _ => looking.people.find(acting.keys.from.as_deref().ok_or_eyre("who acts? Give --from, or a key")?)?,
        };
        ensure!(
            key.is_some() || acting.sending.unsigned.is_some(),
            "no key for {}: give --keystore, --signer-url or --private-key, or --unsigned to write the calls to a file",
            looking.people.name(address)
        );
        let session = Self::connect(&acting.node, key.as_ref()).await?;
        Ok((session, Actor { address, key }))
    }

    /// What the service's operators sign for.
    pub(crate) async fn domain(&self) -> Result<Domain> {
        let chain_id = self.chain.provider().get_chain_id().await?;
        Ok(Domain::new(chain_id, self.suite.service.service_manager))
    }

    /// Connects again, for the same actor.
    pub(crate) async fn again(&self, node: &Node, actor: &Actor) -> Result<Self> {
        Self::connect(node, actor.key.as_ref()).await
    }

    async fn connect(node: &Node, key: Option<&Key>) -> Result<Self> {
        let chain = node.connect(key).await?;
        let deployment = Deployment::load(&chain, node.deployment.as_deref()).await?;
        let suite = deployment.suite(&chain).await?;
        let mut people = People::of(&suite);
        // Elsewhere these accounts are anybody's.
        let cast = if chain.development().await.is_ok() { Some(Cast::development()?) } else { None };
        if let Some(cast) = &cast {
            people = people.with_development_accounts(cast);
        }
        Ok(Self { chain, suite, people, json: node.json, since: deployment.since(), cast })
    }
}
