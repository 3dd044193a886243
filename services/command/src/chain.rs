//! Which chain, which service, and whose key: options that most commands have, under the names that `restake` gives
//! them.

use alloy::network::EthereumWallet;
use alloy::primitives::Address;
use clap::Args;
use eyre::{OptionExt, Result, WrapErr, bail};
use restake::actors::Cast;
use restake::chain::{Chain, PATIENCE};
use restake::deployment::Deployment;
use restake::people::People;
use restake::suite::Suite;
use restake_daemon::key::Key;
use restake_daemon::origin::Origin;
use std::path::PathBuf;
use std::time::Duration;

/// The node and the service.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Chain")]
pub struct Node {
    /// The node
    #[arg(long, env = "ETH_RPC_URL", default_value = "http://127.0.0.1:8547", value_name = "URL")]
    pub rpc_url: String,
    /// The file that says where the service's contracts are [default: `deployments/CHAIN-ID.json`]
    #[arg(long, env = "RESTAKE_DEPLOYMENT", value_name = "FILE")]
    pub deployment: Option<PathBuf>,
    /// How long an answer of the node is waited for, and a transaction to be mined
    #[arg(long, env = "RESTAKE_TIMEOUT", default_value_t = PATIENCE.as_secs(), value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,
}

/// Whose key signs.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Account")]
pub struct KeySource {
    /// A development account by name, on development chains; with --signer-url the address
    #[arg(long, env = "ETH_FROM", value_name = "NAME")]
    pub from: Option<String>,
    /// A keystore file
    #[arg(long, env = "ETH_KEYSTORE", value_name = "FILE", conflicts_with = "from")]
    pub keystore: Option<PathBuf>,
    /// A file with the keystore's password
    #[arg(long, env = "ETH_PASSWORD", value_name = "FILE", requires = "keystore")]
    pub password_file: Option<PathBuf>,
    /// A signer that keeps the key, as web3signer does; --from says which one if it has several
    #[arg(long, env = "RESTAKE_SIGNER_URL", value_name = "URL", conflicts_with = "keystore")]
    pub signer_url: Option<String>,
}

/// A chain, and a service on it.
#[derive(Debug, Clone)]
pub struct Place {
    /// The chain, with the key of who acts.
    pub chain: Chain,
    /// The protocol, with the service.
    pub suite: Suite,
    /// The block before the deployment.
    pub since: u64,
    /// By which the chain is known.
    pub origin: Origin,
}

impl Node {
    /// Connects, and finds the service. Signs for nobody.
    ///
    /// # Errors
    /// If the node cannot be asked, or the deployment is not on its chain.
    pub async fn open(&self) -> Result<Place> {
        self.connect(EthereumWallet::default()).await
    }

    /// The same for somebody who acts.
    ///
    /// # Errors
    /// The same, and if there is no such key.
    pub async fn act(&self, keys: &KeySource) -> Result<(Place, Key)> {
        let key = keys.find(self).await?;
        Ok((self.connect(key.wallet()).await?, key))
    }

    async fn connect(&self, wallet: EthereumWallet) -> Result<Place> {
        let chain = Chain::open(&self.rpc_url, wallet, self.patience()).await?;
        let deployment = Deployment::load(&chain, self.deployment.as_deref()).await?;
        let (suite, since) = (deployment.suite(&chain).await?, deployment.since());
        Ok(Place { origin: Origin::of(&chain, since).await?, chain, suite, since })
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }
}

impl KeySource {
    async fn find(&self, node: &Node) -> Result<Key> {
        if let Some(url) = &self.signer_url {
            let parse = |name: &String| name.parse::<Address>().wrap_err_with(|| format!("{name} is no address"));
            return Key::remote(url, self.from.as_ref().map(parse).transpose()?, node.patience()).await;
        }
        if let Some(file) = &self.keystore {
            let password = self.password_file.as_ref().ok_or_eyre("a keystore is opened with --password-file")?;
            let text = std::fs::read_to_string(password);
            let text = text.wrap_err_with(|| format!("cannot read {}", password.display()))?;
            return Key::keystore(file, text.trim_end_matches(['\r', '\n']));
        }
        let Some(name) = &self.from else { bail!("whose key? Give --keystore, --signer-url, or --from") };
        let chain = Chain::open(&node.rpc_url, EthereumWallet::default(), node.patience()).await?;
        chain.development().await.wrap_err("development accounts are for development chains")?;
        let cast = Cast::development()?;
        let address = People::default().with_development_accounts(&cast).find(name)?;
        let actor = cast.all().into_iter().find(|actor| actor.address == address);
        Ok(Key::Here(actor.ok_or_eyre("no development account")?.key.clone()))
    }
}
