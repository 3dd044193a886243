//! Accounts changed by hand.

use crate::contracts::observer;
use crate::support::{ask, deploy, node, provider, quantity, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, U256};
use alloy::rpc::types::TransactionRequest;
use serde_json::{Value, json};

const FRIEND: Address = Address::repeat_byte(0x44);

#[tokio::test]
async fn money_comes_from_nowhere() {
    let node = node().await;
    for (method, balance) in [("anvil_setBalance", "0x64"), ("hardhat_setBalance", "0x0")] {
        assert_eq!(ask(&node, method, json!([FRIEND, balance])), Value::Null);
        assert_eq!(ask(&node, "eth_getBalance", json!([FRIEND, "latest"])), balance);
    }
    ask(&node, "evm_mine", json!([]));
    assert_eq!(ask(&node, "eth_getBalance", json!([FRIEND, "latest"])), "0x0");
    for balance in ["0x5", "0xa"] {
        ask(&node, "anvil_addBalance", json!([FRIEND, "0x5"]));
        assert_eq!(ask(&node, "eth_getBalance", json!([FRIEND, "latest"])), balance);
    }
}

#[tokio::test]
async fn code_appears_and_disappears() {
    let node = node().await;
    let contract = deploy(&provider(&node, 0), observer()).await;
    let code = ask(&node, "eth_getCode", json!([contract]));
    for method in ["anvil_setCode", "hardhat_setCode"] {
        assert_eq!(ask(&node, method, json!([FRIEND, code])), Value::Null);
        assert_eq!(ask(&node, "eth_getCode", json!([FRIEND])), code);
        let seen = ask(&node, "eth_call", json!([{ "to": FRIEND }]));
        // Its second word is the number of the block: that of the deployment.
        assert_eq!(&seen.as_str().expect("bytes")[66..130], format!("{:064x}", 1));
        ask(&node, method, json!([FRIEND, "0x"]));
        assert_eq!(ask(&node, "eth_getCode", json!([FRIEND])), "0x");
        assert_eq!(ask(&node, "eth_call", json!([{ "to": FRIEND }])), "0x");
    }
}

#[tokio::test]
async fn nonces_go_up_and_down() {
    let node = node().await;
    let sender = node.accounts()[0].address;
    for (method, nonce) in [("anvil_setNonce", "0x7"), ("hardhat_setNonce", "0x2")] {
        assert_eq!(ask(&node, method, json!([sender, nonce])), Value::Null);
        assert_eq!(ask(&node, "eth_getTransactionCount", json!([sender])), nonce);
    }
    let receipt = send(&provider(&node, 0), TransactionRequest::default().with_deploy_code(observer())).await;
    assert_eq!(receipt.contract_address, Some(sender.create(2)));
    assert_eq!(quantity(&ask(&node, "eth_getTransactionCount", json!([sender]))), 3);
}

#[tokio::test]
async fn slots_are_written() {
    let node = node().await;
    let slot = U256::MAX - U256::from(3);
    for (method, value) in
        [("anvil_setStorageAt", B256::repeat_byte(7)), ("hardhat_setStorageAt", B256::with_last_byte(0))]
    {
        assert_eq!(ask(&node, method, json!([FRIEND, slot, value])), true);
        assert_eq!(ask(&node, "eth_getStorageAt", json!([FRIEND, slot])), json!(value));
    }
    ask(&node, "anvil_setStorageAt", json!([FRIEND, "0x0", B256::repeat_byte(1)]));
    ask(&node, "anvil_setStorageAt", json!([FRIEND, "0x1", B256::repeat_byte(2)]));
    assert_eq!(ask(&node, "eth_getStorageAt", json!([FRIEND, "0x0"])), json!(B256::repeat_byte(1)), "others stay");
}

#[tokio::test]
async fn bad_alterations_change_nothing() {
    let node = node().await;
    let before = node.state().expect("a snapshot");
    for (method, params, argument) in [
        ("anvil_setBalance", json!([FRIEND]), "missing value for required argument 1"),
        ("anvil_setBalance", json!([FRIEND, "rich"]), "invalid argument 1"),
        ("anvil_setCode", json!(["0x44", "0x00"]), "invalid argument 0"),
        ("anvil_setCode", json!([FRIEND, "0xef01"]), "invalid argument 1"),
        ("anvil_setNonce", json!([FRIEND, "0x10000000000000000"]), "invalid argument 1"),
        ("anvil_setStorageAt", json!([FRIEND, "0x0", "0x1"]), "invalid argument 2"),
    ] {
        let error = node.request(method, params).expect_err(method);
        assert_eq!(error.code(), -32602, "{method}");
        assert!(error.message().starts_with(argument), "{method}: {error}");
    }
    assert_eq!(ask(&node, "eth_getCode", json!([FRIEND])), "0x");
    assert_eq!(node.state().expect("a snapshot").balance(FRIEND), before.balance(FRIEND));
    assert_eq!(ask(&node, "eth_getTransactionCount", json!([FRIEND])), "0x0");
    assert_eq!(ask(&node, "eth_getStorageAt", json!([FRIEND, "0x0"])), json!(B256::ZERO));
}
