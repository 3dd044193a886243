//! Connecting to a node that may be slow, busy, or gone for a while.

use super::Chain;
use super::websocket::WebSocket;
use alloy::network::EthereumWallet;
use alloy::providers::{Provider, ProviderBuilder};
use alloy::pubsub::{PubSubConnect, Subscription};
use alloy::rpc::client::{ClientBuilder, RpcClient};
use alloy::rpc::types::Header;
use alloy::signers::local::PrivateKeySigner;
use alloy::transports::http::Http;
use alloy::transports::http::reqwest::{Client, Url};
use alloy::transports::layers::RetryBackoffLayer;
use eyre::{Result, WrapErr, bail};
use std::sync::Arc;
use std::time::Duration;

/// How long an answer is waited for, and a transaction to be mined, unless one says otherwise.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How often a node is asked for a receipt that is not there yet. The embedded node has mined before it answers, so the
/// first question is answered.
pub(super) const RECEIPT_POLL: Duration = Duration::from_millis(20);

/// How often a question is asked again that a node has no time for, after how many milliseconds.
const RETRIES: (u32, u64) = (10, 500);

/// What public nodes let everybody compute in a second, in their own units: no more is asked at once.
const UNITS_PER_SECOND: u64 = 500;

impl Chain {
    /// Connects over HTTP, with keys to sign for.
    ///
    /// # Errors
    /// If the address is not a URL.
    pub fn connect(url: &str, keys: impl IntoIterator<Item = PrivateKeySigner>) -> Result<Self> {
        let mut wallet = EthereumWallet::default();
        for key in keys {
            wallet.register_signer(key);
        }
        Self::connect_with(url, wallet, PATIENCE)
    }

    /// Connects over HTTP, with whatever signs, and waits so long for answers.
    ///
    /// # Errors
    /// If the address is not a URL.
    pub fn connect_with(url: &str, wallet: EthereumWallet, patience: Duration) -> Result<Self> {
        let client = Client::builder().timeout(patience).build().wrap_err("cannot ask over HTTP")?;
        let transport = Http::with_client(client, understood(url)?);
        let is_local = transport.guess_local();
        let once = RpcClient::new(transport.clone(), is_local);
        let patient = ClientBuilder::default().layer(retrying()).transport(transport, is_local);
        Ok(Self::over(patient, once, wallet, patience))
    }

    /// Connects as the URL says: over HTTP, or over WebSocket, where the chain tells of new blocks.
    ///
    /// # Errors
    /// If the address is not a URL, or the node does not listen there.
    pub async fn open(url: &str, wallet: EthereumWallet, patience: Duration) -> Result<Self> {
        let parsed = understood(url)?;
        let socket = match parsed.scheme() {
            "ws" => WebSocket::at(parsed, patience)?.into_service().await,
            #[cfg(feature = "https")]
            "wss" => alloy::transports::ws::WsConnect::new(url).with_max_retries(0).into_service().await,
            _ => return Self::connect_with(url, wallet, patience),
        };
        let socket = socket.wrap_err_with(|| format!("cannot connect to {url}"))?;
        let patient = ClientBuilder::default().layer(retrying()).transport(socket.clone(), false);
        let chain = Self::over(patient, RpcClient::new(socket, false), wallet, patience);
        Ok(Self { is_live: true, ..chain })
    }

    /// New blocks as they come, from a chain that tells of them.
    ///
    /// # Errors
    /// If the node does not tell.
    pub async fn heads(&self) -> Result<Option<Subscription<Header>>> {
        if !self.is_live {
            return Ok(None);
        }
        Ok(Some(self.once.subscribe_blocks().await.wrap_err("cannot hear of new blocks")?))
    }

    fn over(patient: RpcClient, once: RpcClient, wallet: EthereumWallet, patience: Duration) -> Self {
        patient.set_poll_interval(RECEIPT_POLL);
        // The nonce is asked for each time: alloy's cached one counts a transaction that a refused estimate kept from
        // being sent, and the next would wait for it.
        let provider = ProviderBuilder::default()
            .with_gas_estimation()
            .with_simple_nonce_management()
            .fetch_chain_id()
            .wallet(wallet.clone())
            .connect_client(patient);
        let once = ProviderBuilder::default().connect_client(once);
        Self {
            provider: provider.erased(),
            once: once.erased(),
            wallet,
            patience,
            id: Arc::default(),
            is_live: false,
            development: Arc::default(),
        }
    }
}

/// A URL, if it is of a kind that is spoken here.
fn understood(url: &str) -> Result<Url> {
    let parsed: Url = url.parse().wrap_err("not a URL")?;
    match parsed.scheme() {
        "http" | "ws" => Ok(parsed),
        "https" | "wss" if cfg!(feature = "https") => Ok(parsed),
        "https" | "wss" => bail!(
            "{url} needs TLS, which this command was built without: `cargo run --package restake --features https --` \
             builds and runs one that has it"
        ),
        _ => bail!("{url} is neither http:// nor ws://, with or without TLS"),
    }
}

fn retrying() -> RetryBackoffLayer {
    let (retries, pause) = RETRIES;
    RetryBackoffLayer::new(retries, pause, UNITS_PER_SECOND)
}
