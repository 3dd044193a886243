//! `eth_getLogs`.

use crate::contracts::{RECORDED, chatterbox, recorder};
use crate::support::{ask, deploy, node, provider, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, TransactionRequest};
use serde_json::json;
use stylus_devnode::Devnode;

/// Two recorders. Blocks 1 and 2 deploy them; blocks 3, 4 and 5 record 3 and 4 in the first and 5 in the second.
async fn chain_with_events() -> (Devnode, [Address; 2]) {
    let node = node().await;
    let provider = provider(&node, 0);
    let contracts = [deploy(&provider, recorder()).await, deploy(&provider, recorder()).await];
    for (contract, word) in [(contracts[0], 3), (contracts[0], 4), (contracts[1], 5)] {
        let request = TransactionRequest::default().with_to(contract).with_input(B256::with_last_byte(word));
        send(&provider, request).await;
    }
    (node, contracts)
}

#[tokio::test]
async fn events_are_selected_by_block_address_and_topic() {
    let (node, contracts) = chain_with_events().await;
    let provider = provider(&node, 0);
    let topic = B256::from(U256::from(RECORDED));
    let everything = Filter::new().from_block(0);
    for (what, filter, words) in [
        ("all", everything.clone(), vec![3, 4, 5]),
        ("latest block by default", Filter::new(), vec![5]),
        ("a range", everything.clone().to_block(3), vec![3]),
        ("a range beyond the head", Filter::new().from_block(4).to_block(99), vec![4, 5]),
        ("a range after the head", Filter::new().from_block(98).to_block(99), vec![]),
        ("an address", everything.clone().address(contracts[0]), vec![3, 4]),
        ("addresses", everything.clone().address(contracts.to_vec()), vec![3, 4, 5]),
        ("a stranger", everything.clone().address(Address::ZERO), vec![]),
        ("a topic", everything.clone().event_signature(topic), vec![3, 4, 5]),
        ("one of two topics", everything.clone().event_signature(vec![B256::ZERO, topic]), vec![3, 4, 5]),
        ("another topic", everything.clone().event_signature(B256::ZERO), vec![]),
        ("a topic more than there is", everything.clone().topic1(topic), vec![]),
    ] {
        let logs = provider.get_logs(&filter).await.expect("events");
        let found: Vec<u8> = logs.iter().map(|log| log.data().data[31]).collect();
        assert_eq!(found, words, "{what}");
    }
}

#[tokio::test]
async fn events_of_one_block_are_found_by_its_hash() {
    let (node, contracts) = chain_with_events().await;
    let block = ask(&node, "eth_getBlockByNumber", json!(["0x4", false]));
    let logs = ask(&node, "eth_getLogs", json!([{ "blockHash": block["hash"] }]));
    assert_eq!(logs.as_array().expect("an array").len(), 1);
    assert_eq!(logs[0]["address"], json!(contracts[0]));
    assert_eq!(logs[0]["blockTimestamp"], block["timestamp"]);
    assert_eq!(logs[0]["transactionHash"], block["transactions"][0]);
    assert_eq!(logs[0]["logIndex"], "0x0");
    assert_eq!(logs[0]["removed"], false);
    let error = node.request("eth_getLogs", json!([{ "blockHash": B256::ZERO }])).expect_err("unknown");
    assert_eq!((error.code(), error.message()), (-32000, "unknown block"));
    let error = node.request("eth_getLogs", json!([{ "fromBlock": "0x4", "toBlock": "0x3" }])).expect_err("backwards");
    assert_eq!((error.code(), error.message()), (-32000, "invalid block range params"));
}

#[tokio::test]
async fn events_of_a_transaction_are_numbered() {
    let node = node().await;
    let provider = provider(&node, 0);
    let contract = deploy(&provider, chatterbox()).await;
    let receipt = send(&provider, TransactionRequest::default().with_to(contract)).await;
    let indices: Vec<_> = receipt.logs().iter().map(|log| log.log_index).collect();
    assert_eq!(indices, [Some(0), Some(1)]);
    let logs = provider.get_logs(&Filter::new()).await.expect("events");
    assert_eq!(logs, receipt.logs());
}

#[tokio::test]
async fn blooms_hold_the_events() {
    let (node, contracts) = chain_with_events().await;
    let provider = provider(&node, 0);
    let with = provider.get_block(4.into()).await.expect("an answer").expect("a block");
    let without = provider.get_block(1.into()).await.expect("an answer").expect("a block");
    let address = alloy::primitives::BloomInput::Raw(contracts[0].as_slice());
    assert!(with.header.logs_bloom.contains_input(address));
    assert!(without.header.logs_bloom.is_zero());
    let receipts = ask(&node, "eth_getBlockReceipts", json!(["0x4"]));
    assert_eq!(receipts[0]["logsBloom"], json!(with.header.logs_bloom));
}
