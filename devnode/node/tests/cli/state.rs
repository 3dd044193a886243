//! Files that keep the chain.
#![cfg(unix)]

use crate::process::{Node, fresh};
use serde_json::json;
use std::fs;
use std::time::Duration;

#[test]
fn a_terminal_that_closes_loses_nothing() {
    let file = fresh("hangup.json");
    let words = ["--state", file.to_str().expect("a path")];
    let mut node = Node::start(&words);
    node.ask("anvil_mine", json!(["0x5"]));
    assert_eq!(node.end("-HUP").code(), Some(0));
    let again = Node::start(&words);
    assert_eq!(again.ask("eth_blockNumber", json!([])), "0x5");
    fs::remove_file(file).expect("the file");
}

#[test]
fn a_kill_loses_a_second_if_asked_to() {
    let file = fresh("killed.json");
    let words = ["--state", file.to_str().expect("a path"), "--save-every", "1"];
    let mut node = Node::start(&words);
    let written = || fs::metadata(&file).and_then(|file| file.modified()).expect("a file");
    let before = written();
    node.ask("anvil_mine", json!(["0x5"]));
    // It is written within the second, or somewhat later on a busy machine.
    while written() == before {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(node.end("-KILL").code(), None);
    let again = Node::start(&words);
    assert_eq!(again.ask("eth_blockNumber", json!([])), "0x5");
    fs::remove_file(file).expect("the file");
}

#[test]
fn a_chain_is_read_from_one_file_and_written_to_another() {
    let (first, second) = (fresh("first.json"), fresh("second.json"));
    let [from, to] = [&first, &second].map(|file| file.to_str().expect("a path"));
    let mut node = Node::start(&["--dump-state", from]);
    node.ask("anvil_mine", json!(["0x2"]));
    assert!(node.end("-TERM").success());
    let kept = fs::read(&first).expect("a file");
    let mut node = Node::start(&["--load-state", from, "--dump-state", to]);
    node.ask("anvil_mine", json!(["0x2"]));
    assert!(node.end("-INT").success());
    assert_eq!(fs::read(&first).expect("a file"), kept);
    assert_eq!(Node::start(&["--load-state", to]).ask("eth_blockNumber", json!([])), "0x4");
    fs::remove_file(first).expect("the file");
    fs::remove_file(second).expect("the file");
}
