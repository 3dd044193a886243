//! Files that keep the chain.
#![cfg(unix)]

use crate::process::{Node, complaint, fresh};
use alloy::primitives::{Address, U256};
use serde_json::{Value, json};
use std::fs;
use std::time::{Duration, Instant};
use stylus_devnode::ChainState;

fn quantity(answer: &Value) -> u64 {
    let text = answer.as_str().expect("a string");
    U256::from_str_radix(text.trim_start_matches("0x"), 16).expect("a number").to()
}

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

/// Slot 0 of the contract counts its calls.
const COUNTER: &str = "0x5f5460010160005500";

/// Kills nodes at any moment. What was there goes on as it was some time before, and that is not long.
#[test]
fn a_kill_loses_no_more_than_the_last_blocks() {
    let file = fresh("killed.log");
    let words = ["--state", file.to_str().expect("a path")];
    let (contract, slot) = (Address::repeat_byte(0x77), U256::ZERO);
    let mut blocks: Vec<Value> = Vec::new();
    let mut lost = 0;
    for round in 0..3_u64 {
        let mut node = Node::start(&words);
        let head = quantity(&node.ask("eth_blockNumber", json!([])));
        if round == 0 {
            node.ask("anvil_setCode", json!([contract, COUNTER]));
            blocks.push(node.ask("eth_getBlockByNumber", json!(["0x0", false]))["hash"].take());
        }
        // The chain is a beginning of what it was, and its state is that after its last block.
        blocks.truncate(usize::try_from(head + 1).expect("few"));
        let hash = node.ask("eth_getBlockByNumber", json!(["latest", false]))["hash"].take();
        assert_eq!(Some(&hash), blocks.last(), "round {round}");
        assert_eq!(quantity(&node.ask("eth_getStorageAt", json!([contract, "0x0", "latest"]))), head);
        let from = node.ask("eth_accounts", json!([]))[0].take();
        // Up to the kill, which comes at a moment that has nothing to do with when the file is written.
        let (start, life) = (Instant::now(), Duration::from_millis(1_600 + 290 * round));
        let mut mined = Vec::new();
        while start.elapsed() < life {
            node.ask("eth_sendTransaction", json!([{ "from": from, "to": contract }]));
            let block = node.ask("eth_getBlockByNumber", json!(["latest", false]));
            blocks.push(block["hash"].clone());
            mined.push((Instant::now(), quantity(&block["number"])));
        }
        let killed = Instant::now();
        assert_eq!(node.end("-KILL").code(), None);
        let state = ChainState::load(&file).expect("a chain");
        let kept = state.block_number();
        assert_eq!(state.storage(contract, slot), U256::from(kept));
        // A second is what may be lost, and how long a busy machine takes to write.
        let old = mined.iter().rev().find(|(when, _)| killed - *when > Duration::from_millis(1_500));
        assert!(old.is_none_or(|(_, number)| *number <= kept), "{old:?} after {kept}");
        lost += mined.last().map_or(0, |(_, number)| number - kept);
    }
    println!("{} blocks, of which {lost} more were lost", blocks.len());
    fs::remove_file(file).expect("the file");
}

#[test]
fn a_file_that_cannot_be_read_is_left_as_it_is() {
    let file = fresh("damaged.log");
    let path = file.to_str().expect("a path");
    let mut node = Node::start(&["--state", path]);
    // Another node has it.
    let told = complaint(&["--port", "0", "--state", path]);
    assert!(told.contains("cannot read") && told.contains("another node keeps its chain in this file"), "{told}");
    node.ask("anvil_mine", json!(["0x2"]));
    assert!(node.end("-TERM").success());
    let good = fs::read(&file).expect("a file");
    // In the middle: it is not the end of a file that was not written to its end.
    let mut damaged = good.clone();
    damaged[good.len() / 2] ^= 1;
    for (text, why) in [
        (&b"{\"format\":\"stylus-devnode-state\",\"version\":1}"[..], "format version 1"),
        (b"something else", "not the state of a chain"),
        (&good[..200], "not the state of a chain"),
        (&damaged, "the state is damaged"),
    ] {
        fs::write(&file, text).expect("written");
        let told = complaint(&["--port", "0", "--state", path]);
        assert!(told.contains("cannot read") && told.contains(why), "{told}");
        assert_eq!(fs::read(&file).expect("a file"), text);
    }
    // At the end: the node says what it drops, and goes on.
    fs::write(&file, [&good[..], b"0123456789abcdef {\"blo"].concat()).expect("written");
    assert_eq!(Node::start(&["--state", path]).ask("eth_blockNumber", json!([])), "0x2");
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
