//! Rows of recordings.

use super::VectorError;
use super::client::Client;
use super::tracer::options;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How often a receipt is asked for, and how long to wait between: four blocks of a busy chain.
const ATTEMPTS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(10);

/// The code of a method that is not there.
const UNKNOWN_METHOD: i64 = -32_601;

/// The event of a program's activation.
const ACTIVATED: &str = "0xc0e812780707128d9a180db8ee4d1c1f1300b6dd0626d577b5d9ac759b76253c";

/// How long its first word is in hexadecimal digits, with what is before them.
const FIRST_WORD: usize = 66;

/// What was played so far.
#[derive(Debug, Default)]
pub(super) struct Played {
    /// The hashes of the transactions, by the names of their rows.
    hashes: BTreeMap<String, Value>,
    /// Whether the node let nobody set its time.
    no_clock: bool,
}

impl Played {
    /// Whether the time was set wherever a row has one.
    pub(super) fn has_clock(&self) -> bool {
        !self.no_clock
    }
}

/// The row with the node's answer in the place of the recorded one.
pub(super) fn play(client: &Client, played: &mut Played, row: &Value) -> Result<Value, VectorError> {
    let name = row["name"].as_str().unwrap_or_default();
    if let Some(raw) = row.get("raw") {
        return transaction(client, played, name, raw, row.get("time"));
    }
    if let Some(method) = row["method"].as_str() {
        let mut answered = json!({ "name": name, "method": method, "params": row["params"] });
        let answer = client.ask(method, &row["params"])?;
        if let (Some(fields), Value::Object(answer)) = (answered.as_object_mut(), answer) {
            fields.extend(answer);
        }
        return Ok(answered);
    }
    let hash = played.hashes.get(name).cloned().ok_or_else(|| VectorError::NotMined(name.into()))?;
    let mut answered = Map::new();
    for (field, recorded) in row.as_object().into_iter().flatten() {
        let answer = match field.as_str() {
            "name" | "at" => recorded.clone(),
            tracer => client.ask("debug_traceTransaction", &json!([hash, options(tracer)]))?,
        };
        answered.insert(field.clone(), answer);
    }
    Ok(Value::Object(answered))
}

fn transaction(
    client: &Client,
    played: &mut Played,
    name: &str,
    raw: &Value,
    time: Option<&Value>,
) -> Result<Value, VectorError> {
    if let Some(time) = time.filter(|_| !played.no_clock) {
        let set = client.ask("evm_setNextBlockTimestamp", &json!([time]))?;
        played.no_clock = set["error"]["code"].as_i64() == Some(UNKNOWN_METHOD);
    }
    let mut answered = Map::from_iter([("name".into(), json!(name)), ("raw".into(), raw.clone())]);
    let sent = client.ask("eth_sendRawTransaction", &json!([raw]))?;
    let Some(hash) = sent.get("result") else {
        answered.insert("refused".into(), sent["error"].clone());
        return Ok(Value::Object(answered));
    };
    played.hashes.insert(name.into(), hash.clone());
    let receipt = receipt(client, name, hash)?;
    let block = client.result("eth_getBlockByHash", &json!([receipt["blockHash"], false]))?;
    let logs = receipt["logs"].as_array().into_iter().flatten();
    let logs = logs.map(|log| json!({ "address": log["address"], "topics": log["topics"], "data": log["data"] }));
    answered.insert("time".into(), number(&block["timestamp"]));
    answered.insert("baseFee".into(), number(&block["baseFeePerGas"]));
    answered.insert("status".into(), number(&receipt["status"]));
    answered.insert("gasUsed".into(), number(&receipt["gasUsed"]));
    answered.insert("effectiveGasPrice".into(), number(&receipt["effectiveGasPrice"]));
    answered.insert("logs".into(), logs.collect());
    // These are only there where there is something to tell.
    let l1 = Some(number(&receipt["gasUsedForL1"])).filter(|gas| *gas != json!(0));
    let contract = Some(receipt["contractAddress"].clone());
    for (field, value) in [("gasUsedForL1", l1), ("contractAddress", contract)] {
        if let Some(value) = value.filter(|value| !value.is_null()) {
            answered.insert(field.into(), value);
        }
    }
    Ok(Value::Object(answered))
}

fn receipt(client: &Client, name: &str, hash: &Value) -> Result<Value, VectorError> {
    for _ in 0..ATTEMPTS {
        let receipt = client.result("eth_getTransactionReceipt", &json!([hash]))?;
        if !receipt.is_null() {
            return Ok(receipt);
        }
        std::thread::sleep(PAUSE);
    }
    Err(VectorError::NotMined(name.into()))
}

/// The number in a hexadecimal quantity.
fn number(quantity: &Value) -> Value {
    let digits = quantity.as_str().and_then(|text| text.strip_prefix("0x"));
    digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).map_or(Value::Null, |number| json!(number))
}

/// Where an answered row is not as it was recorded: the innermost places, each with both values. What was not recorded
/// is not compared.
pub(super) fn difference(recorded: &Value, answered: &Value, without_module_hashes: bool) -> Vec<String> {
    let (mut recorded, mut answered) = (recorded.clone(), answered.clone());
    if without_module_hashes {
        hide_module_hashes(&mut recorded);
        hide_module_hashes(&mut answered);
    }
    let is_compared = |field: &str| match field {
        // The name of the base fee's field is newer than some recordings.
        "baseFee" => recorded.get(field).is_some(),
        _ => true,
    };
    let fields = [&recorded, &answered].into_iter().filter_map(Value::as_object);
    let both: BTreeSet<String> = fields.flat_map(|fields| fields.keys().cloned()).collect();
    let mut places = Vec::new();
    for field in both.iter().filter(|field| is_compared(field)) {
        compare(field, &recorded[field], &answered[field], &mut places);
    }
    places
}

fn compare(path: &str, recorded: &Value, answered: &Value, places: &mut Vec<String>) {
    match (recorded, answered) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys {
                compare(&format!("{path}.{key}"), &recorded[key], &answered[key], places);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                compare(&format!("{path}[{index}]"), one, other, places);
            }
        }
        _ if recorded == answered => {}
        _ => places.push(format!("{path} was {recorded}, is {answered}")),
    }
}

/// Leaves the hash of the module out of the events of activations.
fn hide_module_hashes(row: &mut Value) {
    for log in row["logs"].as_array_mut().into_iter().flatten() {
        if log["topics"][0] == ACTIVATED {
            let rest = log["data"].as_str().and_then(|data| data.get(FIRST_WORD..)).unwrap_or_default();
            log["data"] = json!(format!("0x..{rest}"));
        }
    }
}
