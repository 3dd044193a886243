//! The node at ArbOS 60: programs in fragments, and blocks that remember what they have called.

use crate::support::{ask, quantity};
use alloy::primitives::{Bytes, U256};
use serde_json::{Value, json};
use stylus_devnode::{ARBOS_VERSIONS, ChainState, DeployError, Devnode, SpawnError};

async fn node_at(version: u64) -> Devnode {
    Devnode::builder().arbos_version(version).spawn().await.expect("a node")
}

/// A program that returns the last 32 bytes of its data, which are all 0x2a. Before them, the data has `noise` bytes
/// that cannot be compressed.
fn program(noise: usize) -> Vec<u8> {
    let mut state = U256::from(7);
    let noise: String = std::iter::repeat_with(|| {
        state = state.wrapping_mul(U256::from(6_364_136_223_846_793_005_u64)).wrapping_add(U256::from(1));
        format!("\\{:02x}", state.byte(7))
    })
    .take(noise)
    .collect();
    let start = noise.len() / 3;
    let text = format!(
        r#"(module (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
            (memory (export "memory") 1 1)
            (data (i32.const 0) "{noise}{}")
            (func (export "user_entrypoint") (param i32) (result i32)
                (call $write_result (i32.const {start}) (i32.const 32))
                (i32.const 0)))"#,
        "\\2a".repeat(32)
    );
    wat::parse_str(text).expect("a module")
}

fn answer() -> Value {
    json!(Bytes::from(vec![0x2a; 32]))
}

#[tokio::test]
async fn a_program_that_is_too_long_for_one_contract_is_deployed_in_fragments() {
    let node = node_at(60).await;
    // ArbSys.arbOSVersion() adds 55.
    let version =
        ask(&node, "eth_call", json!([{ "to": "0x0000000000000000000000000000000000000064", "data": "0x051038f2" }]));
    assert_eq!(
        U256::from_str_radix(version.as_str().unwrap_or_default().trim_start_matches("0x"), 16),
        Ok(U256::from(115))
    );
    let wasm = program(40_000);
    let contract = node.deploy_program(&wasm).expect("a program");
    assert_eq!(ask(&node, "eth_call", json!([{ "to": contract }])), answer());
    let code = ask(&node, "eth_getCode", json!([contract, "latest"]));
    // A root: EF F0 02, no dictionary, the length, two addresses.
    assert_eq!(code.as_str().map(|code| (&code[..10], code.len())), Some(("0xeff00200", 2 + 2 * 48)));
    // The chain is the same after a restart, also for a machine that has not compiled anything.
    let file = std::env::temp_dir().join(format!("stylus-devnode-arbos-{}.json", std::process::id()));
    node.stop_with_state().await.expect("a snapshot").save(&file).expect("a file");
    let state = ChainState::load(&file).expect("a chain");
    std::fs::remove_file(&file).expect("the file is there");
    let node = Devnode::builder().state(state).spawn().await.expect("a node");
    assert_eq!(ask(&node, "eth_call", json!([{ "to": contract }])), answer());
    // Chains before do not have that.
    let node = node_at(51).await;
    let refused = node.deploy_program(&wasm).expect_err("too long");
    assert!(matches!(&refused, DeployError::Refused(error) if error.message().contains("0xef")), "{refused}");
}

#[tokio::test]
async fn a_program_that_the_block_has_called_is_cheaper() {
    for version in ARBOS_VERSIONS {
        let node = node_at(version).await;
        let contract = node.deploy_program(&program(100)).expect("a program");
        ask(&node, "evm_setAutomine", json!([false]));
        let call = json!([{ "from": node.accounts()[0].address, "to": contract, "gas": "0x100000" }]);
        let hashes = [(); 2].map(|()| ask(&node, "eth_sendTransaction", call.clone()));
        ask(&node, "evm_mine", json!([]));
        let gas = |hash: &Value| {
            let receipt = ask(&node, "eth_getTransactionReceipt", json!([hash]));
            // A trace of the second one knows of the first.
            let trace = ask(&node, "debug_traceTransaction", json!([hash, { "tracer": "callTracer" }]));
            assert_eq!(receipt["gasUsed"], trace["gasUsed"]);
            (receipt["blockNumber"].clone(), quantity(&receipt["gasUsed"]))
        };
        let [first, second] = [gas(&hashes[0]), gas(&hashes[1])];
        assert_eq!(first.0, second.0, "both are in one block");
        assert_eq!(first.1 > second.1, version == 60, "{first:?} {second:?}");
        // The next block begins anew.
        let third = ask(&node, "eth_sendTransaction", call);
        ask(&node, "evm_mine", json!([]));
        assert_eq!(gas(&third).1, first.1);
    }
}

#[tokio::test]
async fn the_version_is_one_that_the_node_knows_and_belongs_to_the_chain() {
    for version in [0, 50, 52, 59, 61] {
        let refused = Devnode::builder().arbos_version(version).spawn().await;
        assert!(matches!(refused, Err(SpawnError::UnknownArbosVersion(unknown)) if unknown == version), "{refused:?}");
    }
    let state = node_at(60).await.state().expect("a snapshot");
    let refused = Devnode::builder().state(state).arbos_version(60).spawn().await;
    assert!(matches!(refused, Err(SpawnError::FixedByState("the ArbOS version"))), "{refused:?}");
}

const ARB_SYS: &str = "0x0000000000000000000000000000000000000064";
const ARB_OWNER: &str = "0x0000000000000000000000000000000000000070";

/// The version that contracts see at a block.
fn version_at(node: &Devnode, block: &str) -> u64 {
    // ArbSys.arbOSVersion() adds 55.
    quantity(&ask(node, "eth_call", json!([{ "to": ARB_SYS, "data": "0x051038f2" }, block]))) - 55
}

/// The version in the header of the latest block.
fn version_in_header(node: &Devnode) -> u64 {
    let header = ask(node, "eth_getBlockByNumber", json!(["latest", false]));
    let hash = header["mixHash"].as_str().expect("a hash");
    u64::from_str_radix(&hash[2 + 32..2 + 48], 16).expect("a version")
}

/// Lets the owner plan an upgrade, from a time on.
fn plan(node: &Devnode, version: u64, time: u64) {
    // scheduleArbOSUpgrade(uint64,uint64)
    let data = format!("0xe388b381{version:064x}{time:064x}");
    let owner = node.accounts()[0].address;
    let hash = ask(node, "eth_sendTransaction", json!([{ "from": owner, "to": ARB_OWNER, "data": data }]));
    assert_eq!(ask(node, "eth_getTransactionReceipt", json!([hash]))["status"], "0x1");
}

#[tokio::test]
async fn a_planned_upgrade_happens_when_a_block_begins_at_its_time() {
    let node = Devnode::builder().timestamp(1_000_000).manual_time(true).spawn().await.expect("a node");
    let before = node.deploy_program(&program(100)).expect("a program");
    let mine_at = |time: u64| {
        ask(&node, "evm_setNextBlockTimestamp", json!([time]));
        ask(&node, "evm_mine", json!([]));
    };
    plan(&node, 60, 2_000_000);
    mine_at(1_999_999);
    assert_eq!((version_at(&node, "latest"), version_in_header(&node)), (51, 51), "a second too early");
    assert!(node.deploy_program(&program(40_000)).is_err(), "fragments came later");
    let old = ask(&node, "eth_blockNumber", json!([]));
    let snapshot = ask(&node, "evm_snapshot", json!([]));
    mine_at(2_000_000);
    assert_eq!((version_at(&node, "latest"), version_in_header(&node)), (60, 60));
    // What is new works, and what was there goes on.
    let long = node.deploy_program(&program(40_000)).expect("a program in fragments");
    for contract in [before, long] {
        assert_eq!(ask(&node, "eth_call", json!([{ "to": contract }])), answer());
    }
    // Old blocks keep their rules, a snapshot has its own, and the chain is the same after a restart.
    assert_eq!(version_at(&node, old.as_str().expect("a number")), 51);
    let state = node.state().expect("a snapshot of the chain");
    let restarted = Devnode::builder().state(state).spawn().await.expect("a node");
    assert_eq!(version_at(&restarted, "latest"), 60);
    assert_eq!(ask(&restarted, "eth_call", json!([{ "to": long }])), answer());
    ask(&node, "evm_revert", json!([snapshot]));
    assert_eq!(version_at(&node, "latest"), 51);
}

#[tokio::test]
async fn only_later_versions_that_the_node_knows_are_upgraded_to() {
    let node = node_at(60).await;
    for version in [0, 51, 60, 61, u64::MAX] {
        plan(&node, version, 0);
        ask(&node, "evm_mine", json!([]));
        assert_eq!(version_at(&node, "latest"), 60, "{version}");
    }
}
