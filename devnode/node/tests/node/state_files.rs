//! Files that go on with their chain: what is new is added, and what a crash leaves is the chain as it was before.

use crate::snapshots::{Contracts, everything, frozen_node, live, path};
use crate::support::{ask, node};
use alloy::primitives::{Address, B256};
use fastrand::Rng;
use serde_json::json;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::PathBuf;
use stylus_devnode::{ChainState, Devnode, StateDecodeError, StateFile, StateFileError};

const SOMEBODY: Address = Address::repeat_byte(0x44);

/// A file that is gone after the test.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// All of a chain but the time. Codes that nobody has any more may stay in a file.
fn told(state: &ChainState) -> BTreeSet<String> {
    let text = String::from_utf8(state.encode().expect("bytes")).expect("text");
    let kept = |line: &&str| !["{\"clock\"", "{\"code\""].iter().any(|kind| line.contains(kind));
    text.lines().filter(kept).map(str::to_owned).collect()
}

type Change = Box<dyn Fn(&Devnode, &Contracts)>;

/// Changes of every kind that a chain can see.
fn changes() -> Vec<Change> {
    let call = |node: &Devnode, contracts: &Contracts, word: u8| {
        let (from, input) = (node.accounts()[3].address, B256::repeat_byte(word));
        ask(node, "eth_sendTransaction", json!([{ "from": from, "to": contracts.recorder, "input": input }]));
    };
    let set_balance = |node: &Devnode, wei: &str| ask(node, "anvil_setBalance", json!([SOMEBODY, wei]));
    vec![
        Box::new(move |node, contracts| call(node, contracts, 1)),
        // Nothing at all, as further below.
        Box::new(|_, _| ()),
        Box::new(|node, _| drop(ask(node, "evm_increaseTime", json!([500])))),
        Box::new(move |node, _| drop(set_balance(node, "0x7"))),
        // On top of what was changed by hand, and by hand again.
        Box::new(move |node, contracts| {
            call(node, contracts, 2);
            call(node, contracts, 3);
            set_balance(node, "0x8");
        }),
        // A snapshot that is gone back to between two looks.
        Box::new(move |node, contracts| {
            let snapshot = ask(node, "evm_snapshot", json!([]));
            set_balance(node, "0x9");
            call(node, contracts, 4);
            assert_eq!(ask(node, "evm_revert", json!([snapshot])), true);
        }),
        // And one to which the file goes back.
        Box::new(move |node, contracts| {
            ask(node, "evm_snapshot", json!([]));
            set_balance(node, "0xa");
            call(node, contracts, 5);
            call(node, contracts, 6);
        }),
        Box::new(|node, _| assert_eq!(ask(node, "evm_revert", json!(["0x2"])), true)),
        Box::new(move |node, contracts| call(node, contracts, 7)),
        Box::new(|node, _| drop(ask(node, "hardhat_setCode", json!([SOMEBODY, "0x600160005500"])))),
        // More blocks than states are kept.
        Box::new(|node, _| drop(ask(node, "anvil_mine", json!(["0x500"])))),
        Box::new(move |node, contracts| call(node, contracts, 8)),
        Box::new(|node, _| drop(ask(node, "anvil_reset", json!([])))),
        Box::new(|node, _| drop(ask(node, "evm_mine", json!([])))),
    ]
}

#[tokio::test]
async fn what_is_new_is_added_to_the_file() {
    let file = Scratch(path("followed"));
    let node = frozen_node().await;
    let contracts = live(&node).await;
    let mut following = StateFile::create(&file.0).expect("a file");
    following.follow(node.state().expect("a snapshot")).expect("written");
    for (step, change) in changes().iter().enumerate() {
        change(&node, &contracts);
        let state = node.state().expect("a snapshot");
        let length = fs::metadata(&file.0).expect("a file").len();
        following.follow(state.clone()).expect("written");
        let read = ChainState::load(&file.0).expect("a chain");
        assert_eq!(told(&read), told(&state), "step {step}");
        assert_eq!((read.timestamp(), format!("{read:?}")), (state.timestamp(), format!("{state:?}")));
        // It grows by what is new. It is written anew only when no state is left that it keeps.
        let grown = fs::metadata(&file.0).expect("a file").len().checked_sub(length);
        assert_eq!(grown == Some(0), [1, 5].contains(&step), "step {step}: {grown:?}");
        assert!(![0, 2, 3, 4, 5, 6, 7, 8, 9, 11].contains(&step) || grown < Some(8_000), "step {step}: {grown:?}");
    }
}

#[tokio::test]
async fn a_restart_from_a_file_that_was_added_to_loses_nothing() {
    let file = Scratch(path("restarted"));
    let first = frozen_node().await;
    let (mut following, found) = StateFile::open(&file.0).expect("no file yet");
    assert!(found.is_none());
    following.follow(first.state().expect("a snapshot")).expect("written");
    let contracts = live(&first).await;
    following.follow(first.state().expect("a snapshot")).expect("written");
    drop(following);
    let (mut following, found) = StateFile::open(&file.0).expect("a chain");
    let second = Devnode::builder().state(found.expect("a chain").state).spawn().await.expect("a node");
    assert_eq!(everything(&second, &contracts), everything(&first, &contracts));
    for node in [&first, &second] {
        ask(node, "anvil_mine", json!(["0x3"]));
    }
    following.follow(second.state().expect("a snapshot")).expect("written");
    drop(following);
    let third = ChainState::load(&file.0).expect("a chain");
    let third = Devnode::builder().state(third).spawn().await.expect("a node");
    assert_eq!(everything(&third, &contracts), everything(&first, &contracts));
}

/// A file to which something was added a few times, with its lengths and the chains that it held then.
async fn history(name: &str) -> (Scratch, Vec<(usize, BTreeSet<String>)>) {
    let file = Scratch(path(name));
    let node = frozen_node().await;
    let contracts = live(&node).await;
    let mut following = StateFile::create(&file.0).expect("a file");
    let mut held = Vec::new();
    for change in changes().into_iter().take(9) {
        change(&node, &contracts);
        let state = node.state().expect("a snapshot");
        following.follow(state.clone()).expect("written");
        let length = fs::metadata(&file.0).expect("a file").len();
        held.push((usize::try_from(length).expect("a short file"), told(&state)));
    }
    (file, held)
}

#[tokio::test]
async fn a_file_that_is_cut_anywhere_holds_the_chain_as_it_was_before() {
    let (file, held) = history("cut").await;
    let bytes = fs::read(&file.0).expect("a file");
    let (base, end) = (held[0].0, bytes.len());
    let mut random = Rng::with_seed(11);
    let mut cuts: Vec<usize> = held.iter().flat_map(|(length, _)| [length - 1, *length, length + 1]).collect();
    cuts.extend((0..60).map(|_| base + random.usize(..(end - base))));
    for cut in cuts.into_iter().filter(|cut| *cut <= end) {
        fs::write(&file.0, &bytes[..cut]).expect("written");
        let Some((length, chain)) = held.iter().rev().find(|(length, _)| *length <= cut) else { continue };
        let (mut following, found) = StateFile::open(&file.0).expect("a chain");
        let found = found.expect("it was there");
        assert_eq!(told(&found.state), *chain, "cut at {cut}");
        assert_eq!(found.dropped, u64::try_from(cut - length).expect("short"), "cut at {cut}");
        // It goes on from there.
        let node = Devnode::builder().state(found.state).spawn().await.expect("a node");
        ask(&node, "evm_mine", json!([]));
        following.follow(node.state().expect("a snapshot")).expect("written");
        assert_eq!(told(&ChainState::load(&file.0).expect("a chain")), told(&node.state().expect("a snapshot")));
    }
    for cut in (0..20).map(|_| random.usize(..base)) {
        let error = ChainState::decode(&bytes[..cut]).expect_err("not complete");
        assert!(matches!(error, StateDecodeError::Malformed(_)), "cut at {cut}: {error}");
    }
}

#[tokio::test]
async fn a_file_that_is_damaged_is_refused_or_loses_its_end() {
    let (file, held) = history("damaged").await;
    let bytes = fs::read(&file.0).expect("a file");
    let mut random = Rng::with_seed(12);
    let (mut lost, mut refused) = (0, 0);
    for _ in 0..150 {
        let mut damaged = bytes.clone();
        // Half of them near the end.
        let from = if random.bool() { 0 } else { bytes.len() - 2_000 };
        let place = from + random.usize(..(bytes.len() - from));
        damaged[place] ^= u8::try_from(1 + random.usize(..255)).expect("a byte");
        match ChainState::decode(&damaged) {
            Ok(state) => {
                let (_, chain) = held.iter().rev().find(|(length, _)| *length <= place).expect("not in the base");
                assert_eq!(told(&state), *chain, "damaged at {place}");
                lost += 1;
            }
            Err(StateDecodeError::Damaged(start)) => {
                assert!(start <= u64::try_from(place).expect("short"), "{start} for {place}");
                refused += 1;
            }
            Err(StateDecodeError::Malformed(_) | StateDecodeError::Version(_)) if place < 100 => {}
            Err(other) => panic!("damaged at {place}: {other}"),
        }
    }
    assert!(lost > 0 && refused > 0, "{lost}, {refused}");
    // Zeros at the end, as some file systems leave them after a crash, and garbage of many lines.
    for end in [vec![0; 5_000], b"\n\nx\n \n".to_vec()] {
        let state = ChainState::decode(&[&bytes[..], &end].concat()).expect("a chain");
        assert_eq!(told(&state), held.last().expect("some").1);
    }
}

#[tokio::test]
async fn a_file_that_is_gone_is_written_anew() {
    let file = Scratch(path("gone"));
    let node = node().await;
    let mut following = StateFile::create(&file.0).expect("a file");
    for damage in [|file: &PathBuf| fs::remove_file(file), |file: &PathBuf| fs::write(file, "another")] {
        following.follow(node.state().expect("a snapshot")).expect("written");
        damage(&file.0).expect("damaged");
        // Nothing is new.
        following.follow(node.state().expect("a snapshot")).expect("written");
        assert_eq!(ChainState::load(&file.0).expect("a chain").block_number(), 0);
    }
}

#[tokio::test]
async fn two_nodes_do_not_share_a_file() {
    let file = Scratch(path("shared"));
    let node = node().await;
    let (mut first, _) = StateFile::open(&file.0).expect("no file yet");
    first.follow(node.state().expect("a snapshot")).expect("written");
    assert!(matches!(StateFile::open(&file.0), Err(StateFileError::InUse)));
    assert!(matches!(StateFile::create(&file.0), Err(StateFileError::InUse)));
    // To look at it is no harm.
    ChainState::load(&file.0).expect("a chain");
    drop(first);
    StateFile::open(&file.0).expect("a chain").1.expect("it was there");
}

#[tokio::test]
async fn what_is_no_chain_is_not_gone_on_with() {
    let file = Scratch(path("foreign"));
    for text in ["", "hello", "{}", "{\"format\":\"stylus-devnode-state\",\"version\":1,\"settings\":{}}"] {
        fs::write(&file.0, text).expect("written");
        let error = StateFile::open(&file.0).expect_err("no chain");
        assert!(matches!(error, StateFileError::Image(_)), "{error}");
        assert_eq!(fs::read_to_string(&file.0).expect("a file"), text, "it is as it was");
    }
    File::create(&file.0).and_then(|large| large.set_len(3 << 30)).expect("a file of holes");
    let error = StateFile::open(&file.0).expect_err("no chain");
    assert!(matches!(error, StateFileError::Image(StateDecodeError::Malformed(_))), "{error}");
}
