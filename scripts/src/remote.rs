//! A signer on another machine, which keeps the keys: web3signer, or whatever speaks its JSON-RPC.

use crate::attestation::CompactSignature;
use crate::typed_data::TypedData;
use alloy::consensus::{SignableTransaction, TxEnvelope};
use alloy::eips::eip2718::Decodable2718;
use alloy::network::TxSigner;
use alloy::primitives::{Address, Bytes, Signature};
use alloy::rpc::client::RpcClient;
use alloy::rpc::types::{TransactionInput, TransactionRequest};
use alloy::signers;
use alloy::transports::RpcError;
use alloy::transports::http::Http;
use alloy::transports::http::reqwest::{Client, Url};
use async_trait::async_trait;
use eyre::{Result, WrapErr, bail, ensure, eyre};
use std::time::Duration;

/// The JSON-RPC error of a server that does not know a method.
const METHOD_NOT_FOUND: i64 = -32601;

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

    /// Has typed data signed, which signers take by one of two names. What is signed is not believed either: there were
    /// releases of web3signer that signed typed data as if it were a message (its issue 1012).
    ///
    /// # Errors
    /// If the signer cannot be asked, refuses, or signs something else or with another key.
    pub async fn sign_typed_data(&self, data: &TypedData) -> Result<CompactSignature> {
        let wanted = (self.address, data.json.to_string());
        let mut raw = self.client.request::<_, Bytes>("eth_signTypedData", wanted.clone()).await;
        let is_unknown = |error: &RpcError<_>| error.as_error_resp().is_some_and(|told| told.code == METHOD_NOT_FOUND);
        if raw.as_ref().is_err_and(is_unknown) {
            raw = self.client.request("eth_signTypedData_v4", wanted).await;
        }
        let raw = raw.map_err(|error| eyre!("the signer at {} does not sign: {error}", self.url))?;
        let signature = Signature::from_raw(&raw).wrap_err("what the signer gave is no signature")?.normalized_s();
        let by = signature.recover_address_from_prehash(&data.hash).wrap_err("what the signer gave is no signature")?;
        ensure!(by == self.address, "the signer signed something else, or not with the key of {}", self.address);
        Ok(signature.into())
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
