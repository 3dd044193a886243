//! Filters: what is new since the last question.

use crate::contracts::recorder;
use crate::support::{ask, deploy, node, provider, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256};
use alloy::rpc::types::TransactionRequest;
use serde_json::{Value, json};
use stylus_devnode::Devnode;

fn changes(node: &Devnode, id: &Value) -> Vec<Value> {
    ask(node, "eth_getFilterChanges", json!([id])).as_array().expect("an array").clone()
}

fn hash_of_head(node: &Devnode) -> Value {
    ask(node, "eth_getBlockByNumber", json!(["latest", false]))["hash"].clone()
}

#[tokio::test]
async fn filters_report_what_is_new_once() {
    let node = node().await;
    let provider = provider(&node, 0);
    let contract = deploy(&provider, recorder()).await;
    let record = TransactionRequest::default().with_to(contract).with_input(B256::with_last_byte(9));
    send(&provider, record.clone()).await;

    let blocks = ask(&node, "eth_newBlockFilter", json!([]));
    let transactions = ask(&node, "eth_newPendingTransactionFilter", json!([]));
    let events = ask(&node, "eth_newFilter", json!([{ "address": contract, "fromBlock": "0x0" }]));
    let strangers = ask(&node, "eth_newFilter", json!([{ "address": Address::ZERO }]));
    for id in [&blocks, &transactions, &events, &strangers] {
        assert!(changes(&node, id).is_empty(), "nothing is new yet");
    }

    let receipt = send(&provider, record).await;
    assert_eq!(changes(&node, &blocks), [hash_of_head(&node)]);
    assert_eq!(changes(&node, &transactions), [json!(receipt.transaction_hash)]);
    let logs = changes(&node, &events);
    assert_eq!(logs.len(), 1);
    assert_eq!(logs[0]["transactionHash"], json!(receipt.transaction_hash));
    assert!(changes(&node, &strangers).is_empty());
    for id in [&blocks, &transactions, &events] {
        assert!(changes(&node, id).is_empty(), "everything is reported once");
    }
    let all = ask(&node, "eth_getFilterLogs", json!([events]));
    assert_eq!(all.as_array().expect("an array").len(), 2, "the filter's own range has both events");
}

#[tokio::test]
async fn a_filter_for_a_range_ends_with_it() {
    let node = node().await;
    let provider = provider(&node, 0);
    let contract = deploy(&provider, recorder()).await;
    let record = TransactionRequest::default().with_to(contract).with_input(B256::with_last_byte(9));
    let events = ask(&node, "eth_newFilter", json!([{ "fromBlock": "0x3", "toBlock": "0x3" }]));
    for (block, new) in [(2, 0), (3, 1), (4, 0)] {
        send(&provider, record.clone()).await;
        assert_eq!(changes(&node, &events).len(), new, "block {block}");
    }
}

#[tokio::test]
async fn filters_go_back_with_the_chain() {
    let node = node().await;
    let blocks = ask(&node, "eth_newBlockFilter", json!([]));
    let snapshot = ask(&node, "evm_snapshot", json!([]));
    ask(&node, "anvil_mine", json!([3]));
    assert_eq!(changes(&node, &blocks).len(), 3);
    ask(&node, "evm_revert", json!([snapshot]));
    ask(&node, "evm_mine", json!([]));
    assert_eq!(changes(&node, &blocks), [hash_of_head(&node)]);
}

#[tokio::test]
async fn filters_are_uninstalled() {
    let node = node().await;
    let blocks = ask(&node, "eth_newBlockFilter", json!([]));
    assert_eq!(ask(&node, "eth_uninstallFilter", json!([blocks])), true);
    assert_eq!(ask(&node, "eth_uninstallFilter", json!([blocks])), false);
    for method in ["eth_getFilterChanges", "eth_getFilterLogs"] {
        let error = node.request(method, json!([blocks])).expect_err("gone");
        assert_eq!((error.code(), error.message()), (-32000, "filter not found"));
    }
}
