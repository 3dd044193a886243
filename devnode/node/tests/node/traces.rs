//! Traces: what happened inside a transaction, by go-ethereum's tracers and Nitro's.

use crate::contracts::{chatterbox, recorder, reverter};
use crate::programs::activation;
use crate::support::{ask, deploy, node, provider, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, bytes, hex};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{Revert, SolError};
use serde_json::{Value, json};
use stylus_devnode::Devnode;
use stylus_program::format::{compress, init_code};
use stylus_program::process::process;

/// A program that takes the first 20 bytes of its call data as the address of a contract, calls the contract with the
/// rest, and returns with the status of that call.
pub(crate) const FORWARDER: &str = r#"(module
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param $len i32) (result i32)
        (call $read_args (i32.const 0))
        (call $call
            (i32.const 0) (i32.const 20) (i32.sub (local.get $len) (i32.const 20))
            (i32.const 1024) (i64.const -1) (i32.const 2048))))"#;

/// Deploys and activates a program.
pub(crate) async fn program(provider: &impl Provider, wat: &str) -> Address {
    let wasm = wat::parse_str(wat).expect("valid WAT");
    let code = compress(&process(&wasm).expect("a module")).expect("a program");
    let program = deploy(provider, init_code(&code).into()).await;
    send(provider, activation(program)).await;
    program
}

/// Sends call data and returns the hash of the transaction.
pub(crate) async fn call(provider: &impl Provider, to: Address, data: impl Into<Bytes>) -> B256 {
    let request = TransactionRequest::default().with_to(to).with_input(data.into()).with_gas_limit(1_000_000);
    send(provider, request).await.transaction_hash
}

pub(crate) fn trace(node: &Devnode, hash: B256, options: Value) -> Value {
    ask(node, "debug_traceTransaction", json!([hash, options]))
}

#[tokio::test]
async fn the_default_tracer_shows_every_instruction_with_its_gas() {
    let node = node().await;
    let sender = provider(&node, 0);
    let contract = deploy(&sender, recorder()).await;
    let word = B256::repeat_byte(0x11);
    let hash = call(&sender, contract, word).await;
    let trace = trace(&node, hash, json!({ "enableMemory": true }));
    let steps: Vec<(u64, &str, u64, u64)> = trace["structLogs"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| {
            let number = |field: &str| step[field].as_u64().expect("a number");
            (number("pc"), step["op"].as_str().expect("a name"), number("gasCost"), number("depth"))
        })
        .collect();
    let expected = [
        (0, "PUSH1", 3, 1),
        (2, "CALLDATALOAD", 3, 1),
        (3, "DUP1", 3, 1),
        (4, "PUSH1", 3, 1),
        // A cold slot that becomes nonzero: 2,100 + 20,000.
        (6, "SSTORE", 22_100, 1),
        (7, "PUSH1", 3, 1),
        // One word of memory: 3 + 3.
        (9, "MSTORE", 6, 1),
        (10, "PUSH1", 3, 1),
        (12, "PUSH1", 3, 1),
        (14, "PUSH1", 3, 1),
        // 375 + one topic 375 + 32 bytes * 8.
        (16, "LOG1", 1_006, 1),
        (17, "PUSH1", 3, 1),
        (19, "PUSH1", 3, 1),
        (21, "RETURN", 0, 1),
    ];
    assert_eq!(steps, expected);
    // 21,000 + 32 bytes of call data that are not zero, 16 each.
    assert_eq!(trace["structLogs"][0]["gas"], 1_000_000 - 21_000 - 32 * 16);
    assert_eq!(trace["structLogs"][4]["storage"], json!({ hex::encode([0; 32]): hex::encode(word) }));
    assert_eq!(
        trace["structLogs"][4]["stack"],
        json!([U256::from_be_bytes(word.0), U256::from_be_bytes(word.0), "0x0"])
    );
    assert_eq!(trace["structLogs"][13]["memory"], json!([hex::encode(word)]));
    assert_eq!((&trace["failed"], &trace["returnValue"]), (&json!(false), &json!(word)));
    let sum: u64 = expected.iter().map(|(_, _, gas, _)| gas).sum();
    assert_eq!(trace["gas"], 21_000 + 32 * 16 + sum);
}

#[tokio::test]
async fn what_was_not_asked_for_is_left_out() {
    let node = node().await;
    let sender = provider(&node, 0);
    let hash = call(&sender, deploy(&sender, recorder()).await, B256::repeat_byte(1)).await;
    let trace = trace(&node, hash, json!({ "disableStack": true, "disableStorage": true, "limit": 250 }));
    let steps = trace["structLogs"].as_array().expect("steps");
    // The limit is one of bytes, and what exceeds it is the last.
    let bytes = |steps: &[Value]| steps.iter().map(|step| step.to_string().len()).sum::<usize>();
    assert!(bytes(steps) > 250 && bytes(&steps[..steps.len() - 1]) <= 250, "{}", bytes(steps));
    for step in steps {
        assert!(step["stack"].is_null() && step["storage"].is_null() && step["memory"].is_null(), "{step}");
    }
}

#[tokio::test]
async fn the_call_tracer_shows_calls_of_programs_and_contracts_as_a_tree() {
    let node = node().await;
    let sender = provider(&node, 0);
    let (from, forwarder) = (node.accounts()[0].address, program(&sender, FORWARDER).await);
    let target = deploy(&sender, reverter()).await;
    let revert = Revert::from("no").abi_encode();
    let data = [target.as_slice(), &revert].concat();
    let hash = call(&sender, forwarder, data.clone()).await;
    let trace = trace(&node, hash, json!({ "tracer": "callTracer" }));
    let receipt = ask(&node, "eth_getTransactionReceipt", json!([hash]));
    assert_eq!((&trace["type"], &trace["gas"]), (&json!("CALL"), &json!("0xf4240")));
    assert_eq!((&trace["from"], &trace["to"]), (&json!(from), &json!(forwarder)));
    assert_eq!((&trace["gasUsed"], &trace["input"]), (&receipt["gasUsed"], &json!(Bytes::from(data))));
    assert_eq!(trace["error"], "execution reverted", "the status of the call is the program's");
    let [inner] = &trace["calls"].as_array().expect("calls")[..] else { panic!("one call: {trace}") };
    assert_eq!((&inner["from"], &inner["to"], &inner["value"]), (&json!(forwarder), &json!(target), &json!("0x0")));
    assert_eq!((&inner["output"], &inner["error"]), (&json!(Bytes::from(revert)), &json!("execution reverted")));
    assert_eq!(inner["revertReason"], "no");
    let top = json!({ "tracer": "callTracer", "tracerConfig": { "onlyTopCall": true } });
    assert!(ask(&node, "debug_traceTransaction", json!([hash, top]))["calls"].is_null());
}

#[tokio::test]
async fn the_call_tracer_shows_creates_and_events_in_their_place() {
    let node = node().await;
    let sender = provider(&node, 0);
    let options = json!({ "tracer": "callTracer", "tracerConfig": { "withLog": true } });
    let created = send(&sender, TransactionRequest::default().with_deploy_code(recorder())).await;
    let trace_of = |hash: B256| trace(&node, hash, options.clone());
    let create = trace_of(created.transaction_hash);
    assert_eq!((&create["type"], &create["to"]), (&json!("CREATE"), &json!(created.contract_address)));
    assert_eq!(create["input"], json!(recorder()));

    let (forwarder, noisy) = (program(&sender, FORWARDER).await, deploy(&sender, chatterbox()).await);
    let trace = trace_of(call(&sender, forwarder, noisy.to_vec()).await);
    let logs = trace["calls"][0]["logs"].as_array().expect("logs");
    let places: Vec<_> = logs.iter().map(|log| (&log["address"], &log["position"])).collect();
    let (address, zero) = (json!(noisy), json!("0x0"));
    assert_eq!(places, [(&address, &zero), (&address, &zero)]);
}

#[tokio::test]
async fn the_stylus_tracer_shows_host_ios_with_their_bytes_and_their_ink() {
    let node = node().await;
    let sender = provider(&node, 0);
    let forwarder = program(&sender, FORWARDER).await;
    let target = deploy(&sender, recorder()).await;
    let data = [target.as_slice(), &[0x22; 32]].concat();
    let hash = call(&sender, forwarder, data.clone()).await;
    let trace = trace(&node, hash, json!({ "tracer": "stylusTracer" }));
    let list = trace.as_array().expect("a list");
    let names: Vec<_> = list.iter().map(|host_io| host_io["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["user_entrypoint", "read_args", "call_contract", "user_returned"]);
    let bytes_of =
        |index: usize, field: &str| -> Bytes { serde_json::from_value(list[index][field].clone()).expect("bytes") };
    let ink = |index: usize| {
        let number = |field: &str| list[index][field].as_u64().expect("a number");
        number("startInk") - number("endInk")
    };
    assert_eq!((bytes_of(0, "args"), bytes_of(0, "outs"), ink(0)), (bytes!("00000034"), Bytes::new(), 0));
    assert_eq!((bytes_of(1, "args"), bytes_of(1, "outs")), (Bytes::new(), Bytes::from(data.clone())));
    // The base charge of 8,400, 5,040 for the first 32 bytes, 30 for each of the other 20.
    assert_eq!(ink(1), 8_400 + 5_040 + 20 * 30);
    let call_args = [target.as_slice(), &u64::MAX.to_be_bytes(), &[0; 32], &[0x22; 32]].concat();
    assert_eq!(bytes_of(2, "args"), Bytes::from(call_args), "contract, gas, value, call data");
    assert_eq!(bytes_of(2, "outs"), bytes!("0000002000"), "the length of what came back, and the status");
    assert_eq!((&list[2]["address"], &list[2]["steps"]), (&json!(target), &json!([])), "EVM code has no host I/Os");
    assert_eq!((bytes_of(3, "args"), bytes_of(3, "outs")), (Bytes::new(), bytes!("00000000")));
    assert_eq!(list[3]["startInk"], list[0]["startInk"]);

    // A program that calls itself: the inner host I/Os are steps of the call.
    let inner = [forwarder.as_slice(), target.as_slice()].concat();
    let trace = self::trace(&node, call(&sender, forwarder, inner).await, json!({ "tracer": "stylusTracer" }));
    let inner: Vec<_> = trace[2]["steps"].as_array().expect("steps").iter().map(|step| &step["name"]).collect();
    assert_eq!(inner, ["user_entrypoint", "read_args", "call_contract", "user_returned"]);
    // What cargo stylus sends where this tracer may be unknown is answered the same way.
    let javascript = json!({ "tracer": "{ hostio: function(info) { }, fault: function() { } }" });
    assert_eq!(self::trace(&node, hash, javascript), self::trace(&node, hash, json!({ "tracer": "stylusTracer" })));
}

#[tokio::test]
async fn the_prestate_tracer_shows_accounts_before_and_what_changed() {
    let node = node().await;
    let sender = provider(&node, 0);
    let (from, contract) = (node.accounts()[0].address, deploy(&sender, recorder()).await);
    let (first, second) = (B256::repeat_byte(1), B256::repeat_byte(2));
    call(&sender, contract, first).await;
    let balance = ask(&node, "eth_getBalance", json!([from, "latest"]));
    let hash = call(&sender, contract, second).await;
    let slot = B256::ZERO.to_string();
    let before = trace(&node, hash, json!({ "tracer": "prestateTracer" }));
    let (sender_key, key) = (format!("{from:?}"), format!("{contract:?}"));
    assert_eq!((&before[&sender_key]["balance"], &before[&sender_key]["nonce"]), (&balance, &json!(2)));
    assert_eq!(before[&key]["storage"], json!({ slot.clone(): first }));
    assert!(before[&key]["code"].as_str().is_some_and(|code| code.len() > 2));
    let diff = json!({ "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } });
    let diff = trace(&node, hash, diff);
    assert_eq!(diff["pre"][&key]["storage"], json!({ slot.clone(): first }));
    assert_eq!(diff["post"][&key], json!({ "storage": { slot: second } }), "nothing else of it changed");
    assert_eq!(diff["post"][&sender_key]["nonce"], 3);
}

#[tokio::test]
async fn the_four_byte_tracer_counts_functions() {
    let node = node().await;
    let sender = provider(&node, 0);
    let forwarder = program(&sender, FORWARDER).await;
    let contract = deploy(&sender, recorder()).await;
    let data = [contract.as_slice(), &[0xaa; 36]].concat();
    let trace = trace(&node, call(&sender, forwarder, data).await, json!({ "tracer": "4byteTracer" }));
    assert_eq!(trace["0xaaaaaaaa-32"], 1);
}

#[tokio::test]
async fn calls_and_blocks_are_traced() {
    let node = node().await;
    let sender = provider(&node, 0);
    let nobody = Address::repeat_byte(0x66);
    let options = json!({ "tracer": "callTracer", "stateOverrides": { nobody.to_string(): { "code": "0xfe" } } });
    let trace = ask(&node, "debug_traceCall", json!([{ "to": nobody }, "latest", options]));
    assert_eq!(trace["error"], "invalid opcode: INVALID");
    let hash = call(&sender, nobody, B256::ZERO).await;
    let options = json!({ "tracer": "callTracer" });
    let by_number = ask(&node, "debug_traceBlockByNumber", json!(["latest", options]));
    assert_eq!(
        by_number,
        json!([{ "txHash": hash, "result": ask(&node, "debug_traceTransaction", json!([hash, options])) }])
    );
    let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))["hash"].clone();
    assert_eq!(ask(&node, "debug_traceBlockByHash", json!([block, options])), by_number);
    let error = node.request("debug_traceBlockByNumber", json!(["earliest", options])).expect_err("refused");
    assert_eq!(error.message(), "genesis is not traceable");
}

#[tokio::test]
async fn a_trace_is_of_the_state_in_which_the_transaction_ran() {
    let node = node().await;
    let sender = provider(&node, 0);
    let contract = deploy(&sender, recorder()).await;
    let first = call(&sender, contract, B256::repeat_byte(1)).await;
    let gas = trace(&node, first, json!({}))["structLogs"][4]["gasCost"].clone();
    call(&sender, contract, B256::repeat_byte(2)).await;
    assert_eq!(gas, 22_100);
    assert_eq!(trace(&node, first, json!({}))["structLogs"][4]["gasCost"], gas, "the slot was empty then");
}

#[tokio::test]
async fn a_trace_that_would_fill_the_memory_is_refused() {
    let node = node().await;
    let sender = provider(&node, 0);
    // JUMPDEST, PUSH1 0, JUMP: until the gas is gone, at 12 gas a turn.
    let endless = Address::repeat_byte(0x77);
    ask(&node, "anvil_setCode", json!([endless, "0x5b600056"]));
    // The same for programs: the call data, again and again.
    let reader = program(
        &sender,
        r#"(module
            (import "vm_hooks" "read_args" (func $read_args (param i32)))
            (memory (export "memory") 2 2)
            (func (export "user_entrypoint") (param $len i32) (result i32)
                (loop $again (call $read_args (i32.const 0)) (br $again))
                (i32.const 0)))"#,
    )
    .await;
    let data = Bytes::from(vec![1; 100_000]);
    for (call, tracer) in [
        (json!({ "to": endless, "gas": "0x989680" }), json!({})),
        (json!({ "to": reader, "gas": "0x2faf080", "data": data }), json!({ "tracer": "stylusTracer" })),
    ] {
        let error = node.request("debug_traceCall", json!([call, "latest", tracer])).expect_err("too much");
        assert_eq!((error.code(), error.message()), (-32000, "the trace is too large"));
        let tree = json!({ "tracer": "callTracer" });
        assert_eq!(ask(&node, "debug_traceCall", json!([call, "latest", tree]))["error"], "out of gas");
    }
}

#[tokio::test]
async fn what_cannot_be_traced_is_refused() {
    let node = node().await;
    let sender = provider(&node, 0);
    let hash = call(&sender, Address::repeat_byte(0x66), B256::ZERO).await;
    let refused = |params: Value| {
        let error = node.request("debug_traceTransaction", params).expect_err("refused");
        (error.code(), error.message().to_owned())
    };
    assert_eq!(refused(json!([B256::ZERO])), (-32000, "transaction not found".into()));
    assert_eq!(refused(json!([hash, { "tracer": "otherTracer" }])), (-32000, "tracer not found: otherTracer".into()));
    let javascript = json!({ "tracer": "{ step: function() {}, result: function() {} }" });
    assert_eq!(refused(json!([hash, javascript])), (-32000, "tracers in JavaScript are not supported".into()));
    let config = json!({ "tracer": "callTracer", "tracerConfig": { "withLog": 7 } });
    assert_eq!(refused(json!([hash, config])).0, -32602);
    assert_eq!(refused(json!([])).0, -32602);
}
