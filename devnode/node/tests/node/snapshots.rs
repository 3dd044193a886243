//! Chains that go back to where they started, leave their node as bytes or as a file, and come back.

use crate::contracts::{recorder, reverter};
use crate::programs::{activation, echo};
use crate::support::{BASE_FEE, ask, deploy, node, provider, quantity, raw_transfer, send, submit};
use alloy::hex;
use alloy::primitives::{Address, B256, Bytes, keccak256};
use alloy::providers::Provider;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};
use stylus_devnode::{ChainState, DEV_ACCOUNTS, Devnode, StateDecodeError, StateFileError};
use stylus_program::format::init_code;
use tokio::sync::mpsc;

const SOMEBODY: Address = Address::repeat_byte(0x44);

pub(crate) async fn frozen_node() -> Devnode {
    Devnode::builder().timestamp(1_000).manual_time(true).spawn().await.expect("a node")
}

/// The addresses of an EVM contract and a Stylus program.
pub(crate) struct Contracts {
    pub(crate) recorder: Address,
    pub(crate) program: Address,
}

/// Gives the chain some of everything.
pub(crate) async fn live(node: &Devnode) -> Contracts {
    let provider = provider(node, 0);
    let sender = node.accounts()[1];
    let contracts = Contracts {
        recorder: deploy(&provider, recorder()).await,
        program: deploy(&provider, init_code(&echo()).into()).await,
    };
    assert!(send(&provider, activation(contracts.program)).await.status());
    let failing = deploy(&provider, reverter()).await;
    ask(node, "evm_increaseTime", json!([77]));
    ask(node, "evm_setAutomine", json!([false]));
    submit(node, &raw_transfer(sender, 0, BASE_FEE));
    for call in [
        json!({ "from": sender.address, "to": contracts.recorder, "input": B256::repeat_byte(9), "gas": "0x186a0" }),
        json!({ "from": sender.address, "to": failing, "gas": "0x186a0", "type": "0x0" }),
        json!({ "from": sender.address, "to": contracts.recorder, "gas": "0x186a0", "type": "0x1" }),
    ] {
        ask(node, "eth_sendTransaction", json!([call]));
    }
    ask(node, "evm_mine", json!([]));
    ask(node, "evm_setAutomine", json!([true]));
    ask(node, "anvil_impersonateAccount", json!([SOMEBODY]));
    for balance in ["0xde0b6b3a7640000", "0x1234567890"] {
        ask(node, "anvil_setBalance", json!([SOMEBODY, balance]));
        let _ = node.request("eth_sendTransaction", json!([{ "from": SOMEBODY, "to": contracts.recorder }]));
    }
    ask(node, "evm_setNextBlockTimestamp", json!([9_000]));
    contracts
}

/// Everything a client can see of the chain.
pub(crate) fn everything(node: &Devnode, contracts: &Contracts) -> Value {
    let head = quantity(&ask(node, "eth_blockNumber", json!([])));
    let mut seen = vec![ask(node, "eth_getLogs", json!([{ "fromBlock": "earliest" }]))];
    for number in (0..=head).map(|number| format!("{number:#x}")) {
        seen.push(ask(node, "eth_getBlockByNumber", json!([number, true])));
        seen.push(ask(node, "eth_getBlockReceipts", json!([number])));
        for address in [SOMEBODY, contracts.recorder, contracts.program, node.accounts()[0].address] {
            seen.push(ask(node, "eth_getBalance", json!([address, number])));
            seen.push(ask(node, "eth_getTransactionCount", json!([address, number])));
            seen.push(ask(node, "eth_getCode", json!([address, number])));
            seen.push(ask(node, "eth_getStorageAt", json!([address, "0x0", number])));
        }
    }
    seen.push(ask(node, "eth_call", json!([{ "to": contracts.program, "input": "0x010203" }])));
    json!(seen)
}

/// The lines of a dump without their checksums, the first one included.
fn image(node: &Devnode) -> Vec<Value> {
    let dumped: Bytes = serde_json::from_value(ask(node, "anvil_dumpState", json!([]))).expect("bytes");
    let text = std::str::from_utf8(&dumped).expect("text");
    let json = |line: &str| serde_json::from_str(&line[line.find('{').or(line.find('"')).expect("JSON")..]);
    text.lines().map(|line| json(line).expect("JSON")).collect()
}

/// The same as bytes again.
fn bytes(image: &[Value]) -> Bytes {
    let mut lines = vec![image[0].to_string()];
    for record in image[1..].iter().map(Value::to_string) {
        lines.push(format!("{} {record}", hex::encode(&keccak256(&record)[..8])));
    }
    (lines.join("\n") + "\n").into_bytes().into()
}

/// The records of this kind.
fn of<'a>(image: &'a mut [Value], kind: &'a str) -> Vec<&'a mut Value> {
    image.iter_mut().filter_map(|record| record.get_mut(kind)).collect()
}

/// A path for a file that nobody else uses.
pub(crate) fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.json", std::process::id()))
}

#[tokio::test]
async fn a_dumped_chain_comes_back_whole() {
    let original = frozen_node().await;
    let contracts = live(&original).await;
    let dumped = ask(&original, "anvil_dumpState", json!([]));
    let copy = frozen_node().await;
    ask(&copy, "evm_mine", json!([]));
    assert_eq!(ask(&copy, "anvil_loadState", json!([dumped])), true);
    assert_eq!(everything(&copy, &contracts), everything(&original, &contracts));
    let images = [&original, &copy].map(|node| {
        let mut image = image(node);
        of(&mut image, "clock")[0]["saved"].take();
        image
    });
    assert_eq!(images[0], images[1]);
    // Both go on in the same way: the same block at the timestamp that was set before.
    let next = [&original, &copy].map(|node| {
        ask(node, "eth_sendTransaction", json!([{ "from": node.accounts()[3].address, "to": contracts.recorder }]));
        ask(node, "eth_getBlockByNumber", json!(["latest", true]))
    });
    assert_eq!(next[0], next[1]);
    assert_eq!(quantity(&next[0]["timestamp"]), 9_000);
}

#[tokio::test]
async fn only_states_that_are_kept_are_dumped() {
    let node = frozen_node().await;
    let address = node.accounts()[0].address;
    ask(&node, "anvil_mine", json!(["0x401"]));
    let copy = frozen_node().await;
    ask(&copy, "anvil_loadState", json!([ask(&node, "anvil_dumpState", json!([true]))]));
    for node in [&node, &copy] {
        node.request("eth_getBalance", json!([address, "0x0"])).expect_err("not kept");
        ask(node, "eth_getBalance", json!([address, "0x1"]));
    }
    ask(&copy, "evm_mine", json!([]));
    copy.request("eth_getBalance", json!([address, "0x1"])).expect_err("not kept any more");
}

#[tokio::test]
async fn what_is_no_state_of_this_chain_is_not_loaded() {
    let node = frozen_node().await;
    live(&node).await;
    let good = image(&node);
    let head = ask(&node, "eth_getBlockByNumber", json!(["latest", false]));
    let refuse = |state: Bytes| {
        let error = node.request("anvil_loadState", json!([state])).expect_err("refused");
        assert!([-32602, -32000].contains(&error.code()), "{error}");
        error.message().to_owned()
    };
    let change = |change: &dyn Fn(&mut Vec<Value>)| {
        let mut image = good.clone();
        change(&mut image);
        refuse(bytes(&image))
    };
    assert!(refuse(Bytes::from_static(b"{")).contains("not the state of a chain"));
    assert!(refuse(Bytes::new()).contains("it is empty"));
    let foreign = change(&|image| image[0]["format"] = json!("other"));
    assert!(foreign.contains("its format is \"other\""), "{foreign}");
    assert!(change(&|image| image[0]["version"] = json!(1)).contains("format version 1"));
    assert!(change(&|image| image[1]["settings"]["extra"] = json!(2)).contains("unknown field"));
    assert!(change(&|image| image.push(json!({ "extra": 2 }))).contains("unknown variant"));
    assert!(change(&|image| image[1]["settings"]["chainId"] = json!(7)).contains("other settings"));
    assert!(change(&|image| drop(image.remove(1))).contains("the settings are missing"));
    assert!(change(&|image| drop(image.pop())).contains("it is not complete"));
    let without = |kind: &'static str| move |image: &mut Vec<Value>| image.retain(|record| record.get(kind).is_none());
    assert!(change(&without("block")).contains("the first block is missing"));
    let block = of(&mut good.clone(), "block")[1].clone();
    assert!(change(&|image| *of(image, "block")[2] = block.clone()).contains("does not follow"));
    let transactions = change(&|image| of(image, "block")[1]["transactions"] = json!([]));
    assert!(transactions.contains("block 1 has other transactions"), "{transactions}");
    let receipts = change(&|image| {
        of(image, "block")[2]["transactions"][0]["receipt"] = block["transactions"][0]["receipt"].clone();
    });
    assert!(receipts.contains("block 2 has other receipts"), "{receipts}");
    assert!(change(&|image| of(image, "block")[1]["header"] = json!("0xc0")).contains("not the state of a chain"));
    assert!(change(&without("code")).contains("is missing"));
    let states = change(&|image| image.retain(|record| record != "world"));
    assert!(states.contains("the state after the latest block is missing"), "{states}");
    let back = |number: u64| move |image: &mut Vec<Value>| image.insert(image.len() - 1, json!({ "back": number }));
    assert!(change(&back(99)).contains("no state after block 99"));
    let time = change(&|image| of(image, "clock")[0]["clock"]["time"]["secs"] = json!(-1));
    assert!(time.contains("not the state of a chain"), "{time}");
    assert_eq!(node.request("anvil_loadState", json!([])).expect_err("refused").code(), -32602);
    assert_eq!(ask(&node, "eth_getBlockByNumber", json!(["latest", false])), head);
    assert_eq!(ask(&node, "anvil_loadState", json!([bytes(&good)])), true);
}

#[tokio::test]
async fn the_distance_from_the_wall_clock_is_kept() {
    let wall = || SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let start = wall();
    let node = node().await;
    ask(&node, "evm_increaseTime", json!([1_000_000]));
    let mut image = image(&node);
    // As if it had been saved an hour ago.
    let record = of(&mut image, "clock").remove(0);
    for time in ["/saved/secs", "/clock/time/secs"] {
        let time = record.pointer_mut(time).expect("a time");
        *time = json!(time.as_u64().expect("seconds") - 3_600);
    }
    let state = ChainState::decode(&bytes(&image)).expect("a chain");
    let later = Devnode::builder().state(state).spawn().await.expect("a node");
    ask(&later, "evm_mine", json!([]));
    let mined = quantity(&ask(&later, "eth_getBlockByNumber", json!(["latest", false]))["timestamp"]);
    assert!((start + 1_000_000..=wall() + 1_000_000).contains(&mined), "{mined} from {start}");
}

#[tokio::test]
async fn a_reset_goes_back_to_the_start() {
    let node = Devnode::builder().timestamp(1_000).manual_time(true).accounts([DEV_ACCOUNTS[1]]).spawn().await;
    let node = node.expect("a node");
    let genesis = ask(&node, "eth_getBlockByNumber", json!(["0x0", true]));
    let sender = node.accounts()[0];
    for method in ["anvil_reset", "hardhat_reset"] {
        let snapshot = ask(&node, "evm_snapshot", json!([]));
        let filter = ask(&node, "eth_newBlockFilter", json!([]));
        submit(&node, &raw_transfer(sender, 0, BASE_FEE));
        ask(&node, "anvil_setBalance", json!([SOMEBODY, "0x1"]));
        ask(&node, "anvil_impersonateAccount", json!([SOMEBODY]));
        ask(&node, "evm_increaseTime", json!([500]));
        ask(&node, "evm_setAutomine", json!([false]));
        let waiting = submit(&node, &raw_transfer(sender, 1, BASE_FEE));

        assert_eq!(ask(&node, method, json!([])), true);
        assert_eq!(ask(&node, "eth_getBlockByNumber", json!(["latest", true])), genesis);
        assert_eq!(ask(&node, "eth_getBalance", json!([SOMEBODY])), "0x0");
        assert_eq!(ask(&node, "eth_getTransactionCount", json!([sender.address, "pending"])), "0x0");
        assert_eq!(ask(&node, "eth_getTransactionByHash", json!([waiting])), Value::Null);
        assert_eq!(ask(&node, "eth_accounts", json!([])), json!([sender.address]));
        assert_eq!(ask(&node, "anvil_getAutomine", json!([])), true);
        assert_eq!(ask(&node, "evm_revert", json!([snapshot])), false);
        ask(&node, "evm_mine", json!([]));
        let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false]));
        assert_eq!((&block["number"], &block["timestamp"]), (&json!("0x1"), &json!("0x3e8")));
        assert_eq!(ask(&node, "eth_getFilterChanges", json!([filter])), json!([block["hash"]]));
    }
    let no_url = json!([{ "forking": { "jsonRpcUrl": "nowhere" } }]);
    assert_eq!(node.request("anvil_reset", no_url).expect_err("refused").code(), -32000);
    for params in [json!([{ "forking": {} }]), json!([{ "fork": true }]), json!(["x"])] {
        assert_eq!(node.request("anvil_reset", params).expect_err("refused").code(), -32602);
    }
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x1");
}

#[tokio::test]
async fn a_node_started_from_a_snapshot_resets_to_it() {
    let snapshot = {
        let node = frozen_node().await;
        ask(&node, "anvil_mine", json!([3]));
        node.state().expect("a snapshot")
    };
    let node = Devnode::builder().state(snapshot).spawn().await.expect("a node");
    ask(&node, "anvil_mine", json!([2]));
    ask(&node, "anvil_reset", json!([]));
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x3");
}

#[tokio::test]
async fn a_restart_loses_no_block() {
    let file = path("restart");
    let node = frozen_node().await;
    let contracts = live(&node).await;
    let before = everything(&node, &contracts);
    node.stop_with_state().await.expect("a clean stop").save(&file).expect("a file");
    let state = ChainState::load(&file).expect("the same chain");
    std::fs::remove_file(&file).expect("it was there");
    let node = Devnode::builder().state(state).spawn().await.expect("a node");
    assert_eq!(everything(&node, &contracts), before);
}

#[tokio::test]
async fn what_a_client_heard_of_is_in_the_last_snapshot() {
    let node = node().await;
    let (heard, mut hashes) = mpsc::unbounded_channel();
    for account in 1..=4 {
        let (client, heard, sender) = (provider(&node, account), heard.clone(), node.accounts()[account]);
        tokio::spawn(async move {
            for nonce in 0.. {
                // It ends when the node does.
                let Ok(sent) = client.send_raw_transaction(&raw_transfer(sender, nonce, BASE_FEE)).await else {
                    return;
                };
                if heard.send(*sent.tx_hash()).is_err() {
                    return;
                }
            }
        });
    }
    drop(heard);
    let mut known = Vec::new();
    for _ in 0..20 {
        known.push(hashes.recv().await.expect("a hash"));
    }
    let state = node.stop_with_state().await.expect("a clean stop");
    while let Some(hash) = hashes.recv().await {
        known.push(hash);
    }
    let node = Devnode::builder().state(state).spawn().await.expect("a node");
    for hash in known {
        assert_ne!(ask(&node, "eth_getTransactionReceipt", json!([hash])), Value::Null);
    }
}

#[tokio::test]
async fn a_file_is_replaced_whole_or_not_at_all() {
    let file = path("replaced");
    let node = frozen_node().await;
    node.state().expect("a snapshot").save(&file).expect("a file");
    ask(&node, "evm_mine", json!([]));
    node.state().expect("a snapshot").save(&file).expect("the same file again");
    assert_eq!(ChainState::load(&file).expect("a chain").block_number(), 1);
    std::fs::write(&file, b"something else").expect("written");
    let refused = ChainState::load(&file).expect_err("not a chain");
    assert!(matches!(refused, StateFileError::Image(StateDecodeError::Malformed(_))), "{refused}");
    std::fs::remove_file(&file).expect("it was there");
    assert!(matches!(ChainState::load(&file).expect_err("no file"), StateFileError::Io(_)));
    let nowhere = file.join("state.json");
    assert!(matches!(node.state().expect("a snapshot").save(nowhere).expect_err("no folder"), StateFileError::Io(_)));
}
