//! What the tests share: a chain worth forking.

use crate::far::{Answer, serve};
use alloy::primitives::{Address, Bytes, U256};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use stylus_devnode::{Devnode, ForkOptions};

/// Whom nothing but a test gave something.
pub(crate) const RICH: Address = Address::repeat_byte(0x77);

/// A program that adds the first word of its call data to slot 0, and returns the sum.
const COUNTER: &str = r#"(module
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
    (import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))
    (import "vm_hooks" "storage_cache_bytes32" (func $store (param i32 i32)))
    (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param $len i32) (result i32)
        (call $load (i32.const 0) (i32.const 32))
        (call $read_args (i32.const 64))
        ;; The last byte alone is counted.
        (i32.store8 (i32.const 63) (i32.add (i32.load8_u (i32.const 63)) (i32.load8_u (i32.const 95))))
        (call $store (i32.const 0) (i32.const 32))
        (call $flush (i32.const 0))
        (call $write_result (i32.const 32) (i32.const 32))
        (i32.const 0)))"#;

/// The same for the EVM.
const EVM_COUNTER: &str = "0x5f545f3501805f555f5260205ff3";

/// A chain with a program and a contract that have counted to five and seven.
pub(crate) struct Other {
    pub(crate) node: Devnode,
    pub(crate) program: Address,
    pub(crate) contract: Address,
}

pub(crate) async fn other() -> Other {
    let node = Devnode::builder().timestamp(1_000_000).manual_time(true).l1_price(1_000).spawn().await.expect("a node");
    let program = node.deploy_program(&wat::parse_str(COUNTER).expect("valid WAT")).expect("a program");
    let contract = Address::repeat_byte(0xcc);
    ask(&node, "anvil_setCode", json!([contract, EVM_COUNTER]));
    ask(&node, "anvil_setBalance", json!([RICH, U256::from(55)]));
    count(&node, program, 5);
    count(&node, contract, 7);
    Other { node, program, contract }
}

/// A node that forks the one at this URL, hastily.
pub(crate) async fn fork(url: &str) -> Devnode {
    Devnode::builder().fork(hasty(url)).manual_time(true).spawn().await.expect("a fork")
}

pub(crate) fn hasty(url: &str) -> ForkOptions {
    ForkOptions::new(url).retries(1).backoff(Duration::from_millis(1)).timeout(Duration::from_secs(20))
}

/// Adds to a counter. Returns the receipt.
pub(crate) fn count(node: &Devnode, counter: Address, by: u64) -> Value {
    let from = node.accounts()[0].address;
    let data = Bytes::from(U256::from(by).to_be_bytes::<32>());
    let hash = ask(node, "eth_sendTransaction", json!([{ "from": from, "to": counter, "data": data }]));
    let receipt = ask(node, "eth_getTransactionReceipt", json!([hash]));
    assert_eq!(receipt["status"], "0x1");
    receipt
}

/// What a counter would return after adding.
pub(crate) fn counted(node: &Devnode, counter: Address, by: u64) -> U256 {
    let data = Bytes::from(U256::from(by).to_be_bytes::<32>());
    let answer = ask(node, "eth_call", json!([{ "to": counter, "data": data }, "latest"]));
    serde_json::from_value(answer).expect("a word")
}

/// Calls a method in process and expects an answer.
pub(crate) fn ask(node: &Devnode, method: &str, params: Value) -> Value {
    node.request(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
}

/// What a request in process is refused with.
pub(crate) fn refusal(node: &Devnode, method: &str, params: Value) -> String {
    node.request(method, params).expect_err("a refusal").message().to_owned()
}

/// A server before `other` that counts which methods are asked. `change` may answer in the node's place.
pub(crate) fn between(
    other: Other,
    change: impl Fn(&str, &Value) -> Option<Answer> + Send + Sync + 'static,
) -> (String, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&asked);
    let url = serve(move |method, params| {
        list.lock().expect("a list").push(method.to_owned());
        change(method, params).unwrap_or_else(|| match other.node.request(method, params.clone()) {
            Ok(result) => Answer::Result(result),
            Err(error) => Answer::Error(json!(error)),
        })
    });
    (url, asked)
}
