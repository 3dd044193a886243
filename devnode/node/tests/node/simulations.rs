//! `eth_simulateV1`: blocks that might come.

use crate::contracts::{init_code, recorder, reverter};
use crate::support::{ask, deploy, node, provider};
use alloy::primitives::{Address, B256, U256};
use serde_json::{Value, json};
use stylus_devnode::Devnode;

const FRIEND: Address = Address::repeat_byte(0x44);

fn simulate(node: &Devnode, payload: Value) -> Vec<Value> {
    let Value::Array(blocks) = ask(node, "eth_simulateV1", json!([payload, "latest"])) else { panic!("blocks") };
    blocks
}

#[tokio::test]
async fn calls_see_what_those_before_them_did() {
    let node = node().await;
    let (contract, from) = (deploy(&provider(&node, 0), recorder()).await, node.accounts()[0].address);
    let word = B256::with_last_byte(9);
    let blocks = simulate(
        &node,
        json!({ "blockStateCalls": [
            { "calls": [
                { "from": from, "to": contract, "data": word },
                { "from": from, "to": FRIEND, "value": "0x5" },
            ] },
            { "stateOverrides": { FRIEND.to_string(): { "balance": "0x9" } },
              "calls": [{ "from": FRIEND, "to": from, "value": "0x9" }] },
        ] }),
    );
    let head = ask(&node, "eth_getBlockByNumber", json!(["latest", false]));
    let statuses: Vec<_> = blocks.iter().flat_map(|block| block["calls"].as_array().expect("calls")).collect();
    assert_eq!(statuses.iter().map(|call| call["status"].clone()).collect::<Vec<_>>(), ["0x1", "0x1", "0x1"]);
    assert_eq!(blocks[0]["calls"][0]["returnData"], word.to_string());
    let log = &blocks[0]["calls"][0]["logs"][0];
    assert_eq!((&log["address"], &log["blockHash"]), (&json!(contract), &blocks[0]["hash"]));
    // The blocks are a chain, twelve seconds apart, and nothing of it stays.
    assert_eq!((&blocks[0]["parentHash"], &blocks[1]["parentHash"]), (&head["hash"], &blocks[0]["hash"]));
    assert_eq!((&blocks[0]["number"], &blocks[1]["number"]), (&json!("0x2"), &json!("0x3")));
    let time = |block: &Value| crate::support::quantity(&block["timestamp"]);
    assert_eq!((time(&blocks[0]), time(&blocks[1])), (time(&head) + 12, time(&head) + 24));
    assert_eq!(blocks[0]["baseFeePerGas"], "0x0");
    assert_eq!(ask(&node, "eth_getBalance", json!([FRIEND])), "0x0");
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x1");
}

#[tokio::test]
async fn simulated_blocks_are_as_they_are_pretended() {
    let node = node().await;
    let from = node.accounts()[0].address;
    // TIMESTAMP, BASEFEE and COINBASE.
    let observer = "0x425f52486020524160405260605ff3";
    let blocks = simulate(
        &node,
        json!({ "returnFullTransactions": true, "blockStateCalls": [{
            "blockOverrides": { "number": "0x3", "time": "0x77359400", "baseFeePerGas": "0x7", "feeRecipient": FRIEND },
            "stateOverrides": { FRIEND.to_string(): { "code": observer } },
            "calls": [{ "from": from, "to": FRIEND, "maxFeePerGas": "0x8", "gas": "0xfffff" }],
        }] }),
    );
    // Two empty ones are before it.
    let numbers: Vec<_> = blocks.iter().map(|block| block["number"].clone()).collect();
    assert_eq!(numbers, ["0x1", "0x2", "0x3"]);
    assert_eq!((&blocks[2]["timestamp"], &blocks[2]["miner"]), (&json!("0x77359400"), &json!(FRIEND)));
    let words = [U256::from(0x7735_9400), U256::from(7), FRIEND.into_word().into()].map(B256::from);
    assert_eq!(blocks[2]["calls"][0]["returnData"], alloy::hex::encode_prefixed(words.concat()));
    let transaction = &blocks[2]["transactions"][0];
    assert_eq!(
        (&transaction["from"], &transaction["to"], &transaction["nonce"]),
        (&json!(from), &json!(FRIEND), &json!("0x0"))
    );
}

#[tokio::test]
async fn transfers_of_wei_are_shown_as_events() {
    let node = node().await;
    let from = node.accounts()[0].address;
    // CALL(GAS, CALLER, CALLVALUE, 0, 0, 0, 0), then LOG0 of nothing.
    let bouncer =
        deploy(&provider(&node, 0), init_code(&[0x5f, 0x5f, 0x5f, 0x5f, 0x34, 0x33, 0x5a, 0xf1, 0x5f, 0x5f, 0xa0]))
            .await;
    let call = json!([{ "calls": [{ "from": from, "to": bouncer, "value": "0x6" }] }]);
    let blocks = simulate(&node, json!({ "traceTransfers": true, "blockStateCalls": call }));
    let logs = blocks[0]["calls"][0]["logs"].as_array().expect("events");
    let places: Vec<_> = logs.iter().map(|log| (log["address"].clone(), log["logIndex"].clone())).collect();
    let wei = json!("0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");
    assert_eq!(places, [(wei.clone(), json!("0x0")), (wei, json!("0x1")), (json!(bouncer), json!("0x2"))]);
    let topics = [from, bouncer].map(|address| json!(address.into_word()));
    assert_eq!((&logs[0]["topics"][1], &logs[0]["topics"][2]), (&topics[0], &topics[1]));
    assert_eq!((&logs[1]["topics"][1], &logs[1]["topics"][2]), (&topics[1], &topics[0]));
    assert_eq!(logs[1]["data"], B256::with_last_byte(6).to_string());
    let blocks = simulate(&node, json!({ "blockStateCalls": call }));
    assert_eq!(blocks[0]["calls"][0]["logs"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn calls_that_fail_are_told_from_calls_that_cannot_be_made() {
    let node = node().await;
    let from = node.accounts()[0].address;
    let reverting = deploy(&provider(&node, 0), reverter()).await;
    ask(&node, "anvil_setCode", json!([FRIEND, "0xfe"]));
    let calls =
        json!([{ "from": from, "to": reverting, "data": "0x1234" }, { "from": from, "to": FRIEND, "gas": "0xffff" }]);
    let blocks = simulate(&node, json!({ "blockStateCalls": [{ "calls": calls }] }));
    let error = |index: usize| blocks[0]["calls"][index]["error"].clone();
    assert_eq!(error(0), json!({ "message": "execution reverted", "code": -32_000, "data": "0x1234" }));
    assert_eq!(error(1), json!({ "message": "invalid opcode: INVALID", "code": -32_015 }));
    assert_eq!(blocks[0]["calls"][1]["gasUsed"], "0xffff");

    let transfer = |fields: Value| {
        let mut call = json!({ "from": from, "to": FRIEND, "gas": "0x5208", "maxFeePerGas": "0x5f5e100" });
        for (name, value) in fields.as_object().expect("fields") {
            call[name.as_str()] = value.clone();
        }
        json!({ "validation": true, "blockStateCalls": [{ "calls": [call] }] })
    };
    let at = |overrides: Value| json!({ "blockStateCalls": [{ "blockOverrides": overrides }] });
    let small = json!({ "blockStateCalls": [{ "blockOverrides": { "gasLimit": "0x5207" },
        "calls": [{ "to": FRIEND, "gas": "0x5208" }] }] });
    for (payload, code) in [
        (json!({ "blockStateCalls": [] }), -32_602),
        (transfer(json!({ "nonce": "0x0" })), -38_010),
        (transfer(json!({ "nonce": "0x9" })), -38_011),
        (transfer(json!({ "gas": "0x5207" })), -38_013),
        (transfer(json!({ "from": FRIEND, "value": "0x1" })), -38_014),
        (transfer(json!({ "maxFeePerGas": "0x1" })), -32_602),
        (small, -38_015),
        (at(json!({ "number": "0x1" })), -38_020),
        (at(json!({ "time": "0x1" })), -38_021),
        (at(json!({ "number": "0x102" })), -38_026),
    ] {
        let error = node.request("eth_simulateV1", json!([payload])).expect_err("a refusal");
        assert_eq!(error.code(), code, "{payload}: {error}");
    }
}
