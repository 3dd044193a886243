//! Every tracer's answer is Nitro's.

use crate::difference::{Differences, Exception};
use crate::replay::name;
use crate::tracer::options;
use crate::transactions::{PLAYED, without_module_hashes};
use serde_json::{Value, json};
use stylus_devnode::Devnode;

/// The account with the state of ArbOS.
const ARBOS: &str = "0xa4b05fffffffffffffffffffffffffffffffffff";

/// What `node` answers for each tracer that `row` has an answer of.
pub(crate) fn ask(node: &Devnode, hash: &Value, row: &Value) -> Value {
    let tracers = row.as_object().expect("an object").keys().filter(|key| !["name", "at"].contains(&key.as_str()));
    let answers = tracers.map(|tracer| {
        let answer = match node.request("debug_traceTransaction", json!([hash, options(tracer)])) {
            Ok(result) => json!({ "result": result }),
            Err(error) => json!({ "error": error }),
        };
        (tracer.clone(), answer)
    });
    Value::Object(answers.collect())
}

/// An answer without what no other node can say: hashes of machine code and of blocks. And without the place in the
/// block, which is one less here, as the transaction with which Nitro itself begins a block is not shown.
fn comparable(answer: &Value) -> Value {
    let mut answer = answer.clone();
    for frame in answer.get_mut("result").and_then(Value::as_array_mut).into_iter().flatten() {
        for field in ["blockHash", "transactionPosition"] {
            frame.as_object_mut().map(|frame| frame.remove(field));
        }
    }
    if let Some(words) = answer.pointer_mut(&format!("/result/{ARBOS}/storage")).and_then(Value::as_object_mut) {
        words.retain(|_, word| word.as_str().is_some_and(|word| word.starts_with("0x00")));
    }
    if answer["result"]["logs"].is_array() {
        answer["result"] = without_module_hashes(answer["result"].take());
    }
    answer
}

fn expect(tracer: &str, exceptions: &[Exception]) {
    let mut differences = Differences::default();
    let rows: Vec<_> = PLAYED.traced.iter().filter(|(row, _)| row.get(tracer).is_some()).collect();
    for (row, ours) in &rows {
        differences.compare(name(row), &comparable(&row[tracer]), &comparable(&ours[tracer]));
    }
    differences.expect(rows.len(), exceptions);
}

#[test]
fn calls_are_traced_as_on_nitro() {
    expect("callTracer", &[]);
}

#[test]
fn host_ios_are_traced_as_on_nitro() {
    expect("stylusTracer", HOST_IO_EXCEPTIONS);
}

#[test]
fn states_before_are_traced_as_on_nitro() {
    expect("prestateTracer", &[]);
}

#[test]
fn changes_of_states_are_traced_as_on_nitro() {
    expect("prestateDiff", &[]);
}

#[test]
fn selectors_are_traced_as_on_nitro() {
    expect("fourByteTracer", &[]);
}

#[test]
fn flat_calls_are_traced_as_on_nitro() {
    expect("flatCallTracer", &[]);
}

#[test]
fn steps_are_traced_as_on_nitro() {
    expect("defaultTracer", &[]);
}

const HOST_IO_EXCEPTIONS: &[Exception] = &[Exception {
    rows: &["program callTooMuch: static"],
    reason: "Nitro's tracer does not expect a program to call more than its gas allows, and answers with an error",
}];
