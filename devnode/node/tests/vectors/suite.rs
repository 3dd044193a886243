//! The restaking suite's deployment and story, and the state and the answers after it.

use crate::answers::ask;
use crate::difference::Differences;
use crate::replay::{fresh, name, parse, play, recorded, rows, start};
use crate::transactions::without_module_hashes;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use stylus_devnode::Devnode;

static SUITE: LazyLock<Vec<Value>> = LazyLock::new(|| rows(include_bytes!("recorded/suite.json.br")));

/// The node after the story, and what it said of each transaction.
static PLAYED: LazyLock<(Devnode, Vec<Value>)> = LazyLock::new(|| {
    let node = fresh(0, start(&SUITE));
    let said = SUITE.iter().map(|row| play(&node, row)).collect();
    (node, said)
});

#[test]
fn the_suite_lives_as_on_nitro() {
    let mut differences = Differences::default();
    for (row, ours) in SUITE.iter().zip(&PLAYED.1) {
        let nitro = without_module_hashes(recorded(row, ours));
        differences.compare(name(row), &nitro, &without_module_hashes(ours.clone()));
    }
    differences.expect(SUITE.len(), &[]);
}

#[test]
fn the_suites_answers_are_those_of_nitro() {
    let answers = rows(include_bytes!("recorded/suite-answers.json.br"));
    let mut differences = Differences::default();
    for row in &answers {
        let (nitro, ours) = ask(&PLAYED.0, row);
        differences.compare(name(row), &nitro, &ours);
    }
    differences.expect(answers.len(), &[]);
}

#[test]
fn the_suites_accounts_are_those_of_nitro() {
    let Value::Object(accounts) = parse(include_bytes!("recorded/suite-state.json.br")) else { panic!("accounts") };
    let mut differences = Differences::default();
    for (address, nitro) in &accounts {
        let get = |method: &str| PLAYED.0.request(method, json!([address, "latest"])).expect("an answer");
        let word = |slot: &String| PLAYED.0.request("eth_getStorageAt", json!([address, slot, "latest"]));
        let (mut recorded, mut ours) = (Map::new(), Map::new());
        for (slot, value) in nitro["storage"].as_object().into_iter().flatten() {
            let value = padded(value);
            if !(HASHED.contains(&address.as_str()) && is_hash(&value)) {
                recorded.insert(slot.clone(), json!(value));
                ours.insert(slot.clone(), word(slot).expect("a word"));
            }
        }
        let nonce = format!("{:#x}", nitro["nonce"].as_u64().unwrap_or(0));
        let code = nitro.get("code").cloned().unwrap_or_else(|| json!("0x"));
        let nitro = json!({ "balance": nitro["balance"], "nonce": nonce, "code": code, "storage": recorded });
        let ours = json!({
            "balance": get("eth_getBalance"), "nonce": get("eth_getTransactionCount"), "code": get("eth_getCode"),
            "storage": ours,
        });
        differences.compare(address, &nitro, &ours);
    }
    differences.expect(accounts.len(), &[]);
}

/// The accounts that hold hashes which no other node can have: those of blocks, and of the machine code of programs.
const HASHED: [&str; 2] = ["0x0000f90827f1c53a10cb7a02335b175320002935", "0xa4b05fffffffffffffffffffffffffffffffffff"];

/// Whether a word is too large to be a number that ArbOS counts with.
fn is_hash(word: &str) -> bool {
    !word.starts_with("0x00")
}

/// A word with its leading zeros.
fn padded(word: &Value) -> String {
    format!("0x{:0>64}", word.as_str().expect("a word").trim_start_matches("0x"))
}
