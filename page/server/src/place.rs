//! Where everything is: the node, the deployment, the index.

use alloy::network::EthereumWallet;
use clap::Args;
use eyre::Result;
use restake::chain::{Chain, PATIENCE};
use restake::deployment::default_path;
use std::path::PathBuf;
use std::time::Duration;

/// The node and the suite, by the names that all commands give them, and the index.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Chain")]
pub struct Place {
    /// The node
    #[arg(long, alias = "rpc", env = "ETH_RPC_URL", default_value = "http://127.0.0.1:8547", value_name = "URL")]
    pub rpc_url: String,
    /// Where the node tells of new blocks [default: the node's URL with ws://]
    #[arg(long, value_name = "URL")]
    pub ws_url: Option<String>,
    /// The file that says where the contracts are [default: that of the chain in deployments/]
    #[arg(long, env = "RESTAKE_DEPLOYMENT", value_name = "FILE")]
    pub deployment: Option<PathBuf>,
    /// How long an answer of the node is waited for
    #[arg(long, env = "RESTAKE_TIMEOUT", default_value_t = PATIENCE.as_secs(), value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,
    /// The index: a file, which is made anew where it is missing or of another chain, or the URL of a PostgreSQL
    /// database (postgres://..) [default: beside the deployment]
    #[arg(long, env = "RESTAKE_INDEX", value_name = "FILE")]
    pub index: Option<String>,
}

impl Place {
    /// Connects to the node. Nothing is signed here.
    pub(crate) async fn connect(&self) -> Result<Chain> {
        Chain::open(&self.rpc_url, EthereumWallet::default(), Duration::from_secs(self.timeout)).await
    }

    /// Where the node answers over HTTP, for the page.
    pub(crate) fn http(&self) -> String {
        with_scheme(&self.rpc_url, "http")
    }

    /// Where it tells of new blocks.
    pub(crate) fn ws(&self) -> String {
        self.ws_url.clone().unwrap_or_else(|| with_scheme(&self.rpc_url, "ws"))
    }

    /// Where the index is.
    pub(crate) fn index(&self, chain_id: u64) -> String {
        self.index.clone().unwrap_or_else(|| {
            let deployment = self.deployment.clone().unwrap_or_else(|| default_path(chain_id));
            deployment.with_extension("index.sqlite").display().to_string()
        })
    }
}

/// The same URL with `http` or `ws`, encrypted if it was.
fn with_scheme(url: &str, scheme: &str) -> String {
    match url.split_once("://") {
        Some((given, rest)) if given.ends_with('s') && given != "ws" => format!("{scheme}s://{rest}"),
        Some((_, rest)) => format!("{scheme}://{rest}"),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::with_scheme;

    #[test]
    fn the_url_for_new_blocks_is_as_encrypted_as_the_other() {
        for (given, http, ws) in [
            ("http://127.0.0.1:8547", "http://127.0.0.1:8547", "ws://127.0.0.1:8547"),
            ("ws://127.0.0.1:8547", "http://127.0.0.1:8547", "ws://127.0.0.1:8547"),
            ("https://node.example/key", "https://node.example/key", "wss://node.example/key"),
            ("wss://node.example", "https://node.example", "wss://node.example"),
        ] {
            assert_eq!((with_scheme(given, "http").as_str(), with_scheme(given, "ws").as_str()), (http, ws));
        }
    }
}
