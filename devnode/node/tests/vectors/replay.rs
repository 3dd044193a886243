//! Reads the recordings and plays their transactions.

use serde_json::{Value, json};
use std::io::Read;
use stylus_devnode::{DEV_ACCOUNTS, Devnode};

/// What the only funded account has on Nitro's chain: 1,000 ETH.
const BALANCE: &str = "0x3635c9adc5dea00000";

/// The rows of a recording.
pub(crate) fn rows(compressed: &[u8]) -> Vec<Value> {
    match parse(compressed) {
        Value::Array(rows) => rows,
        other => panic!("not a list: {other}"),
    }
}

/// A recording.
pub(crate) fn parse(compressed: &[u8]) -> Value {
    let mut text = Vec::new();
    brotli::Decompressor::new(compressed, 4_096).read_to_end(&mut text).expect("a complete file");
    serde_json::from_slice(&text).expect("JSON")
}

/// The name of a row.
pub(crate) fn name(row: &Value) -> &str {
    row["name"].as_str().expect("a name")
}

/// A fresh chain as Nitro's development mode starts it, with a price of L1 data in wei per unit.
pub(crate) fn fresh(l1_price: u64, timestamp: u64) -> Devnode {
    let builder = Devnode::builder().like_nitro(true).l1_price(l1_price).timestamp(timestamp).manual_time(true);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let node = runtime.block_on(builder.spawn()).expect("a node");
    node.request("anvil_setBalance", json!([DEV_ACCOUNTS[0].address, BALANCE])).expect("an answer");
    node
}

/// The time of the first row's block.
pub(crate) fn start(rows: &[Value]) -> u64 {
    rows[0]["time"].as_u64().expect("a time")
}

/// Sends a row's transaction at its time, and returns what a row says of it.
pub(crate) fn play(node: &Devnode, row: &Value) -> Value {
    // What was refused has no block.
    if let Some(time) = row.get("time") {
        node.request("evm_setNextBlockTimestamp", json!([time])).expect("a time that does not go back");
    }
    let hash = match node.request("eth_sendRawTransaction", json!([row["raw"]])) {
        Ok(hash) => hash,
        Err(error) => return json!({ "refused": error }),
    };
    let receipt = node.request("eth_getTransactionReceipt", json!([hash])).expect("an answer");
    let block = node.request("eth_getBlockByHash", json!([receipt["blockHash"]])).expect("an answer");
    let logs = receipt["logs"].as_array().expect("events");
    let logs: Vec<Value> = logs
        .iter()
        .map(|log| json!({ "address": log["address"], "topics": log["topics"], "data": log["data"] }))
        .collect();
    json!({
        "hash": hash,
        "baseFee": number(&block["baseFeePerGas"]),
        "status": number(&receipt["status"]),
        "gasUsed": number(&receipt["gasUsed"]),
        "gasUsedForL1": number(&receipt["gasUsedForL1"]),
        "effectiveGasPrice": number(&receipt["effectiveGasPrice"]),
        "contractAddress": receipt["contractAddress"],
        "logs": logs,
    })
}

/// What a row says of its transaction, in the form of [`play`]'s answer `ours`, which has fields that rows leave out.
pub(crate) fn recorded(row: &Value, ours: &Value) -> Value {
    if let Some(refused) = row.get("refused") {
        return json!({ "refused": refused });
    }
    let mut nitro = json!({ "gasUsedForL1": 0, "contractAddress": null });
    let fields = nitro.as_object_mut().expect("an object");
    for field in ["baseFee", "status", "gasUsed", "gasUsedForL1", "effectiveGasPrice", "contractAddress", "logs"] {
        if let Some(value) = row.get(field) {
            fields.insert(field.into(), value.clone());
        }
    }
    for unrecorded in ["hash", "baseFee"].iter().filter(|field| row.get(**field).is_none()) {
        fields.insert((*unrecorded).into(), ours[*unrecorded].clone());
    }
    nitro
}

/// The number in a hexadecimal quantity; null stays null.
fn number(quantity: &Value) -> Value {
    let digits = quantity.as_str().and_then(|text| text.strip_prefix("0x"));
    digits.map_or(Value::Null, |digits| json!(u64::from_str_radix(digits, 16).expect("a quantity")))
}
