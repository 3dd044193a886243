//! The trees of calls as `callTracer` and `flatCallTracer` show them, with Nitro's transfers around them.

use super::reasons::solidity_reason;
use crate::chain::{Place, Traced};
use alloy::primitives::{Bytes, U64, U256};
use alloy::rpc::types::trace::geth::CallConfig;
use serde_json::{Map, Value, json};
use stylus_vm::{CallTrace, CallType, Transfer};

/// The error of a frame that reverted.
const REVERTED: &str = "execution reverted";

/// go-ethereum's `callTracer`.
pub(super) fn calls(traced: &Traced, config: &CallConfig) -> Value {
    let Some(call) = &traced.trace.call else { return Value::Null };
    let mut frame = frame(call, config, false);
    add_transfers(&mut frame, traced);
    Value::Object(frame)
}

fn add_transfers(frame: &mut Map<String, Value>, traced: &Traced) {
    let list = |transfers: &[Transfer]| transfers.iter().map(transfer).collect::<Value>();
    frame.insert("beforeEVMTransfers".into(), list(&traced.trace.before));
    frame.insert("afterEVMTransfers".into(), list(&traced.trace.after));
}

fn transfer(transfer: &Transfer) -> Value {
    json!({
        "purpose": transfer.purpose,
        "from": transfer.from.map(|address| address.to_checksum(None)),
        "to": transfer.to.map(|address| address.to_checksum(None)),
        "value": transfer.value,
    })
}

/// A frame and those inside it. What was reverted, here or around it, has no events.
pub(super) fn frame(call: &CallTrace, config: &CallConfig, is_undone: bool) -> Map<String, Value> {
    let is_undone = is_undone || call.error.is_some();
    let only_top = config.only_top_call.unwrap_or(false);
    let mut fields = Map::new();
    let mut set = |name: &str, value: Value| fields.insert(name.into(), value);
    set("type", json!(call.call_type.name()));
    set("from", json!(call.from));
    set("gas", json!(U64::from(call.gas)));
    set("gasUsed", json!(U64::from(call.gas_used)));
    set("input", json!(call.input));
    if !(is_create(call) && call.error.is_some()) {
        set("to", json!(call.to));
    }
    if let Some(value) = call.value {
        set("value", json!(value));
    }
    let output = output(call);
    if !output.is_empty() {
        set("output", json!(output));
    }
    if let Some(error) = &call.error {
        set("error", json!(error));
        if let Some(reason) = solidity_reason(&output) {
            set("revertReason", json!(reason));
        }
    }
    if !only_top && !call.calls.is_empty() {
        set("calls", call.calls.iter().map(|inner| Value::Object(frame(inner, config, is_undone))).collect());
    }
    if config.with_log.unwrap_or(false) && !is_undone && !call.logs.is_empty() {
        let log = |(log, position): &(alloy::primitives::Log, usize)| {
            let position = if only_top { 0 } else { *position };
            json!({
                "address": log.address,
                "topics": log.topics(),
                "data": log.data.data,
                "position": format!("{position:#x}"),
            })
        };
        set("logs", call.logs.iter().map(log).collect());
    }
    fields
}

fn is_create(call: &CallTrace) -> bool {
    matches!(call.call_type, CallType::Create | CallType::Create2)
}

/// What a frame returned, or reverted with. What halted in another way returned nothing.
fn output(call: &CallTrace) -> Bytes {
    match call.error.as_deref() {
        None | Some(REVERTED) => call.output.clone(),
        Some(_) => Bytes::new(),
    }
}

/// go-ethereum's `flatCallTracer`: the same frames in a list, as Parity shows them.
pub(super) fn flat_calls(traced: &Traced, config: &FlatConfig) -> Value {
    let mut list = Vec::new();
    if let Some(call) = &traced.trace.call {
        flatten(call, &mut Vec::new(), traced.place.as_ref(), config, &mut list);
    }
    if let Some(first) = list.first_mut() {
        add_transfers(first, traced);
    }
    list.into_iter().map(Value::Object).collect()
}

/// The same as OpenEthereum has it, without transfers outside of calls.
pub(super) fn parity_calls(traced: &Traced) -> Vec<Value> {
    let config = FlatConfig { convert_parity_errors: true, include_precompiles: false };
    let mut list = Vec::new();
    if let Some(call) = &traced.trace.call {
        flatten(call, &mut Vec::new(), traced.place.as_ref(), &config, &mut list);
    }
    list.into_iter().map(Value::Object).collect()
}

/// The options of [`flat_calls`].
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FlatConfig {
    /// Whether errors are worded as Parity does.
    convert_parity_errors: bool,
    /// Whether calls of precompiles are in the list.
    include_precompiles: bool,
}

fn flatten(
    call: &CallTrace,
    path: &mut Vec<usize>,
    place: Option<&Place>,
    config: &FlatConfig,
    list: &mut Vec<Map<String, Value>>,
) {
    let is_shown = |inner: &&CallTrace| {
        let is_plain = matches!(inner.call_type, CallType::Call | CallType::StaticCall);
        config.include_precompiles || !is_plain || !inner.is_of_a_precompile()
    };
    let inner: Vec<_> = call.calls.iter().filter(is_shown).collect();
    let mut fields = flat_frame(call, path.is_empty());
    fields.insert("subtraces".into(), json!(inner.len()));
    fields.insert("traceAddress".into(), json!(path));
    fields.insert("blockHash".into(), json!(place.map(|place| place.block_hash)));
    fields.insert("blockNumber".into(), json!(place.map_or(0, |place| place.block_number)));
    fields.insert("transactionHash".into(), json!(place.map(|place| place.transaction_hash)));
    fields.insert("transactionPosition".into(), json!(place.map_or(0, |place| place.index)));
    if let Some(error) = &call.error {
        // The data of a revert says something.
        if error != REVERTED {
            fields.remove("result");
        }
        let error = if config.convert_parity_errors { paritys(error) } else { error };
        fields.insert("error".into(), json!(error));
    }
    list.push(fields);
    for (index, inner) in inner.into_iter().enumerate() {
        path.push(index);
        flatten(inner, path, place, config, list);
        path.pop();
    }
}

/// What a frame did and what came of it.
fn flat_frame(call: &CallTrace, is_outermost: bool) -> Map<String, Value> {
    let (gas, gas_used, output) = (U64::from(call.gas), U64::from(call.gas_used), output(call));
    // Only the outermost frame's value can be absent.
    let value = call.value.or((!is_outermost).then_some(U256::ZERO));
    let name = call.call_type.name().to_lowercase();
    let frame = match call.call_type {
        CallType::Create | CallType::Create2 => {
            let created = Some(call.to).filter(|_| call.error.is_none());
            json!({
                "type": "create",
                "action": { "creationMethod": name, "from": call.from, "gas": gas, "value": value, "init": call.input },
                "result": { "gasUsed": gas_used, "address": created, "code": output },
            })
        }
        CallType::SelfDestruct => json!({
            "type": "suicide",
            "action": { "address": call.from, "balance": value, "refundAddress": call.to },
        }),
        _ => json!({
            "type": "call",
            "action": {
                "callType": name, "from": call.from, "to": call.to, "gas": gas, "value": value, "input": call.input,
            },
            "result": { "gasUsed": gas_used, "output": output },
        }),
    };
    match frame {
        Value::Object(mut fields) => {
            for part in ["action", "result"] {
                if let Some(Value::Object(part)) = fields.get_mut(part) {
                    part.retain(|_, value| !value.is_null());
                }
            }
            fields
        }
        _ => Map::new(),
    }
}

/// Parity's words for an error.
fn paritys(error: &str) -> &str {
    match error {
        "contract creation code storage out of gas"
        | "out of gas"
        | "gas uint64 overflow"
        | "max code size exceeded" => "Out of gas",
        "invalid jump destination" => "Bad jump destination",
        REVERTED => "Reverted",
        "return data out of bounds" => "Out of bounds",
        "stack limit reached 1024 (1023)" => "Out of stack",
        "precompiled failed" | "invalid input length" => "Built-in failed",
        _ if error.starts_with("out of gas:") => "Out of gas",
        _ if error.starts_with("invalid opcode:") => "Bad instruction",
        _ if error.starts_with("stack underflow") => "Stack underflow",
        _ => error,
    }
}
