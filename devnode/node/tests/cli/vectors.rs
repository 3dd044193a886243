//! Recordings, replayed on a node by its URL, and made of one.

use crate::process::{Node, complaint, fresh, run};
use serde_json::{Value, json};
use std::fs;

const SUITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/recorded/suite.json.br");
const ANSWERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/recorded/suite-answers.json.br");

/// A node as the recording's was: with the only account's balance, and a time before it.
fn beginning() -> Node {
    Node::start(&["--like-nitro", "--balance", "1000", "--timestamp", "1795958000"])
}

#[test]
fn recordings_of_nitro_are_replayed_and_made_by_a_command() {
    let node = beginning();
    let replayed = run(&["replay", "--url", &node.url, "--without-module-hashes", SUITE, ANSWERS]);
    let said = String::from_utf8(replayed.stdout).expect("text");
    assert!(replayed.status.success() && said.contains("0 of 247 answers differ"), "{said}");

    // What is recorded here is what is replayed here, module hashes included.
    let file = fresh("recorded.json");
    let path = file.to_str().expect("a path");
    let node = beginning();
    assert!(run(&["record", "--url", &node.url, "--output", path, SUITE, ANSWERS]).status.success());
    let node = beginning();
    assert!(run(&["replay", "--url", &node.url, path]).status.success());

    // A difference is named.
    let mut rows: Vec<Value> = serde_json::from_slice(&fs::read(&file).expect("a file")).expect("rows");
    assert_eq!(rows.len(), 247);
    rows.truncate(9);
    rows[7]["gasUsed"] = json!(1);
    rows[8]["logs"] = json!([{}]);
    fs::write(&file, json!(rows).to_string()).expect("a file");
    let node = beginning();
    let replayed = run(&["replay", "--url", &node.url, path]);
    let said = String::from_utf8(replayed.stdout).expect("text");
    assert_eq!(replayed.status.code(), Some(1));
    assert!(said.contains("gasUsed was 1, is ") && said.contains("logs was [{}], is []"), "{said}");
    assert!(said.ends_with("2 of 9 answers differ from what was recorded.\n"), "{said}");
    fs::remove_file(file).expect("the file");
}

#[test]
fn what_cannot_be_replayed_is_named() {
    let why = complaint(&["replay", "--url", "http://127.0.0.1:1", "/nowhere/rows.json"]);
    assert!(why.contains("/nowhere/rows.json"), "{why}");
    let why = complaint(&["replay", "--url", "http://127.0.0.1:1", ANSWERS]);
    assert!(why.contains("http://127.0.0.1:1 does not answer eth_call"), "{why}");
    let why = complaint(&["replay", "--url", "http://127.0.0.1:1", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")]);
    assert!(why.contains("holds no rows"), "{why}");
}
