//! A fork of Nitro itself, as far as it was recorded: its programs run here as they were activated there.

use crate::answers::ask;
use crate::difference::Differences;
use crate::far::{Answer, serve};
use crate::replay::{fresh, name, parse, rows};
use alloy::primitives::{B256, U256};
use serde_json::{Value, json};
use stylus_devnode::Devnode;

/// A server that has the recorded state. What never changed on that chain was not recorded: it is as on a fresh one.
fn nitro(number: usize, timestamp: Value) -> String {
    let Value::Object(accounts) = parse(include_bytes!("recorded/suite-state.json.br")) else { panic!("accounts") };
    let beginning = fresh(0, 1_000_000);
    let zero = B256::ZERO;
    let mut mix = [0; 32];
    // ArbOS 51, and no block of L1.
    mix[23] = 51;
    let block = json!({
        "number": format!("{number:#x}"), "hash": B256::repeat_byte(0xbb), "timestamp": timestamp,
        "mixHash": B256::from(mix), "baseFeePerGas": "0x5f5e100", "gasLimit": "0x4000000000000",
        "parentHash": zero, "stateRoot": zero,
    });
    serve(move |method, params| {
        let account = params[0].as_str().and_then(|address| accounts.get(address));
        let field = |name: &str| account.map(|account| account[name].clone()).filter(|value| !value.is_null());
        let fresh =
            || beginning.request(method, params.as_array().map(|all| json!(all[..all.len() - 1])).unwrap_or_default());
        let recorded = match method {
            "eth_chainId" => Some(json!("0x64aba")),
            "eth_blockNumber" => Some(block["number"].clone()),
            "eth_getBlockByNumber" => Some(block.clone()),
            "eth_getBalance" => field("balance").or(Some(json!("0x0"))),
            "eth_getTransactionCount" => {
                field("nonce").map(|nonce| json!(U256::from(nonce.as_u64().expect("a nonce"))))
            }
            "eth_getCode" => field("code"),
            "eth_getStorageAt" => field("storage").and_then(|slots| slots.get(params[1].as_str()?).cloned()),
            other => panic!("nobody asks {other}"),
        };
        match recorded.map_or_else(fresh, Ok) {
            Ok(answer) => Answer::Result(answer),
            Err(error) => Answer::Error(json!(error)),
        }
    })
}

#[test]
fn programs_of_nitro_run_in_a_fork_as_they_were_activated() {
    let played = rows(include_bytes!("recorded/suite.json.br"));
    let last = played.last().expect("rows")["time"].as_u64().expect("a time");
    let url = nitro(played.len(), json!(format!("{last:#x}")));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let builder = Devnode::builder().like_nitro(true).accounts([]).fork(url.as_str()).manual_time(true);
    let fork = runtime.block_on(builder.spawn()).expect("a fork");
    let answers = rows(include_bytes!("recorded/suite-answers.json.br"));
    let mut differences = Differences::default();
    for row in &answers {
        let (nitro, ours) = ask(&fork, row);
        differences.compare(name(row), &nitro, &ours);
    }
    differences.expect(answers.len(), &[]);
}
