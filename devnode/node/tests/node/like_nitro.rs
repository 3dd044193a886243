//! A node that is asked to be like Nitro's development mode where it is otherwise kinder to developers.

use crate::support::{ask, quantity, raw_transfer, signer};
use alloy::consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy::eips::eip2718::Encodable2718;
use alloy::primitives::{Address, Bytes, TxKind, U256};
use alloy::signers::SignerSync;
use serde_json::{Value, json};
use stylus_devnode::Devnode;

/// The gas that a transaction and a block may compute with.
const LIMIT: u64 = 32_000_000;
/// Where INVALID stands, which takes all gas.
const FURNACE: Address = Address::repeat_byte(0xfe);

async fn nitro() -> Devnode {
    let builder = Devnode::builder().like_nitro(true).timestamp(1_000_000).manual_time(true);
    let node = builder.spawn().await.expect("a node");
    ask(&node, "anvil_setCode", json!([FURNACE, "0xfe"]));
    node
}

/// A transaction that uses `gas`.
fn burn(node: &Devnode, nonce: u64, gas: u64) -> Bytes {
    let transaction = TxEip1559 {
        chain_id: 412_346,
        nonce,
        gas_limit: gas,
        max_fee_per_gas: 10_000_000_000,
        to: TxKind::Call(FURNACE),
        ..TxEip1559::default()
    };
    let signature = signer(node.accounts()[0]).sign_hash_sync(&transaction.signature_hash()).expect("a signature");
    TxEnvelope::from(transaction.into_signed(signature)).encoded_2718().into()
}

fn block(node: &Devnode, block: &str) -> Value {
    ask(node, "eth_getBlockByNumber", json!([block, false]))
}

#[tokio::test]
async fn the_base_fee_follows_what_is_used() {
    let node = nitro().await;
    let base_fee = |node: &Devnode| quantity(&block(node, "latest")["baseFeePerGas"]);
    // Ten seconds' worth of gas raise nothing: 70 million.
    for nonce in 0..3 {
        ask(&node, "eth_sendRawTransaction", json!([burn(&node, nonce, LIMIT)]));
        assert_eq!(base_fee(&node), 100_000_000);
    }
    // Each block sets the price of the next.
    ask(&node, "anvil_mine", json!(["0x2"]));
    let risen = base_fee(&node);
    assert!(risen > 100_000_000, "{risen}");
    ask(&node, "evm_increaseTime", json!([60]));
    ask(&node, "anvil_mine", json!(["0x2"]));
    assert_eq!(base_fee(&node), 100_000_000);
    // Elsewhere it stays what tests expect.
    let kind = Devnode::builder().spawn().await.expect("a node");
    ask(&kind, "anvil_setCode", json!([FURNACE, "0xfe"]));
    for nonce in 0..4 {
        ask(&kind, "eth_sendRawTransaction", json!([burn(&kind, nonce, LIMIT)]));
    }
    assert_eq!(base_fee(&kind), 100_000_000);
}

#[tokio::test]
async fn a_block_is_full_at_32_million_gas() {
    let node = nitro().await;
    ask(&node, "evm_setAutomine", json!([false]));
    for nonce in 0..3 {
        ask(&node, "eth_sendRawTransaction", json!([burn(&node, nonce, LIMIT / 2)]));
    }
    let count = |node: &Devnode| block(node, "latest")["transactions"].as_array().map(Vec::len);
    ask(&node, "evm_mine", json!([]));
    assert_eq!(count(&node), Some(2));
    ask(&node, "evm_mine", json!([]));
    assert_eq!(count(&node), Some(1));
}

#[tokio::test]
async fn there_is_nothing_that_nitro_has_not() {
    let node = nitro().await;
    let sender = node.accounts()[0].address;
    assert_eq!(node.accounts().len(), 1);
    assert_ne!(ask(&node, "eth_getBalance", json!([sender, "latest"])), "0x0");
    // The CREATE2 factory, and StylusDeployer, which set-up scripts create through it.
    for contract in ["0x4e59b44847b379578588920ca78fbf26c0b4956c", "0xcEcba2F1DC234f70Dd89F2041029807F8D03A990"] {
        assert_eq!(ask(&node, "eth_getCode", json!([contract, "latest"])), "0x");
    }
    assert_eq!(ask(&node, "eth_accounts", json!([])), json!([]));
    let request = json!([{ "from": sender, "to": FURNACE }]);
    let error = node.request("eth_sendTransaction", request).expect_err("nobody signs");
    assert_eq!((error.code(), error.message()), (-32_000, "unknown account"));
    for method in ["eth_coinbase", "txpool_status", "personal_sign", "net_listening"] {
        assert_eq!(node.request(method, json!([])).expect_err(method).code(), -32_601, "{method}");
    }
    // NodeInterface.blockL1Num of a block that is not there.
    let data = format!("0x6f275ef2{}", alloy::hex::encode(U256::from(999).to_be_bytes::<32>()));
    let question = json!([{ "to": "0x00000000000000000000000000000000000000c8", "data": data }]);
    let error = node.request("eth_call", question).expect_err("no such block");
    assert_eq!((error.code(), error.message(), error.data().is_none()), (-32_000, "execution reverted", true));
    let ahead = node.request("eth_sendRawTransaction", json!([raw_transfer(node.accounts()[0], 7, 200_000_000)]));
    assert!(ahead.expect_err("there is no pool").message().starts_with("nonce too high"));
}

#[tokio::test]
async fn no_state_is_forgotten() {
    let node = nitro().await;
    ask(&node, "anvil_setBalance", json!([FURNACE, U256::ONE]));
    ask(&node, "anvil_mine", json!(["0x44c"]));
    assert_eq!(ask(&node, "eth_getBalance", json!([FURNACE, "0x1"])), "0x1");
}
