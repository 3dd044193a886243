//! A signer on another machine, which keeps the keys: web3signer, or whatever speaks its JSON-RPC.

use alloy::consensus::{SignableTransaction, TxEnvelope};
use alloy::eips::eip2718::Decodable2718;
use alloy::network::TxSigner;
use alloy::primitives::{Address, Bytes, Signature};
use alloy::rpc::client::RpcClient;
use alloy::rpc::types::{TransactionInput, TransactionRequest};
use alloy::signers;
use alloy::transports::http::Http;
use alloy::transports::http::reqwest::{Client, Url};
use async_trait::async_trait;
use eyre::{Result, WrapErr, bail, ensure, eyre};
use std::time::Duration;

/// One key of a signer.
#[derive(Debug, Clone)]
pub struct RemoteSigner {
    client: RpcClient,
    url: Url,
    address: Address,
}

impl RemoteSigner {
    /// Finds the key of `account`, or the only one.
    ///
    /// # Errors
    /// If the signer cannot be asked, or has no such key.
    pub async fn connect(url: &str, account: Option<Address>, patience: Duration) -> Result<Self> {
        let url: Url = url.parse().wrap_err("the signer's address is not a URL")?;
        let client = Client::builder().timeout(patience).build().wrap_err("cannot ask over HTTP")?;
        let client = RpcClient::new(Http::with_client(client, url.clone()), true);
        // As text: that it cannot be asked says nothing of the node.
        let accounts = client.request_noparams::<Vec<Address>>("eth_accounts").await;
        let accounts = accounts.map_err(|error| eyre!("cannot ask the signer at {url}: {error}"))?;
        let address = match (account, &*accounts) {
            (Some(account), accounts) if accounts.contains(&account) => account,
            (Some(account), _) => bail!("the signer at {url} has no key of {account}"),
            (None, [only]) => *only,
            (None, accounts) => bail!("the signer at {url} has {} keys: say with --from whose", accounts.len()),
        };
        Ok(Self { client, url, address })
    }

    /// Has a transaction signed. The signer is not believed: it may have signed another one, or with another key.
    async fn sign(&self, wanted: &mut dyn SignableTransaction<Signature>) -> Result<Signature> {
        let request = request(self.address, wanted);
        let raw = self.client.request::<_, Bytes>("eth_signTransaction", (request,)).await;
        let raw = raw.map_err(|error| eyre!("the signer at {} does not sign: {error}", self.url))?;
        let signed = TxEnvelope::decode_2718(&mut raw.as_ref()).wrap_err("what the signer signed is no transaction")?;
        let hash = wanted.signature_hash();
        ensure!(signed.signature_hash() == hash, "the signer signed another transaction than was asked for");
        let by =
            signed.signature().recover_address_from_prehash(&hash).wrap_err("what the signer signed is not signed")?;
        ensure!(by == self.address, "the signer signed as {by}, not as {}", self.address);
        Ok(*signed.signature())
    }
}

#[async_trait]
impl TxSigner<Signature> for RemoteSigner {
    fn address(&self) -> Address {
        self.address
    }

    async fn sign_transaction(&self, wanted: &mut dyn SignableTransaction<Signature>) -> signers::Result<Signature> {
        self.sign(wanted).await.map_err(|error| signers::Error::message(format!("{error:#}")))
    }
}

/// What a signer is asked to sign.
fn request(from: Address, wanted: &dyn SignableTransaction<Signature>) -> TransactionRequest {
    let is_old = wanted.max_priority_fee_per_gas().is_none();
    TransactionRequest {
        from: Some(from),
        to: Some(wanted.kind()),
        gas: Some(wanted.gas_limit()),
        gas_price: wanted.gas_price(),
        max_fee_per_gas: (!is_old).then(|| wanted.max_fee_per_gas()),
        max_priority_fee_per_gas: wanted.max_priority_fee_per_gas(),
        value: Some(wanted.value()),
        input: TransactionInput::both(wanted.input().clone()),
        nonce: Some(wanted.nonce()),
        chain_id: wanted.chain_id(),
        ..TransactionRequest::default()
    }
}
