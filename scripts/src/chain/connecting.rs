//! Connecting to a node that may be slow, busy, or gone for a while.

use super::Chain;
use alloy::network::EthereumWallet;
use alloy::providers::{Provider, ProviderBuilder};
use alloy::rpc::client::{ClientBuilder, RpcClient};
use alloy::signers::local::PrivateKeySigner;
use alloy::transports::http::{Http, reqwest};
use alloy::transports::layers::RetryBackoffLayer;
use eyre::{Result, WrapErr};
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
        let client = reqwest::Client::builder().timeout(patience).build().wrap_err("cannot ask over HTTP")?;
        let transport = Http::with_client(client, url.parse().wrap_err("not a URL")?);
        let is_local = transport.guess_local();
        let (retries, pause) = RETRIES;
        let layer = RetryBackoffLayer::new(retries, pause, UNITS_PER_SECOND);
        let once = RpcClient::new(transport.clone(), is_local);
        let patient = ClientBuilder::default().layer(layer).transport(transport, is_local);
        Ok(Self::over(patient, once, wallet, patience))
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
            development: Arc::default(),
        }
    }
}
