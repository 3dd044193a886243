//! What the tests share.

use alloy::consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy::eips::eip2718::Encodable2718;
use alloy::network::{EthereumWallet, TransactionBuilder};
use alloy::primitives::{Address, Bytes, TxKind};
use alloy::providers::{Provider, ProviderBuilder};
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use serde_json::{Value, json};
use stylus_devnode::{DevAccount, Devnode};

/// 0.1 gwei: the base fee of every block, in wei.
pub(crate) const BASE_FEE: u128 = 100_000_000;

/// A node with the default settings.
pub(crate) async fn node() -> Devnode {
    Devnode::builder().spawn().await.expect("a node")
}

/// A provider with alloy's recommended fillers that signs for one of the node's accounts.
pub(crate) fn provider(node: &Devnode, account: usize) -> impl Provider + Clone + use<> {
    let wallet = EthereumWallet::new(signer(node.accounts()[account]));
    ProviderBuilder::new().wallet(wallet).connect_http(node.http_url().parse().expect("a URL"))
}

/// The signer of an account.
pub(crate) fn signer(account: DevAccount) -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&account.key).expect("a valid key")
}

/// Sends a transaction and waits for its receipt.
pub(crate) async fn send(provider: &impl Provider, request: TransactionRequest) -> TransactionReceipt {
    let pending = provider.send_transaction(request).await.expect("an accepted transaction");
    // It is mined already: no polling.
    provider.get_transaction_receipt(*pending.tx_hash()).await.expect("an answer").expect("a receipt")
}

/// Deploys a contract.
pub(crate) async fn deploy(provider: &impl Provider, init_code: Bytes) -> Address {
    let receipt = send(provider, TransactionRequest::default().with_deploy_code(init_code)).await;
    assert!(receipt.status(), "the deployment failed");
    receipt.contract_address.expect("a contract")
}

/// Calls a method in process and expects an answer.
pub(crate) fn ask(node: &Devnode, method: &str, params: Value) -> Value {
    node.request(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
}

/// The hexadecimal quantity in an answer.
pub(crate) fn quantity(value: &Value) -> u64 {
    let text = value.as_str().expect("a string");
    u64::from_str_radix(text.trim_start_matches("0x"), 16).expect("a quantity")
}

/// A signed transfer of nothing.
pub(crate) fn raw_transfer(account: DevAccount, nonce: u64, max_fee_per_gas: u128) -> Bytes {
    let transaction = TxEip1559 {
        chain_id: 412_346,
        nonce,
        gas_limit: 21_000,
        max_fee_per_gas,
        to: TxKind::Call(Address::repeat_byte(0x11)),
        ..TxEip1559::default()
    };
    let signature = signer(account).sign_hash_sync(&transaction.signature_hash()).expect("a signature");
    TxEnvelope::from(transaction.into_signed(signature)).encoded_2718().into()
}

/// Submits a signed transaction and returns its hash.
pub(crate) fn submit(node: &Devnode, raw: &Bytes) -> Value {
    ask(node, "eth_sendRawTransaction", json!([raw]))
}
