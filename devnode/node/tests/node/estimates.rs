//! `eth_estimateGas` finds what suffices.

use crate::contracts::{demanding, recorder};
use crate::support::{ask, deploy, node, provider, quantity, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256};
use alloy::rpc::types::TransactionRequest;
use serde_json::json;

#[tokio::test]
async fn a_transfer_takes_exactly_21_000() {
    let node = node().await;
    let call = json!([{ "from": node.accounts()[0].address, "to": Address::repeat_byte(1), "value": "0x1" }]);
    assert_eq!(quantity(&ask(&node, "eth_estimateGas", call)), 21_000);
}

#[tokio::test]
async fn the_estimate_is_close_to_what_is_used() {
    let node = node().await;
    let provider = provider(&node, 0);
    let contract = deploy(&provider, recorder()).await;
    let word = B256::repeat_byte(0x77);
    let estimate = quantity(&ask(&node, "eth_estimateGas", json!([{ "to": contract, "input": word }])));
    let request = TransactionRequest::default().with_to(contract).with_input(word).with_gas_limit(estimate);
    let receipt = send(&provider, request.clone()).await;
    assert!(receipt.status(), "the estimate suffices");
    // The first store in an empty slot gives nothing back, so all that is used is needed.
    assert!(estimate >= receipt.gas_used);
    assert!(estimate - receipt.gas_used <= estimate * 3 / 200, "{estimate} for {}", receipt.gas_used);
}

#[tokio::test]
async fn what_is_needed_may_be_more_than_what_is_used() {
    let node = node().await;
    let provider = provider(&node, 0);
    let contract = deploy(&provider, demanding()).await;
    let estimate = quantity(&ask(&node, "eth_estimateGas", json!([{ "to": contract }])));
    // 21,000 for the transaction, 3 for PUSH3, 2 for GAS itself, and then it wants to see 100,000.
    let least = 121_005;
    assert!((least..=least * 200 / 197).contains(&estimate), "{estimate}");
    let request = TransactionRequest::default().with_to(contract);
    assert!(send(&provider, request.clone().with_gas_limit(estimate)).await.status());
    assert!(send(&provider, request.clone().with_gas_limit(least)).await.status());
    assert!(!send(&provider, request.with_gas_limit(least - 1)).await.status());
}

#[tokio::test]
async fn more_gas_than_allowed_is_refused() {
    let node = node().await;
    let contract = deploy(&provider(&node, 0), demanding()).await;
    // With 90,000 gas the contract reverts.
    let error = node.request("eth_estimateGas", json!([{ "to": contract, "gas": "0x15f90" }])).expect_err("a revert");
    assert_eq!(error.code(), 3);
    // 20,000 gas do not even pay for a transaction: nobody can mean that.
    assert!(node.request("eth_estimateGas", json!([{ "to": contract, "gas": "0x4e20" }])).is_ok());
    // 21,000 do not pay for the call.
    let error = node.request("eth_estimateGas", json!([{ "to": contract, "gas": "0x5208" }])).expect_err("too little");
    assert_eq!((error.code(), error.message()), (-32000, "gas required exceeds allowance (21000)"));
}

#[tokio::test]
async fn the_sender_must_be_able_to_pay_if_there_is_a_price() {
    let node = node().await;
    let poor = Address::repeat_byte(0x33);
    // 30,000 gas at 0.1 gwei.
    ask(&node, "anvil_setBalance", json!([poor, "0x2ba7def3000"]));
    let contract = deploy(&provider(&node, 0), demanding()).await;
    let call = json!([{ "from": poor, "to": contract, "gasPrice": "0x5f5e100" }]);
    let error = node.request("eth_estimateGas", call).expect_err("poor");
    assert_eq!(error.code(), 3, "with the 30,000 gas it can pay for, the contract reverts: {error}");
    let call = json!([{ "from": poor, "to": contract, "gasPrice": "0x5f5e100", "value": "0x2ba7def3001" }]);
    let error = node.request("eth_estimateGas", call).expect_err("poorer");
    assert_eq!(error.message(), "insufficient funds for transfer");
}
