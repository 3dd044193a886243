//! Snapshots of forks.

use crate::support::{RICH, ask, count, counted, fork, hasty, other, refusal};
use alloy::primitives::{Address, U256};
use serde_json::json;
use std::fs;
use std::path::PathBuf;
use stylus_devnode::{ChainState, Devnode, ForkError, SpawnError, StateFile};

#[tokio::test]
async fn a_snapshot_of_a_fork_has_what_was_fetched() {
    let other = other().await;
    let url = other.node.http_url();
    let fork = fork(&url).await;
    count(&fork, other.program, 3);
    assert_eq!(counted(&fork, other.contract, 1), U256::from(8));
    assert_eq!(ask(&fork, "eth_getBalance", json!([RICH])), "0x37");
    let head = ask(&fork, "eth_getBlockByNumber", json!(["latest", true]));
    let bytes = fork.state().expect("a snapshot").encode().expect("bytes");
    let (program, contract) = (other.program, other.contract);
    drop((fork, other));

    let snapshot = ChainState::decode(&bytes).expect("a snapshot");
    let loaded = Devnode::builder().state(snapshot).spawn().await.expect("a node");
    assert_eq!(ask(&loaded, "eth_getBlockByNumber", json!(["latest", true])), head);
    assert_eq!((counted(&loaded, program, 0), counted(&loaded, contract, 0)), (U256::from(8), U256::from(7)));
    assert_eq!(ask(&loaded, "eth_getBalance", json!([RICH])), "0x37");
    count(&loaded, program, 1);
    count(&loaded, contract, 1);
    assert_eq!(loaded.state().expect("a snapshot").encode().map(|bytes| bytes.len() > 1_000), Ok(true));
    // What was not fetched is not taken for nothing.
    let unknown = refusal(&loaded, "eth_getBalance", json!([Address::repeat_byte(0x99)]));
    assert!(unknown.contains("0x9999999999999999999999999999999999999999 was not fetched"), "{unknown}");
    let unknown = refusal(&loaded, "eth_getStorageAt", json!([contract, "0x5", "latest"]));
    assert!(unknown.contains("slot 0x5 of") && unknown.contains("was not fetched"), "{unknown}");
}

#[tokio::test]
async fn a_file_of_a_fork_whose_url_is_gone_has_what_was_fetched() {
    let other = other().await;
    let url = other.node.http_url();
    let fork = fork(&url).await;
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("fork-{}.log", std::process::id()));
    let mut file = StateFile::create(&path).expect("a file");
    file.follow(fork.state().expect("a snapshot")).expect("written");
    let length = || fs::metadata(&path).expect("a file").len();
    let before = length();
    // Only looked at.
    assert_eq!(ask(&fork, "eth_getBalance", json!([RICH])), "0x37");
    file.follow(fork.state().expect("a snapshot")).expect("written");
    assert!((before + 1..before + 2_000).contains(&length()), "{before} to {}", length());
    count(&fork, other.program, 3);
    file.follow(fork.state().expect("a snapshot")).expect("written");
    let (program, contract) = (other.program, other.contract);
    drop((file, fork, other));

    let (mut file, found) = StateFile::open(&path).expect("a file");
    let loaded = Devnode::builder().state(found.expect("a chain").state).spawn().await.expect("a node");
    assert_eq!(counted(&loaded, program, 0), U256::from(8));
    assert_eq!(ask(&loaded, "eth_getBalance", json!([RICH])), "0x37");
    count(&loaded, program, 1);
    let unknown = refusal(&loaded, "eth_getStorageAt", json!([contract, "0x5", "latest"]));
    assert!(unknown.contains("was not fetched"), "{unknown}");
    file.follow(loaded.state().expect("a snapshot")).expect("written");
    drop(file);
    let loaded = Devnode::builder().state(ChainState::load(&path).expect("a chain")).spawn().await.expect("a node");
    assert_eq!(counted(&loaded, program, 0), U256::from(9));
    fs::remove_file(path).expect("it was there");
}

#[tokio::test]
async fn a_snapshot_of_a_fork_can_be_fetched_on() {
    let other = other().await;
    let url = other.node.http_url();
    let fork = fork(&url).await;
    count(&fork, other.program, 3);
    let bytes = fork.state().expect("a snapshot").encode().expect("bytes");
    let start = |url: &str| {
        let snapshot = ChainState::decode(&bytes).expect("a snapshot");
        Devnode::builder().state(snapshot).fork(hasty(url)).spawn()
    };
    let again = start(&url).await.expect("a fork");
    assert_eq!(counted(&again, other.program, 0), U256::from(8));
    assert_eq!(counted(&again, other.contract, 0), U256::from(7));
    assert_eq!(ask(&again, "eth_getBalance", json!([Address::repeat_byte(0x99)])), "0x0");
    // A node of another chain, and one that has not this block.
    let stranger = Devnode::builder().chain_id(9).spawn().await.expect("a node");
    let error = start(&stranger.http_url()).await.expect_err("another chain");
    assert!(matches!(error, SpawnError::Fork(ForkError::WrongChain { wanted: 412_346, found: 9 })), "{error}");
    let younger = Devnode::builder().spawn().await.expect("a node");
    let error = start(&younger.http_url()).await.expect_err("too few blocks");
    assert!(matches!(error, SpawnError::Fork(ForkError::NoBlock(_))), "{error}");
    ask(&younger, "anvil_mine", json!(["0x20"]));
    let error = start(&younger.http_url()).await.expect_err("another block");
    assert!(matches!(error, SpawnError::Fork(ForkError::Reorganised { .. })), "{error}");
    // A chain of its own is not fetched from anywhere.
    let own = stranger.state().expect("a snapshot");
    let error = Devnode::builder().state(own).fork(hasty(&url)).spawn().await.expect_err("no fork");
    assert!(matches!(error, SpawnError::Fork(ForkError::NoFork)), "{error}");
}
