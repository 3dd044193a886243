//! Every transaction has Nitro's status, gas, price, events and block.

use crate::difference::{Differences, Exception};
use crate::replay::{fresh, name, play, recorded, rows, start};
use serde_json::{Value, json};
use std::sync::LazyLock;
use stylus_devnode::Devnode;

/// Wei per unit of L1 data when Nitro's development mode starts.
const FIRST_L1_PRICE: u64 = 50_000_000_000;

/// The chosen transactions.
static TRANSACTIONS: LazyLock<Vec<Value>> = LazyLock::new(|| rows(include_bytes!("recorded/transactions.json.br")));

/// The node after all chosen transactions, what it said of each, and what its tracers said.
pub(crate) struct Played {
    pub(crate) node: Devnode,
    said: Vec<Value>,
    /// For each row of `traces` and then of `steps`: the tracer's answers, by its name there.
    pub(crate) traced: Vec<(Value, Value)>,
}

/// The chosen transactions, played once for all tests.
pub(crate) static PLAYED: LazyLock<Played> = LazyLock::new(|| {
    let node = fresh(FIRST_L1_PRICE, start(&TRANSACTIONS) - 1);
    let traces = rows(include_bytes!("recorded/traces.json.br"));
    let steps = rows(include_bytes!("recorded/steps.json.br"));
    let (mut said, mut traced) = (Vec::new(), Vec::new());
    for row in TRANSACTIONS.iter() {
        if name(row) == "dictionary 1: activate" {
            without_dictionary(&node);
        }
        let ours = play(&node, row);
        for trace in traces.iter().chain(&steps).filter(|trace| trace["name"] == row["name"]) {
            traced.push((trace.clone(), crate::traces::ask(&node, &ours["hash"], trace)));
        }
        said.push(ours);
    }
    Played { node, said, traced }
});

/// The hash of an instrumented module is a Merkle root that only fraud proofs need. Activations differ by it, and must
/// differ by nothing else: it is taken out of both.
pub(crate) fn without_module_hashes(mut receipt: Value) -> Value {
    let topic = json!("0xc0e812780707128d9a180db8ee4d1c1f1300b6dd0626d577b5d9ac759b76253c");
    for log in receipt["logs"].as_array_mut().into_iter().flatten() {
        if log["topics"][0] == topic {
            let data = log["data"].as_str().expect("data");
            log["data"] = format!("0x..{}", &data[66..]).into();
        }
    }
    receipt
}

/// Nitro's dictionary is a file under its own licence, without which programs that were packed with it cannot be read.
/// The program that the recording activates is there a second time, packed without it: its code takes the place, so
/// that the fees of later activations, which depend on it, are Nitro's.
fn without_dictionary(node: &Devnode) {
    let find = |name: &str| TRANSACTIONS.iter().find(|row| row["name"] == name).expect("a row");
    let raw = find("low quality: create")["raw"].as_str().expect("a transaction");
    // The code follows the twelve bytes of init code that return it, and the signature follows the code.
    let start = raw.find("6000396000f3").expect("init code") + 12;
    let length = usize::from_str_radix(&raw[start - 22..start - 18], 16).expect("a length") * 2;
    let packed = &find("dictionary 1: create")["contractAddress"];
    // What comes after the packed program is not read, but makes it another code.
    node.request("anvil_setCode", json!([packed, format!("0x{}00", &raw[start..start + length])])).expect("an answer");
}

#[test]
fn chosen_transactions_are_as_on_nitro() {
    let mut differences = Differences::default();
    for (row, ours) in TRANSACTIONS.iter().zip(&PLAYED.said) {
        let nitro = without_module_hashes(recorded(row, ours));
        differences.compare(name(row), &nitro, &without_module_hashes(ours.clone()));
    }
    differences.expect(TRANSACTIONS.len(), EXCEPTIONS);
}

const EXCEPTIONS: &[Exception] = &[Exception {
    rows: &["dictionary 1: activate"],
    reason: "the event has the hash of the code, and the dictionary of Nitro's code is not ours to have",
}];

#[test]
fn random_programs_are_as_on_nitro() {
    let rows = rows(include_bytes!("recorded/random.json.br"));
    let node = fresh(0, start(&rows) - 1);
    let mut differences = Differences::default();
    for row in &rows {
        let ours = play(&node, row);
        let nitro = without_module_hashes(recorded(row, &ours));
        differences.compare(name(row), &nitro, &without_module_hashes(ours));
    }
    differences.expect(rows.len(), &[]);
}
