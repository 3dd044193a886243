//! Tracers beside go-ethereum's usual ones.

use crate::contracts::init_code;
use crate::support::{ask, deploy, node, provider};
use crate::traces::{call, trace};
use alloy::primitives::{Address, B256, keccak256};
use serde_json::json;

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
