//! The default tracer shows what programs and ArbOS do as instructions, as Nitro does. That host I/Os of recorded
//! transactions look as they do there is tested in `tests/vectors`; here are the others.

use crate::contracts::init_code;
use crate::support::{ask, deploy, node, provider};
use crate::traces::{FORWARDER, call, program, trace};
use alloy::primitives::{Address, B256, U256, hex, keccak256};
use serde_json::{Value, json};

/// Keeps the word 7 until the end of the transaction and reads it back, hashes it, divides it by itself, creates an
/// empty account, and returns the hash.
const BUSY: &str = r#"(module
    (import "vm_hooks" "transient_store_bytes32" (func $keep (param i32 i32)))
    (import "vm_hooks" "transient_load_bytes32" (func $kept (param i32 i32)))
    (import "vm_hooks" "native_keccak256" (func $hash (param i32 i32 i32)))
    (import "vm_hooks" "math_div" (func $divide (param i32 i32)))
    (import "vm_hooks" "create1" (func $create (param i32 i32 i32 i32 i32)))
    (import "vm_hooks" "msg_reentrant" (func $reentrant (result i32)))
    (import "vm_hooks" "write_result" (func $result (param i32 i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param $len i32) (result i32)
        (i32.store8 (i32.const 31) (i32.const 7))
        (call $keep (i32.const 0) (i32.const 0))
        (call $kept (i32.const 0) (i32.const 64))
        (call $hash (i32.const 0) (i32.const 32) (i32.const 96))
        (call $divide (i32.const 64) (i32.const 0))
        (call $create (i32.const 160) (i32.const 0) (i32.const 192) (i32.const 224) (i32.const 256))
        (drop (call $reentrant))
        (call $result (i32.const 96) (i32.const 32))
        (i32.const 0)))"#;

/// The instructions of a trace with their depths and stacks.
fn steps(trace: &Value) -> Vec<(String, u64, Value)> {
    let steps = trace["structLogs"].as_array().expect("steps").iter();
    let name = |step: &Value| step["op"].as_str().expect("a name").to_owned();
    steps.map(|step| (name(step), step["depth"].as_u64().expect("a depth"), step["stack"].clone())).collect()
}

/// Version and number of the L1 block, in the state of ArbOS.
fn l1_number(depth: u64) -> [(String, u64, Value); 2] {
    let slots = [
        "0x15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b400",
        "0x3c79da47f96b0f39664f73c0a1f350580be90742947dddfa21ba64d578dfe600",
    ];
    slots.map(|slot| ("SLOAD".into(), depth, json!([slot])))
}

#[tokio::test]
async fn what_programs_do_is_shown_as_instructions() {
    let node = node().await;
    let sender = provider(&node, 0);
    let busy = program(&sender, BUSY).await;
    let hash = call(&sender, busy, B256::ZERO).await;
    let trace = trace(&node, hash, json!({ "enableMemory": true }));
    let seven = U256::from(7);
    let digest = U256::from_be_bytes(keccak256(B256::from(seven)).0);
    let expected = [
        ("TSTORE", json!(["0x7", "0x7"])),
        ("TLOAD", json!(["0x7"])),
        ("POP", json!(["0x7"])),
        ("KECCAK256", json!(["0x20", "0x0"])),
        ("POP", json!([digest])),
        ("DIV", json!(["0x7", "0x7"])),
        ("POP", json!(["0x1"])),
        ("CREATE", json!(["0x0", "0x0", "0x0"])),
        ("POP", json!([U256::from_be_slice(busy.create(1).as_slice())])),
        ("RETURN", json!(["0x20", "0x0"])),
    ];
    let expected = expected.map(|(name, stack)| (name.to_owned(), 1, stack));
    assert_eq!(steps(&trace), [&l1_number(1)[..], &expected].concat());
    assert_eq!(trace["structLogs"][5]["memory"], json!([hex::encode(B256::from(seven))]), "what was hashed");
    assert_eq!(trace["returnValue"], json!(B256::from(digest)));
}

#[tokio::test]
async fn a_call_is_shown_before_what_it_calls_and_words_for_a_failure_at_its_end() {
    let node = node().await;
    let sender = provider(&node, 0);
    let forwarder = program(&sender, FORWARDER).await;
    let endless = program(
        &sender,
        r#"(module (memory (export "memory") 1 1)
            (func (export "user_entrypoint") (param i32) (result i32) (loop $again (br $again)) unreachable))"#,
    )
    .await;
    let hash = call(&sender, forwarder, endless.to_vec()).await;
    let trace = trace(&node, hash, json!({ "enableMemory": true }));
    let names: Vec<_> = steps(&trace).into_iter().map(|(name, depth, _)| (name, depth)).collect();
    // The number of the L1 block is looked up once.
    let expected = [("SLOAD", 1), ("SLOAD", 1), ("CALLDATACOPY", 1), ("CALL", 1), ("REVERT", 2), ("REVERT", 1)];
    assert_eq!(names, expected.map(|(name, depth)| (name.to_owned(), depth)));
    let logs = &trace["structLogs"];
    let (words, gas) = (hex::encode("out of gas"), logs[3]["gas"].as_u64().expect("gas"));
    assert_eq!((&logs[4]["memory"], &logs[4]["gas"]), (&json!([words]), &json!(0)));
    // All but a 64th was given away; the account was cold.
    assert_eq!(logs[3]["gasCost"], gas + 2_600);
    assert_eq!(logs[3]["stack"][6], json!(U256::from(gas)));
}

#[tokio::test]
async fn what_arbos_looks_up_for_a_contract_is_shown_as_instructions() {
    let node = node().await;
    let sender = provider(&node, 0);
    // NUMBER and POP, twice; STATICCALL of ArbOwnerPublic.getNetworkFeeAccount() with the first four bytes of memory.
    let contract = deploy(
        &sender,
        init_code(&[
            0x43, 0x50, 0x43, 0x50, 0x63, 0x2d, 0x91, 0x25, 0xe9, 0x60, 0xe0, 0x1b, 0x5f,
            0x52, // MSTORE(0, selector)
            0x5f, 0x5f, 0x60, 0x04, 0x5f, 0x60, 0x6b, 0x5a, 0xfa, 0x00,
        ]),
    )
    .await;
    let hash = call(&sender, contract, B256::ZERO).await;
    let steps = steps(&trace(&node, hash, json!({})));
    let places: Vec<_> = steps.iter().enumerate().filter(|(_, (name, ..))| name == "SLOAD").map(|(at, _)| at).collect();
    assert_eq!((&steps[0].0, &steps[3].0, &steps[4].0), (&"NUMBER".into(), &"POP".into(), &"NUMBER".into()));
    assert_eq!(steps[1..3], l1_number(1), "once, after the instruction that asked");
    // The precompile opens the state and reads the account. It is no contract that runs.
    let call = steps.iter().position(|(name, ..)| name == "STATICCALL").expect("a call");
    assert_eq!(places, [1, 2, call + 1, call + 2]);
    assert_eq!(steps[call + 1], l1_number(1)[0]);
}

#[tokio::test]
async fn what_a_precompile_pays_is_shown_as_a_call() {
    let node = node().await;
    let from = node.accounts()[0].address;
    // ArbSys.withdrawEth(0) with 5 wei, which nobody has afterwards.
    let call = json!({ "from": from, "to": Address::with_last_byte(0x64), "value": "0x5",
        "data": format!("0x25e16063{}", hex::encode(B256::ZERO)) });
    let trace = ask(&node, "debug_traceCall", json!([call, "latest", {}]));
    let steps = steps(&trace);
    let paid = steps.iter().position(|(name, ..)| name == "CALL").expect("a payment");
    let zero = json!("0x0");
    assert_eq!(
        steps[paid..paid + 3],
        [
            ("CALL".into(), 0, json!([zero, zero, zero, zero, "0x5", zero, zero])),
            ("RETURN".into(), 1, json!([zero, zero])),
            ("POP".into(), 0, json!(["0x1"])),
        ]
    );
    assert!(steps[..paid].iter().any(|(name, ..)| name == "SSTORE"), "the message is in the outbox");
    let tree = ask(&node, "debug_traceCall", json!([call, "latest", { "tracer": "callTracer" }]));
    assert_eq!((&tree["calls"][0]["to"], &tree["calls"][0]["value"]), (&json!(Address::ZERO), &json!("0x5")));
}

#[tokio::test]
async fn bundlers_see_what_a_program_looks_at() {
    let node = node().await;
    let sender = provider(&node, 0);
    let (forwarder, busy) = (program(&sender, FORWARDER).await, program(&sender, BUSY).await);
    let hash = call(&sender, forwarder, busy.to_vec()).await;
    let root = trace(&node, hash, json!({ "tracer": "erc7562Tracer" }));
    assert_eq!(root["usedOpcodes"], json!({ "0x37": 1, "0x54": 2, "0xf1": 1, "0x0": 1 }));
    assert_eq!(root["contractSize"][format!("{busy:#x}")]["opcode"], 0xf1);
    let inner = &root["calls"][0];
    assert_eq!(inner["usedOpcodes"], json!({ "0x20": 1, "0x5c": 1, "0x5d": 1, "0xf0": 1, "0xf3": 1 }));
    let seven = B256::from(U256::from(7));
    let slots = &inner["accessedSlots"];
    let once = json!({ seven.to_string(): 1 });
    assert_eq!((&slots["transientReads"], &slots["transientWrites"]), (&once, &once));
    assert_eq!(inner["calls"][0]["usedOpcodes"], json!({}), "what it created ran nothing");
    assert_eq!(root["keccak"], json!([seven]));
    let hashed = trace(&node, hash, json!({ "tracer": "keccak256PreimageTracer" }));
    assert_eq!(hashed, json!({ keccak256(seven).to_string(): seven }));
}
