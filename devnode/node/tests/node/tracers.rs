//! Tracers beside go-ethereum's usual ones.

use crate::contracts::init_code;
use crate::support::{ask, deploy, node, provider};
use crate::traces::{call, trace};
use alloy::primitives::{Address, B256, keccak256};
use serde_json::{Map, Value, json};

/// MSTORE(0, CALLDATALOAD(0)), KECCAK256(0, 40), LOG0 of nothing.
const HASHER: [u8; 13] = [0x5f, 0x35, 0x5f, 0x52, 0x60, 40, 0x5f, 0x20, 0x50, 0x5f, 0x5f, 0xa0, 0x00];

#[tokio::test]
async fn several_tracers_answer_at_once() {
    let node = node().await;
    let sender = provider(&node, 0);
    let contract = deploy(&sender, init_code(&HASHER)).await;
    let hash = call(&sender, contract, B256::repeat_byte(7)).await;
    let config = json!({ "callTracer": { "withLog": true }, "4byteTracer": null, "prestateTracer": { "diffMode": true },
        "keccak256PreimageTracer": {}, "stylusTracer": {} });
    let all = trace(&node, hash, json!({ "tracer": "muxTracer", "tracerConfig": config }));
    for (name, config) in config.as_object().expect("tracers") {
        let alone = trace(&node, hash, json!({ "tracer": name, "tracerConfig": config }));
        assert_eq!(all[name.as_str()], alone, "{name}");
    }
    assert_eq!(all["callTracer"]["logs"].as_array().map(Vec::len), Some(1));
    let unknown = json!([hash, { "tracer": "muxTracer", "tracerConfig": { "otherTracer": {} } }]);
    let error = node.request("debug_traceTransaction", unknown).expect_err("no such tracer");
    assert_eq!(error.message(), "tracer not found: otherTracer");
}

#[tokio::test]
async fn what_was_hashed_is_found_by_its_hash() {
    let node = node().await;
    let sender = provider(&node, 0);
    let contract = deploy(&sender, init_code(&HASHER)).await;
    let hash = call(&sender, contract, B256::repeat_byte(7)).await;
    let found = trace(&node, hash, json!({ "tracer": "keccak256PreimageTracer" }));
    // Memory that was not written is zero.
    let preimage = [&[7; 32][..], &[0; 8]].concat();
    let expected = json!({ keccak256(&preimage).to_string(): alloy::hex::encode_prefixed(&preimage) });
    assert_eq!(found, expected);
}

#[tokio::test]
async fn blocks_are_traced_by_their_encoding_and_as_openethereum_does() {
    let node = node().await;
    let sender = provider(&node, 0);
    let contract = deploy(&sender, init_code(&HASHER)).await;
    let hash = call(&sender, contract, B256::repeat_byte(7)).await;
    let raw = ask(&node, "debug_getRawBlock", json!(["latest"]));
    let options = json!({ "tracer": "callTracer" });
    let by_number = ask(&node, "debug_traceBlockByNumber", json!(["latest", options]));
    assert_eq!(ask(&node, "debug_traceBlock", json!([raw, options])), by_number);
    for (block, why) in [("0x", "could not decode block: "), ("0x01", "could not decode block: ")] {
        let error = node.request("debug_traceBlock", json!([block])).expect_err("no block");
        assert!(error.message().starts_with(why), "{error}");
    }
    let flat = ask(&node, "trace_block", json!(["latest"]));
    assert_eq!(ask(&node, "trace_transaction", json!([hash])), flat);
    let frame = &flat[0];
    assert_eq!((&frame["transactionHash"], &frame["action"]["to"]), (&json!(hash), &json!(contract)));
    assert_eq!(
        (&frame["blockNumber"], &frame["traceAddress"], &frame["type"]),
        (&json!(2), &json!([]), &json!("call"))
    );
    assert_eq!(ask(&node, "trace_block", json!(["0x0"])), json!([]));
    assert_eq!(ask(&node, "trace_block", json!(["0x99"])), json!(null));
    assert_eq!(ask(&node, "trace_transaction", json!([Address::ZERO.into_word()])), json!(null));
}

/// What this frame did by `erc7562Tracer`, its slots and instructions with leading zeros cut.
fn did(frame: &Value) -> Value {
    let short = |map: &Value| -> Value {
        let entries = map.as_object().expect("an object").iter();
        entries.map(|(slot, value)| (slot.replace(&"0".repeat(60), ""), value.clone())).collect::<Map<_, _>>().into()
    };
    let slots = &frame["accessedSlots"];
    json!({
        "reads": short(&slots["reads"]), "writes": short(&slots["writes"]),
        "transientReads": short(&slots["transientReads"]), "transientWrites": short(&slots["transientWrites"]),
        "opcodes": frame["usedOpcodes"], "codeOf": frame["extCodeAccessInfo"], "sizes": frame["contractSize"],
    })
}

#[tokio::test]
async fn what_bundlers_look_at_is_traced_frame_by_frame() {
    let node = node().await;
    let sender = provider(&node, 0);
    let inner = deploy(
        &sender,
        init_code(&[
            0x60, 0x01, 0x54, 0x50, // SLOAD(1)
            0x60, 0x02, 0x60, 0x03, 0x5d, // TSTORE(3, 2)
            0x5f, 0x5f, 0xa0, 0x00, // LOG0, STOP
        ]),
    )
    .await;
    let outer = deploy(
        &sender,
        init_code(&[
            0x60, 0x05, 0x54, 0x50, // SLOAD(5)
            0x60, 0x01, 0x60, 0x06, 0x55, // SSTORE(6, 1)
            0x60, 0x06, 0x54, 0x50, // SLOAD(6), which it has written
            0x60, 0x20, 0x5f, 0x20, 0x50, // KECCAK256(0, 32)
            0x60, 0x64, 0x3b, 0x50, // EXTCODESIZE(0x64), used
            0x60, 0x65, 0x3b, 0x15, 0x50, // EXTCODESIZE(0x65), only compared with zero
            0x5a, 0x50, // GAS, looked at
            0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x35, 0x5a, 0xf1, 0x50, // CALL of the call data, with GAS
            0x5f, 0x5f, 0x5f, 0x5f, 0x60, 0x04, 0x5a, 0xfa, // STATICCALL(4): a precompile
            0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x35, 0x5a, 0xf1, // and CALL once more
            0x00,
        ]),
    )
    .await;
    let hash = call(&sender, outer, inner.into_word()).await;
    let root = trace(&node, hash, json!({ "tracer": "erc7562Tracer", "tracerConfig": { "withLog": true } }));
    let zero = B256::ZERO;
    let (one, two) = ("0x0000000000000000000000000000000000000064", "0x0000000000000000000000000000000000000065");
    let four = "0x0000000000000000000000000000000000000004";
    let expected = json!({
        "reads": { "0x0005": [zero] }, "writes": { "0x0006": 1 }, "transientReads": {}, "transientWrites": {},
        "opcodes": { "0x0": 1, "0x20": 1, "0x35": 2, "0x3b": 2, "0x54": 2, "0x55": 1, "0x5a": 1, "0xf1": 2, "0xfa": 1 },
        "codeOf": [one],
        "sizes": {
            one: { "contractSize": 1, "opcode": 0x3b }, two: { "contractSize": 1, "opcode": 0x3b },
            format!("{inner:#x}"): { "contractSize": 13, "opcode": 0xf1 },
            four: { "contractSize": 0, "opcode": 0xfa },
        },
    });
    assert_eq!(did(&root), expected);
    assert_eq!(root["keccak"], json!([B256::ZERO]));
    let calls = root["calls"].as_array().expect("calls");
    let expected = json!({
        "reads": { "0x0001": [zero] }, "writes": {}, "transientReads": {}, "transientWrites": { "0x0003": 1 },
        "opcodes": { "0x0": 1, "0x54": 1, "0x5d": 1, "0xa0": 1 }, "codeOf": [], "sizes": {},
    });
    assert_eq!((did(&calls[0]), did(&calls[2])), (expected.clone(), expected));
    let nothing = json!({
        "reads": {}, "writes": {}, "transientReads": {}, "transientWrites": {},
        "opcodes": {}, "codeOf": [], "sizes": {},
    });
    assert_eq!((did(&calls[1]), &calls[1]["outOfGas"]), (nothing, &json!(false)));
    // All else is as the call tracer tells it.
    let mut tree = trace(&node, hash, json!({ "tracer": "callTracer", "tracerConfig": { "withLog": true } }));
    tree.as_object_mut().expect("a frame").retain(|name, _| !name.ends_with("Transfers"));
    assert_eq!(without_additions(&root), tree);
    // Only what is asked for is counted.
    let config = json!({ "ignoredOpcodes": ["0x54", "0x5f"] });
    let root = trace(&node, hash, json!({ "tracer": "erc7562Tracer", "tracerConfig": config }));
    let counted = &root["calls"][0]["usedOpcodes"];
    assert_eq!(counted, &json!({ "0x0": 1, "0x50": 1, "0x5d": 1, "0x60": 3, "0xa0": 1 }));
}

/// The frames as the call tracer has them.
fn without_additions(frame: &Value) -> Value {
    let additions =
        ["accessedSlots", "extCodeAccessInfo", "usedOpcodes", "contractSize", "outOfGas", "keccak"].map(str::to_owned);
    let fields = frame.as_object().expect("a frame").iter().filter(|(name, _)| !additions.contains(name));
    let plain = fields.map(|(name, value)| match name.as_str() {
        "calls" => (name.clone(), value.as_array().expect("calls").iter().map(without_additions).collect()),
        _ => (name.clone(), value.clone()),
    });
    plain.collect::<Map<_, _>>().into()
}
