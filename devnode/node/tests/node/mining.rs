//! When blocks are mined, and what waits until then.

use crate::contracts::recorder;
use crate::support::{BASE_FEE, ask, deploy, node, provider, quantity, raw_transfer, submit};
use alloy::primitives::{Address, B256};
use alloy::providers::{Provider, ProviderBuilder, WsConnect};
use serde_json::{Value, json};
use std::time::Duration;
use stylus_devnode::{Devnode, Impersonation};
use tokio::time::timeout;

/// How long a block may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(30);

fn head(node: &Devnode) -> Value {
    ask(node, "eth_getBlockByNumber", json!(["latest", false]))
}

fn head_time(node: &Devnode) -> u64 {
    quantity(&head(node)["timestamp"])
}

/// A node that mines only when asked to.
pub(crate) async fn patient_node() -> Devnode {
    let node = node().await;
    assert_eq!(ask(&node, "anvil_getAutomine", json!([])), true);
    assert_eq!(ask(&node, "evm_setAutomine", json!([false])), Value::Null);
    assert_eq!(ask(&node, "anvil_getAutomine", json!([])), false);
    node
}

pub(crate) fn nonce(node: &Devnode, account: usize, block: &str) -> u64 {
    quantity(&ask(node, "eth_getTransactionCount", json!([node.accounts()[account].address, block])))
}

#[tokio::test]
async fn blocks_are_mined_by_hand() {
    let builder = Devnode::builder().timestamp(1_000).manual_time(true);
    let node = builder.spawn().await.expect("a node");
    assert_eq!(ask(&node, "evm_mine", json!([2_000])), "0x0");
    assert_eq!((&head(&node)["number"], head_time(&node)), (&json!("0x1"), 2_000));
    ask(&node, "evm_mine", json!([{ "timestamp": 3_000, "blocks": 2 }]));
    assert_eq!((&head(&node)["number"], head_time(&node)), (&json!("0x3"), 3_000));
    // Three blocks, ten seconds from each to the next.
    ask(&node, "anvil_mine", json!([3, 10]));
    assert_eq!((&head(&node)["number"], head_time(&node)), (&json!("0x6"), 3_020));
    assert_eq!(head(&node)["transactions"], json!([]));
    let error = node.request("anvil_mine", json!(["0xffffffff"])).expect_err("too many");
    assert_eq!(error.code(), -32602);
}

#[tokio::test]
async fn without_automine_transactions_wait_and_share_a_block() {
    let node = patient_node().await;
    let [alice, bob] = [node.accounts()[1], node.accounts()[2]];
    // Bob's come before and between Alice's, and hers in the wrong order.
    let order = [(bob, 0), (alice, 1), (alice, 0), (bob, 1), (alice, 2)];
    let hashes = order.map(|(sender, nonce)| submit(&node, &raw_transfer(sender, nonce, BASE_FEE)));
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x0");
    assert_eq!((nonce(&node, 1, "latest"), nonce(&node, 1, "pending")), (0, 3));
    assert_eq!((nonce(&node, 2, "latest"), nonce(&node, 2, "pending")), (0, 2));

    ask(&node, "anvil_mine", json!([2]));
    let block = ask(&node, "eth_getBlockByNumber", json!(["0x1", false]));
    // Alice's second came before her first, and is mined as soon as that is: before Bob's second, which came later.
    assert_eq!(block["transactions"], json!([hashes[0], hashes[2], hashes[1], hashes[3], hashes[4]]));
    assert_eq!(block["gasUsed"], "0x19a28", "five transfers of 21,000 gas");
    assert_eq!(head(&node)["transactions"], json!([]));
    let receipt = ask(&node, "eth_getTransactionReceipt", json!([hashes[3]]));
    assert_eq!((&receipt["transactionIndex"], &receipt["cumulativeGasUsed"]), (&json!("0x3"), &json!("0x14820")));
    assert_eq!((nonce(&node, 1, "latest"), nonce(&node, 1, "pending")), (3, 3));
    assert_eq!(ask(&node, "txpool_status", json!([])), json!({ "pending": "0x0", "queued": "0x0" }));
}

#[tokio::test]
async fn later_transactions_of_a_block_see_the_earlier_ones() {
    let node = node().await;
    let contract = deploy(&provider(&node, 0), recorder()).await;
    ask(&node, "evm_setAutomine", json!([false]));
    let sender = node.accounts()[1].address;
    let send = |word: u8| {
        let call = json!({ "from": sender, "to": contract, "input": B256::with_last_byte(word), "gas": "0x186a0" });
        ask(&node, "eth_sendTransaction", json!([call]))
    };
    let hashes = [send(1), send(2), send(2)];
    ask(&node, "evm_mine", json!([]));
    let gas = hashes.map(|hash| quantity(&ask(&node, "eth_getTransactionReceipt", json!([hash]))["gasUsed"]));
    // A slot costs 22,100 gas to set, 5,000 to change, and 2,200 to write what it holds (EIP-2929).
    assert_eq!((gas[0] - gas[1], gas[1] - gas[2]), (17_100, 2_800));
    assert_eq!(ask(&node, "eth_getStorageAt", json!([contract, "0x0"])), json!(B256::with_last_byte(2)));
    let events = ask(&node, "eth_getLogs", json!([{ "fromBlock": "latest" }]));
    let indices: Vec<_> = events.as_array().expect("events").iter().map(|event| event["logIndex"].clone()).collect();
    assert_eq!(indices, ["0x0", "0x1", "0x2"]);
}

#[tokio::test]
async fn with_automine_again_what_waits_is_mined() {
    let node = patient_node().await;
    let sender = node.accounts()[1];
    for nonce in [0, 1, 3] {
        submit(&node, &raw_transfer(sender, nonce, BASE_FEE));
    }
    assert_eq!(ask(&node, "anvil_setAutomine", json!([true])), Value::Null);
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x2", "a block for each");
    assert_eq!(ask(&node, "txpool_status", json!([])), json!({ "pending": "0x0", "queued": "0x1" }));
    submit(&node, &raw_transfer(sender, 2, BASE_FEE));
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x4");
}

#[tokio::test]
async fn what_could_never_be_mined_does_not_wait() {
    let node = patient_node().await;
    let sender = node.accounts()[1];
    let poor = node.accounts()[2];
    ask(&node, "anvil_setBalance", json!([poor.address, "0x0"]));
    submit(&node, &raw_transfer(sender, 0, BASE_FEE));
    for (raw, message) in [
        (raw_transfer(sender, 0, BASE_FEE), "already known"),
        (raw_transfer(sender, 0, BASE_FEE + 1), "replacement transaction underpriced"),
        (raw_transfer(sender, 1, BASE_FEE - 1), "max fee per gas less than block base fee"),
        (raw_transfer(poor, 0, BASE_FEE), "insufficient funds for gas * price + value"),
    ] {
        let error = node.request("eth_sendRawTransaction", json!([raw])).expect_err("refused");
        assert!(error.message().starts_with(message), "{error}");
    }
    assert_eq!(ask(&node, "txpool_status", json!([])), json!({ "pending": "0x1", "queued": "0x0" }));
    // More than may wait behind a gap: without one there is room.
    for nonce in 1..=70 {
        submit(&node, &raw_transfer(sender, nonce, BASE_FEE));
    }
    ask(&node, "evm_mine", json!([]));
    assert_eq!(nonce(&node, 1, "latest"), 71);
}

#[tokio::test]
async fn what_becomes_invalid_is_dropped_and_the_rest_mined() {
    let node = patient_node().await;
    let [sender, other] = [node.accounts()[1], node.accounts()[2]];
    let dropped = submit(&node, &raw_transfer(sender, 0, BASE_FEE));
    submit(&node, &raw_transfer(sender, 1, BASE_FEE));
    let mined = submit(&node, &raw_transfer(other, 0, BASE_FEE));
    ask(&node, "anvil_setBalance", json!([sender.address, "0x0"]));
    ask(&node, "evm_mine", json!([]));
    assert_eq!(head(&node)["transactions"], json!([mined]));
    assert_eq!(ask(&node, "eth_getTransactionByHash", json!([dropped])), Value::Null);
    assert_eq!(ask(&node, "txpool_status", json!([])), json!({ "pending": "0x0", "queued": "0x1" }), "there is a gap");
    ask(&node, "anvil_setNonce", json!([sender.address, "0x2"]));
    assert_eq!(ask(&node, "txpool_status", json!([])), json!({ "pending": "0x0", "queued": "0x0" }), "it is used now");
}

#[tokio::test]
async fn an_impersonated_call_in_process_is_mined_at_once() {
    let node = patient_node().await;
    let sender = node.accounts()[1];
    let overtaken = submit(&node, &raw_transfer(sender, 0, BASE_FEE));
    let call = Impersonation { from: sender.address, to: Address::repeat_byte(0x44), ..Impersonation::default() };
    assert!(node.impersonate(call).expect("a mined transaction").success);
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x1");
    assert_eq!(ask(&node, "eth_getTransactionByHash", json!([overtaken])), Value::Null, "its nonce is used");
}

#[tokio::test]
async fn a_block_comes_at_every_interval() {
    let node = node().await;
    let client = ProviderBuilder::new().connect_ws(WsConnect::new(node.ws_url())).await.expect("a connection");
    let mut heads = client.subscribe_blocks().await.expect("a subscription");
    assert_eq!(ask(&node, "anvil_getIntervalMining", json!([])), Value::Null);
    assert_eq!(ask(&node, "evm_setIntervalMining", json!([1])), Value::Null);
    assert_eq!(ask(&node, "anvil_getIntervalMining", json!([])), 1);
    assert_eq!(ask(&node, "anvil_getAutomine", json!([])), false);
    let hash = submit(&node, &raw_transfer(node.accounts()[1], 0, BASE_FEE));
    let block_of = || ask(&node, "eth_getTransactionByHash", json!([hash]))["blockNumber"].clone();
    for number in 1_u64.. {
        assert_eq!(timeout(PATIENCE, heads.recv()).await.expect("in time").expect("a head").number, number);
        if number > 1 && block_of() != Value::Null {
            break;
        }
    }
    ask(&node, "anvil_setIntervalMining", json!([0]));
    assert_eq!(ask(&node, "anvil_getAutomine", json!([])), false, "only by hand now");
    let before = quantity(&ask(&node, "eth_blockNumber", json!([])));
    submit(&node, &raw_transfer(node.accounts()[1], 1, BASE_FEE));
    ask(&node, "anvil_setIntervalMining", json!(["0xffffffffffffffff"]));
    assert_eq!(quantity(&ask(&node, "eth_blockNumber", json!([]))), before);
    ask(&node, "evm_mine", json!([]));
    assert_eq!(nonce(&node, 1, "latest"), 2);
}

#[tokio::test]
async fn the_pool_shows_what_waits() {
    let node = patient_node().await;
    let sender = node.accounts()[1];
    let pending = submit(&node, &raw_transfer(sender, 0, BASE_FEE));
    let queued = submit(&node, &raw_transfer(sender, 5, BASE_FEE));
    let name = sender.address.to_string();
    let content = ask(&node, "txpool_content", json!([]));
    assert_eq!(content["pending"][&name]["0"]["hash"], pending);
    assert_eq!(content["queued"][&name]["5"]["hash"], queued);
    assert_eq!(content["pending"][&name]["0"]["blockNumber"], Value::Null);
    let own = ask(&node, "txpool_contentFrom", json!([sender.address]));
    assert_eq!((&own["pending"], &own["queued"]), (&content["pending"][&name], &content["queued"][&name]));
    let others = ask(&node, "txpool_contentFrom", json!([node.accounts()[2].address]));
    assert_eq!(others, json!({ "pending": {}, "queued": {} }));
    let line = format!("{}: 0 wei + 21000 gas × {BASE_FEE} wei", Address::repeat_byte(0x11));
    assert_eq!(ask(&node, "txpool_inspect", json!([]))["pending"][&name]["0"], line);
}

#[tokio::test]
async fn waiting_transactions_are_dropped() {
    let node = patient_node().await;
    let sender = node.accounts()[1];
    let hashes = [0, 1, 2].map(|nonce| submit(&node, &raw_transfer(sender, nonce, BASE_FEE)));
    assert_eq!(ask(&node, "anvil_dropTransaction", json!([hashes[1]])), hashes[1]);
    assert_eq!(ask(&node, "anvil_dropTransaction", json!([hashes[1]])), Value::Null);
    assert_eq!(ask(&node, "hardhat_dropTransaction", json!([hashes[1]])), false);
    assert_eq!(nonce(&node, 1, "pending"), 1);
    assert_eq!(ask(&node, "txpool_status", json!([])), json!({ "pending": "0x1", "queued": "0x1" }));
    ask(&node, "evm_mine", json!([]));
    assert_eq!(head(&node)["transactions"], json!([hashes[0]]));
    assert_eq!(ask(&node, "anvil_dropAllTransactions", json!([])), Value::Null);
    assert_eq!(ask(&node, "txpool_status", json!([])), json!({ "pending": "0x0", "queued": "0x0" }));
}

#[tokio::test]
async fn bad_parameters_do_not_change_how_the_chain_mines() {
    let node = node().await;
    for (method, params) in [
        ("evm_setAutomine", json!(["off"])),
        ("evm_setAutomine", json!([])),
        ("anvil_setIntervalMining", json!([-1])),
        ("anvil_setIntervalMining", json!([[1, 2]])),
        ("anvil_dropTransaction", json!(["0x12"])),
        ("txpool_contentFrom", json!([])),
    ] {
        let error = node.request(method, params).expect_err(method);
        assert_eq!(error.code(), -32602, "{method}");
        assert!(error.message().contains("argument 0"), "{error}");
    }
    assert_eq!(ask(&node, "anvil_getAutomine", json!([])), true);
    assert_eq!(ask(&node, "anvil_getIntervalMining", json!([])), Value::Null);
}
