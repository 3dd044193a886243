//! Blocks of the other chain, of L2 and of L1.

use crate::support::{ask, count, counted, fork, other};
use alloy::primitives::{Address, B256, Bytes, U256, address, keccak256};
use serde_json::{Value, json};
use stylus_devnode::{DEV_ACCOUNTS, Devnode, L1BlockNumber};

const ARBOS: Address = address!("A4B05FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
const ARB_SYS: Address = address!("0000000000000000000000000000000000000064");

/// Returns NUMBER, and BLOCKHASH of the word in the call data.
const OBSERVER: &str = "0x435f525f354060205260405ff3";

/// The slot where ArbOS keeps the hash of an L1 block.
fn slot_of_l1_hash(number: u64) -> U256 {
    let space = keccak256([6]);
    let key = U256::from(1 + number % 256).to_be_bytes::<32>();
    // Keys that are the same but for their last byte are neighbours.
    let mut slot = keccak256([space.as_slice(), &key[..31]].concat());
    slot.0[31] = key[31];
    slot.into()
}

fn hash_of(node: &Devnode, observer: Address, number: u64) -> (U256, B256) {
    let data = Bytes::from(U256::from(number).to_be_bytes::<32>());
    let answer = ask(node, "eth_call", json!([{ "to": observer, "data": data }, "latest"]));
    let words: Bytes = serde_json::from_value(answer).expect("two words");
    (U256::from_be_slice(&words[..32]), B256::from_slice(&words[32..]))
}

/// `ArbSys.arbBlockHash`.
fn arb_block_hash(node: &Devnode, number: u64) -> Value {
    let data = format!("0x2b407a82{}", alloy::hex::encode(U256::from(number).to_be_bytes::<32>()));
    ask(node, "eth_call", json!([{ "to": ARB_SYS, "data": data }, "latest"]))
}

#[tokio::test]
async fn hashes_of_l1_and_of_l2_are_kept_apart() {
    let far = Devnode::builder().l1_block_number(L1BlockNumber::Stays(1_000)).spawn().await.expect("a node");
    let observer = Address::repeat_byte(0xcc);
    ask(&far, "anvil_setCode", json!([observer, OBSERVER]));
    let hash = B256::repeat_byte(0xab);
    ask(&far, "anvil_setStorageAt", json!([ARBOS, slot_of_l1_hash(999), hash]));
    ask(&far, "anvil_mine", json!(["0x5"]));
    let fork = fork(&far.http_url()).await;
    ask(&fork, "anvil_mine", json!(["0x3"]));
    // The number of L1 stays, and its hashes come from the state of ArbOS.
    assert_eq!(hash_of(&fork, observer, 999), (U256::from(1_000), hash));
    for unknown in [998, 1_000, 743, 5] {
        assert_eq!(hash_of(&fork, observer, unknown).1, B256::ZERO, "{unknown}");
    }
    // Blocks of L2: before the fork, the forked one, and after it.
    for number in 1..8 {
        let node = if number <= 5 { &far } else { &fork };
        let block = ask(node, "eth_getBlockByNumber", json!([format!("{number:#x}"), false]));
        assert_eq!(arb_block_hash(&fork, number), block["hash"], "{number}");
    }
}

#[tokio::test]
async fn transactions_of_a_fork_can_be_traced() {
    let far = Devnode::builder().spawn().await.expect("a node");
    ask(&far, "anvil_mine", json!(["0x2"]));
    let fork = fork(&far.http_url()).await;
    let from = fork.accounts()[0].address;
    let hash =
        ask(&fork, "eth_sendTransaction", json!([{ "from": from, "to": Address::repeat_byte(1), "value": "0x1" }]));
    let trace = ask(&fork, "debug_traceTransaction", json!([hash, { "tracer": "callTracer" }]));
    assert_eq!((&trace["type"], &trace["gasUsed"]), (&json!("CALL"), &json!("0x5208")));
    let history = ask(&fork, "eth_feeHistory", json!(["0x10", "latest", []]));
    assert_eq!((&history["oldestBlock"], history["gasUsedRatio"].as_array().map(Vec::len)), (&json!("0x2"), Some(2)));
}

#[tokio::test]
async fn what_was_before_is_asked_of_the_other_node() {
    let other = other().await;
    let hash = count(&other.node, other.contract, 1)["transactionHash"].clone();
    let fork = fork(&other.node.http_url()).await;
    let own = count(&fork, other.contract, 1);
    ask(&other.node, "anvil_mine", json!(["0x3"]));
    let block = ask(&other.node, "eth_getTransactionReceipt", json!([hash]))["blockNumber"].clone();
    for (method, params) in [
        ("eth_getTransactionReceipt", json!([hash])),
        ("eth_getTransactionByHash", json!([hash])),
        ("eth_getRawTransactionByHash", json!([hash])),
        ("debug_traceTransaction", json!([hash, { "tracer": "callTracer" }])),
        ("eth_getBlockByNumber", json!(["0x1", true])),
        ("eth_getBlockByNumber", json!(["earliest", false])),
        ("eth_getBlockByNumber", json!([block, true])),
        ("eth_getBlockReceipts", json!([block])),
        ("eth_getBlockTransactionCountByNumber", json!([block])),
        ("eth_getTransactionByBlockNumberAndIndex", json!([block, "0x0"])),
        ("eth_getBalance", json!([DEV_ACCOUNTS[0].address, "0x2"])),
        ("eth_getStorageAt", json!([other.contract, "0x0", "0x1"])),
        ("eth_call", json!([{ "to": other.contract }, "0x1"])),
        ("eth_getLogs", json!([{ "fromBlock": "0x0", "toBlock": "0x5" }])),
    ] {
        let there = ask(&other.node, method, params.clone());
        assert!(!there.is_null(), "{method}");
        assert_eq!(ask(&fork, method, params), there, "{method}");
    }
    // What is here is not asked there.
    let latest = ask(&fork, "eth_getBlockByNumber", json!([own["blockNumber"], false]));
    assert_eq!(latest["hash"], own["blockHash"]);
    assert_eq!(ask(&fork, "eth_getTransactionReceipt", json!([own["transactionHash"]])), own);
    assert_eq!(ask(&fork, "eth_getTransactionReceipt", json!([B256::ZERO])), Value::Null);
}

#[tokio::test]
async fn events_are_found_on_both_sides_of_the_fork() {
    // LOG0 of nothing, and STOP.
    let far = Devnode::builder().spawn().await.expect("a node");
    let loud = Address::repeat_byte(0x10);
    ask(&far, "anvil_setCode", json!([loud, "0x5f5fa000"]));
    let call = |node: &Devnode| {
        let from = node.accounts()[0].address;
        ask(node, "eth_sendTransaction", json!([{ "from": from, "to": loud }]));
    };
    call(&far);
    call(&far);
    let fork = fork(&far.http_url()).await;
    call(&fork);
    let found = |filter: Value| {
        let logs = ask(&fork, "eth_getLogs", json!([filter]));
        logs.as_array().expect("a list").iter().map(|log| log["blockNumber"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(found(json!({ "fromBlock": "earliest" })), ["0x1", "0x2", "0x3"]);
    assert_eq!(found(json!({ "fromBlock": "0x2", "toBlock": "latest" })), ["0x2", "0x3"]);
    assert_eq!(found(json!({ "fromBlock": "0x0", "toBlock": "0x1", "address": loud })), ["0x1"]);
    assert_eq!(found(json!({ "fromBlock": "0x3" })), ["0x3"]);
    assert_eq!(found(json!({ "fromBlock": "0x0", "address": far.accounts()[0].address })), Vec::<Value>::new());
    let block = ask(&far, "eth_getBlockByNumber", json!(["0x2", false]))["hash"].clone();
    assert_eq!(found(json!({ "blockHash": block })), ["0x2"]);
}

#[tokio::test]
async fn an_upgrade_that_the_other_chain_planned_happens_in_the_fork_at_its_time() {
    let other = other().await;
    let owner = other.node.accounts()[0].address;
    let time = 2_000_000;
    // scheduleArbOSUpgrade(uint64,uint64) of ArbOwner.
    let data = format!("0xe388b381{:064x}{time:064x}", 60);
    let call = json!([{ "from": owner, "to": "0x0000000000000000000000000000000000000070", "data": data }]);
    let hash = ask(&other.node, "eth_sendTransaction", call);
    assert_eq!(ask(&other.node, "eth_getTransactionReceipt", json!([hash]))["status"], "0x1");
    let fork = fork(&other.node.http_url()).await;
    // ArbSys.arbOSVersion() adds 55.
    let version = || {
        let asked = json!([{ "to": ARB_SYS, "data": "0x051038f2" }, "latest"]);
        serde_json::from_value::<U256>(ask(&fork, "eth_call", asked)).expect("a word") - U256::from(55)
    };
    for (at, expected) in [(time - 1, 51), (time, 60)] {
        ask(&fork, "evm_setNextBlockTimestamp", json!([at]));
        ask(&fork, "evm_mine", json!([]));
        assert_eq!(version(), U256::from(expected), "at {at}");
        assert_eq!(counted(&fork, other.program, 1), U256::from(6), "its programs go on at {at}");
    }
}
