//! Starting and stopping nodes, and starting them from snapshots of others.

use crate::contracts::recorder;
use crate::support::{ask, deploy, node, provider, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{B256, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use serde_json::json;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};
use stylus_devnode::{DEV_ACCOUNTS, DEV_BALANCE, Devnode, SpawnError};

fn port(node: &Devnode) -> u16 {
    let url = node.http_url();
    url.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port")
}

/// A free port below the range from which systems take ports for connections, so that nobody takes the port while a
/// test lets go of it.
fn quiet_port() -> u16 {
    static TRIED: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 8_000).expect("below 8,000");
    let mut ports = std::iter::repeat_with(|| 20_000 + start + TRIED.fetch_add(1, Ordering::Relaxed));
    ports.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()).expect("a free port")
}

#[test]
fn a_node_starts_without_a_runtime() {
    let node = Devnode::builder().spawn_blocking().expect("a node");
    assert_eq!(node.request("eth_blockNumber", json!([])), Ok(json!("0x0")));
    assert!(std::net::TcpStream::connect(node.http_url().trim_start_matches("http://")).is_ok());
}

#[tokio::test]
async fn a_node_starts_within_a_runtime_from_code_that_is_not_asynchronous() {
    let node = Devnode::builder().spawn_blocking().expect("a node");
    assert_eq!(node.request("eth_chainId", json!([])), Ok(json!("0x64aba")));
}

#[tokio::test]
async fn a_fresh_node_funds_the_development_accounts() {
    let node = node().await;
    assert_eq!(node.accounts(), DEV_ACCOUNTS);
    let provider = provider(&node, 0);
    for account in node.accounts() {
        assert_eq!(provider.get_balance(account.address).await.expect("a balance"), DEV_BALANCE);
    }
    assert_eq!(DEV_BALANCE, U256::from(10_000) * U256::from(10).pow(U256::from(18)));
}

#[tokio::test]
async fn the_settings_are_followed() {
    let builder = Devnode::builder().chain_id(7).timestamp(123).manual_time(true).accounts([DEV_ACCOUNTS[3]]);
    let node = builder.spawn().await.expect("a node");
    assert_eq!(ask(&node, "eth_chainId", json!([])), "0x7");
    assert_eq!(ask(&node, "eth_getBlockByNumber", json!(["0x0", false]))["timestamp"], "0x7b");
    assert_eq!(node.accounts(), [DEV_ACCOUNTS[3]]);
    assert_eq!(ask(&node, "eth_getBalance", json!([DEV_ACCOUNTS[0].address])), "0x0");
}

#[tokio::test]
async fn two_nodes_live_side_by_side() {
    let nodes = [node().await, node().await];
    assert_ne!(nodes[0].http_url(), nodes[1].http_url());
    ask(&nodes[0], "evm_mine", json!([]));
    assert_eq!(provider(&nodes[0], 0).get_block_number().await.expect("a number"), 1);
    assert_eq!(provider(&nodes[1], 0).get_block_number().await.expect("a number"), 0);
}

#[tokio::test]
async fn dropping_a_node_frees_its_port_at_once() {
    let port = quiet_port();
    let node = Devnode::builder().port(port).spawn().await.expect("a node");
    let client = provider(&node, 0);
    client.get_chain_id().await.expect("an open connection");
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).expect_err("taken");
    drop(node);
    client.get_chain_id().await.expect_err("nobody answers");
    let again = Devnode::builder().port(port).spawn().await.expect("the port is free");
    client.get_chain_id().await.expect("the new node answers");
    again.stop().await.expect("a clean stop");
    client.get_chain_id().await.expect_err("nobody answers");
}

#[tokio::test]
async fn a_port_can_be_used_again_and_again() {
    let port = quiet_port();
    for _ in 0..50 {
        drop(Devnode::builder().port(port).spawn().await.expect("the port is free"));
        drop(TcpListener::bind((Ipv4Addr::LOCALHOST, port)).expect("the port is free"));
    }
}

#[tokio::test]
async fn a_taken_port_is_an_error() {
    let node = node().await;
    let refused = Devnode::builder().port(port(&node)).spawn().await;
    assert!(matches!(refused, Err(SpawnError::Io(_))), "{refused:?}");
}

#[tokio::test]
async fn a_snapshot_starts_an_identical_node() {
    let original = Devnode::builder().timestamp(1_000).manual_time(true).spawn().await.expect("a node");
    let sender = provider(&original, 0);
    let contract = deploy(&sender, recorder()).await;
    let record = TransactionRequest::default().with_to(contract).with_input(B256::repeat_byte(0x0a));
    let receipt = send(&sender, record.clone()).await;
    ask(&original, "evm_increaseTime", json!([77]));
    let snapshot = original.state().expect("a snapshot");
    assert_eq!((snapshot.chain_id(), snapshot.block_number()), (412_346, 2));

    // What the original does afterwards is not in the snapshot.
    send(&sender, record.clone()).await;
    let copies = [
        Devnode::builder().state(snapshot.clone()).spawn().await.expect("a node"),
        Devnode::builder().state(snapshot).spawn().await.expect("a node"),
    ];
    drop(original);
    for copy in &copies {
        let client = provider(copy, 0);
        assert_eq!(client.get_block_number().await.expect("a number"), 2);
        assert_eq!(client.get_storage_at(contract, U256::ZERO).await.expect("a slot"), U256::from_be_bytes([0x0a; 32]));
        let found = client.get_transaction_receipt(receipt.transaction_hash).await.expect("an answer");
        assert_eq!(found.as_ref(), Some(&receipt));
        assert_eq!(copy.accounts(), DEV_ACCOUNTS);
    }
    // The same transaction at the same time gives the same block, and each copy goes its own way.
    let [first, second] = [&copies[0], &copies[1]].map(|copy| provider(copy, 0));
    let blocks = [send(&first, record.clone()).await.block_hash, send(&second, record.clone()).await.block_hash];
    assert_eq!(blocks[0], blocks[1]);
    assert_eq!(ask(&copies[0], "eth_getBlockByNumber", json!(["latest", false]))["timestamp"], "0x435", "1,077");
    send(&first, record).await;
    assert_eq!(first.get_block_number().await.expect("a number"), 4);
    assert_eq!(second.get_block_number().await.expect("a number"), 3);
}

#[tokio::test]
async fn a_snapshot_brings_its_own_settings() {
    let snapshot = node().await.state().expect("a snapshot");
    let refused = Devnode::builder().state(snapshot.clone()).chain_id(1).spawn().await;
    assert!(matches!(refused, Err(SpawnError::FixedByState("the chain id"))), "{refused:?}");
    let refused = Devnode::builder().state(snapshot.clone()).timestamp(1).spawn().await;
    assert!(matches!(refused, Err(SpawnError::TimeGoesBack { wanted: 1, .. })), "{refused:?}");
    let later = Devnode::builder().state(snapshot).timestamp(9_000_000_000).manual_time(true);
    let node = later.spawn().await.expect("a node");
    ask(&node, "evm_mine", json!([]));
    // 9,000,000,000 = 0x218711a00.
    assert_eq!(ask(&node, "eth_getBlockByNumber", json!(["latest", false]))["timestamp"], "0x218711a00");
}
