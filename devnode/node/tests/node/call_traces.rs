//! What is around the calls in a trace, and calls as a list.

use crate::contracts::recorder;
use crate::support::{deploy, node, provider, send};
use crate::traces::{FORWARDER, call, program, trace};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, address};
use alloy::rpc::types::TransactionRequest;
use serde_json::{Value, json};

#[tokio::test]
async fn the_call_tracer_shows_what_is_paid_around_the_call() {
    let node = node().await;
    let sender = provider(&node, 0);
    let transfer = TransactionRequest::default().with_to(Address::repeat_byte(0x77)).with_value(U256::ONE);
    let receipt = send(&sender, transfer.with_gas_limit(50_000)).await;
    let trace = trace(&node, receipt.transaction_hash, json!({ "tracer": "callTracer" }));
    let price = U256::from(receipt.effective_gas_price);
    let sender = json!(receipt.from.to_checksum(None));
    let payment = json!({ "purpose": "feePayment", "from": sender, "to": null, "value": price * U256::from(50_000) });
    assert_eq!(trace["beforeEVMTransfers"], json!([payment]));
    let after = trace["afterEVMTransfers"].as_array().expect("a list");
    let refund = json!({ "purpose": "gasRefund", "from": null, "to": sender, "value": price * U256::from(29_000) });
    assert_eq!(after[0], refund);
    let fees: U256 =
        after[1..].iter().map(|fee| serde_json::from_value::<U256>(fee["value"].clone()).expect("wei")).sum();
    assert_eq!(fees, price * U256::from(21_000));
}

#[tokio::test]
async fn the_flat_call_tracer_lists_frames_with_their_paths() {
    let node = node().await;
    let sender = provider(&node, 0);
    let (forwarder, target) = (program(&sender, FORWARDER).await, deploy(&sender, recorder()).await);
    let hash = call(&sender, forwarder, target.to_vec()).await;
    let frames = trace(&node, hash, json!({ "tracer": "flatCallTracer" }));
    let paths: Vec<_> = frames.as_array().expect("a list").iter().map(|frame| frame["traceAddress"].clone()).collect();
    assert_eq!(paths, [json!([]), json!([0])]);
    assert_eq!((&frames[0]["subtraces"], &frames[1]["action"]["to"]), (&json!(1), &json!(target)));
    // The identity precompile is an instruction in all but name.
    let identity = address!("0x0000000000000000000000000000000000000004");
    let hash = call(&sender, forwarder, identity.to_vec()).await;
    let list = |options: Value| trace(&node, hash, json!({ "tracer": "flatCallTracer", "tracerConfig": options }));
    assert_eq!(list(json!({})).as_array().map(Vec::len), Some(1));
    assert_eq!(list(json!({ "includePrecompiles": true })).as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn steps_tell_what_comes_back_and_what_was_returned() {
    let node = node().await;
    let sender = provider(&node, 0);
    let steps = |hash, options: Value| trace(&node, hash, options)["structLogs"].as_array().expect("steps").clone();
    // PUSH1 1, PUSH0, SSTORE; PUSH0, PUSH0, SSTORE; STOP.
    let contract = Address::repeat_byte(0xcc);
    node.request("anvil_setCode", json!([contract, "0x60015f555f5f5500"])).expect("an answer");
    let refunds: Vec<_> =
        steps(call(&sender, contract, Bytes::new()).await, json!({})).iter().map(|s| s["refund"].clone()).collect();
    assert_eq!(refunds[..5], vec![Value::Null; 5]);
    assert_eq!(refunds[5..], [json!(19_900), json!(19_900)]);
    // A call of the identity precompile with a word: PUSH1 32, PUSH0, PUSH1 32, PUSH0, PUSH0, PUSH1 4, GAS, CALL, STOP.
    node.request("anvil_setCode", json!([contract, "0x60205f60205f5f60045af100"])).expect("an answer");
    let steps = steps(call(&sender, contract, Bytes::new()).await, json!({ "enableReturnData": true }));
    let word = format!("0x{}", "0".repeat(64));
    assert_eq!((&steps[7]["returnData"], &steps[8]["returnData"]), (&Value::Null, &json!(word)));
}
