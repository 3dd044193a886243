//! Snapshots and time travel.

use crate::contracts::{observer, recorder};
use crate::support::{ask, deploy, node, provider, quantity, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use serde_json::{Value, json};
use stylus_devnode::Devnode;

async fn frozen_node() -> Devnode {
    Devnode::builder().timestamp(1_000).manual_time(true).spawn().await.expect("a node")
}

fn head(node: &Devnode) -> Value {
    ask(node, "eth_getBlockByNumber", json!(["latest", false]))
}

fn head_time(node: &Devnode) -> u64 {
    quantity(&head(node)["timestamp"])
}

#[tokio::test]
async fn a_snapshot_brings_back_everything() {
    let node = frozen_node().await;
    let provider = provider(&node, 0);
    let sender = node.accounts()[0].address;
    let friend = Address::repeat_byte(0x44);
    let contract = deploy(&provider, recorder()).await;
    let before = head(&node);
    let balance = provider.get_balance(sender).await.expect("a balance");
    let snapshot = ask(&node, "evm_snapshot", json!([]));

    ask(&node, "evm_increaseTime", json!([3_600]));
    let store = TransactionRequest::default().with_to(contract).with_input(B256::repeat_byte(1));
    let stored = send(&provider, store).await;
    send(&provider, TransactionRequest::default().with_to(friend).with_value(U256::from(5))).await;
    assert_eq!(head_time(&node), 4_600);

    assert_eq!(ask(&node, "evm_revert", json!([snapshot])), true);
    assert_eq!(head(&node), before);
    assert_eq!(provider.get_balance(sender).await.expect("a balance"), balance);
    assert_eq!(provider.get_balance(friend).await.expect("a balance"), U256::ZERO);
    assert_eq!(provider.get_transaction_count(sender).await.expect("a nonce"), 1);
    assert_eq!(provider.get_storage_at(contract, U256::ZERO).await.expect("a slot"), U256::ZERO);
    assert_eq!(provider.get_transaction_receipt(stored.transaction_hash).await.expect("an answer"), None);
    assert_eq!(ask(&node, "eth_getBlockByHash", json!([stored.block_hash, false])), Value::Null);
    ask(&node, "evm_mine", json!([]));
    assert_eq!(head_time(&node), 1_000, "time is back too");
}

#[tokio::test]
async fn a_snapshot_is_used_up_together_with_later_ones() {
    let node = node().await;
    let first = ask(&node, "evm_snapshot", json!([]));
    let second = ask(&node, "evm_snapshot", json!([]));
    let third = ask(&node, "evm_snapshot", json!([]));
    assert_eq!((&first, &second, &third), (&json!("0x1"), &json!("0x2"), &json!("0x3")));
    assert_eq!(ask(&node, "evm_revert", json!([second])), true);
    assert_eq!(ask(&node, "evm_revert", json!([second])), false);
    assert_eq!(ask(&node, "evm_revert", json!([third])), false);
    assert_eq!(ask(&node, "evm_snapshot", json!([])), "0x4", "ids are not used twice");
    assert_eq!(ask(&node, "evm_revert", json!([first])), true);
    assert_eq!(ask(&node, "evm_revert", json!(["0xffffffffffffffffff"])), false);
}

#[tokio::test]
async fn time_moves_as_told() {
    let node = frozen_node().await;
    let contract = deploy(&provider(&node, 0), observer()).await;
    assert_eq!(ask(&node, "evm_increaseTime", json!([100])), 100);
    assert_eq!(ask(&node, "evm_increaseTime", json!(["0x64"])), 100);
    ask(&node, "evm_mine", json!([]));
    assert_eq!(head_time(&node), 1_200);

    assert_eq!(ask(&node, "evm_setNextBlockTimestamp", json!([5_000])), Value::Null);
    let seen: Bytes = serde_json::from_value(ask(&node, "eth_call", json!([{ "to": contract }]))).expect("bytes");
    assert_eq!(U256::from_be_slice(&seen[..32]), U256::from(5_000));
    ask(&node, "evm_increaseTime", json!([100]));
    ask(&node, "evm_mine", json!([]));
    assert_eq!(head_time(&node), 5_000, "the next block has the timestamp that was set");
    ask(&node, "evm_mine", json!([]));
    assert_eq!(head_time(&node), 5_100, "and time goes on from there");

    let error = node.request("evm_setNextBlockTimestamp", json!([5_099])).expect_err("back in time");
    assert_eq!(error.code(), -32000);
    assert_eq!(error.message(), "timestamp 5099 is before the timestamp 5100 of the latest block");
    ask(&node, "evm_setNextBlockTimestamp", json!([5_100]));
}

#[tokio::test]
async fn time_runs_with_the_wall_clock_by_default() {
    let start = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let node = node().await;
    ask(&node, "evm_mine", json!([]));
    let mined = head_time(&node);
    assert!((start..start + 60).contains(&mined), "{mined} shortly after {start}");
    ask(&node, "evm_increaseTime", json!([1_000_000]));
    ask(&node, "evm_mine", json!([]));
    assert!((mined + 1_000_000..mined + 1_000_060).contains(&head_time(&node)));
}

#[tokio::test]
async fn the_time_is_set() {
    let node = frozen_node().await;
    assert_eq!(ask(&node, "evm_setTime", json!([1_500])), 500);
    ask(&node, "evm_setNextBlockTimestamp", json!([9_000]));
    assert_eq!(ask(&node, "anvil_setTime", json!(["0x7d0"])), 0, "back, but not behind the latest block");
    ask(&node, "evm_mine", json!([]));
    assert_eq!(head_time(&node), 2_000, "what was set for the next block is forgotten");
    ask(&node, "evm_increaseTime", json!([10]));
    ask(&node, "evm_mine", json!([]));
    assert_eq!(head_time(&node), 2_010);
    let error = node.request("evm_setTime", json!([2_009])).expect_err("back in time");
    assert_eq!(
        (error.code(), error.message()),
        (-32000, "timestamp 2009 is before the timestamp 2010 of the latest block")
    );
}

#[tokio::test]
async fn blocks_come_at_the_interval_that_was_set() {
    // Its time runs, but what is set does not depend on that.
    let node = Devnode::builder().timestamp(1_000).spawn().await.expect("a node");
    let mine = || {
        ask(&node, "evm_mine", json!([]));
        head_time(&node)
    };
    assert_eq!(ask(&node, "anvil_setBlockTimestampInterval", json!([7])), Value::Null);
    assert_eq!((mine(), mine()), (1_007, 1_014));
    let snapshot = node.state().expect("a snapshot");
    ask(&node, "evm_setNextBlockTimestamp", json!([5_000]));
    assert_eq!((mine(), mine()), (5_000, 5_007));
    ask(&node, "evm_increaseTime", json!([100]));
    assert_eq!((mine(), mine()), (5_114, 5_121));
    assert_eq!(ask(&node, "anvil_removeBlockTimestampInterval", json!([])), true);
    assert_eq!(ask(&node, "anvil_removeBlockTimestampInterval", json!([])), false);
    assert!((5_121..5_151).contains(&mine()));
    let copy = Devnode::builder().state(snapshot).spawn().await.expect("a node");
    ask(&copy, "evm_mine", json!([]));
    assert_eq!(head_time(&copy), 1_021, "the interval is in the snapshot");
}

#[tokio::test]
async fn bad_times_change_nothing() {
    let node = frozen_node().await;
    for (method, params) in [
        ("evm_setTime", json!([])),
        ("evm_setTime", json!(["soon"])),
        ("evm_setTime", json!(["0x10000000000000000"])),
        ("anvil_setBlockTimestampInterval", json!([-1])),
        ("evm_increaseTime", json!([1.5])),
    ] {
        let error = node.request(method, params).expect_err(method);
        assert_eq!(error.code(), -32602, "{method}");
        assert!(error.message().contains("argument 0"), "{error}");
    }
    ask(&node, "evm_mine", json!([]));
    assert_eq!(head_time(&node), 1_000);
}
