//! Memory grows with the blocks and their receipts, which are all kept, and with nothing else: past states are
//! forgotten.
#![cfg(target_os = "linux")]

use crate::contracts::init_code;
use crate::support::{ask, deploy, node, provider};
use alloy::primitives::{Address, B256, U256};
use serde_json::json;
use std::fs;
use std::process::Command;
use stylus_devnode::{Devnode, Impersonation};

/// Tells the test that it runs in the process that is measured.
const MEASURED: &str = "STYLUS_MEASURED_PROCESS";

/// How many slots each transaction writes.
const WRITTEN: u64 = 32;

/// How many slots there are: each is written again and again, so that the latest state does not grow.
const SLOTS: u64 = 4_096;

/// The block from which all past states are there that will ever be, with some to spare, and two later ones.
const BLOCKS: [u64; 3] = [1_500, 3_250, 5_000];

/// What a block may take: its header, its transaction, its receipt and the indices that find them. The state after a
/// block takes several times as much.
const BYTES_PER_BLOCK: u64 = 6_000;

/// Writes the block number to 32 slots, from the one in the call data on.
fn writer() -> alloy::primitives::Bytes {
    init_code(&[
        0x5f, 0x35, // CALLDATALOAD(0): the slot
        0x5b, // JUMPDEST (2)
        0x43, 0x81, 0x55, // SSTORE(slot, NUMBER)
        0x60, 0x01, 0x01, // slot + 1
        0x80, 0x60, 0x1f, 0x16, // until it is a multiple of 32
        0x60, 0x02, 0x57, // JUMPI(2)
        0x00, // STOP
    ])
}

/// The bytes that this process holds.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("a status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line about memory");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1_024
}

/// Mines a block with one transaction.
fn write(node: &Devnode, contract: Address, block: u64) {
    let slot = block * WRITTEN % SLOTS;
    let transaction = Impersonation {
        from: node.accounts()[1].address,
        to: contract,
        value: U256::ZERO,
        input: B256::from(U256::from(slot)).into(),
    };
    let executed = node.impersonate(transaction).expect("a mined transaction");
    assert_eq!((executed.success, executed.changed.len()), (true, 32), "block {block}");
}

/// In a process of its own, so that it measures nothing else.
#[tokio::test]
async fn past_states_do_not_pile_up() {
    if std::env::var_os(MEASURED).is_none() {
        let this = std::env::current_exe().expect("a path");
        let arguments = ["memory::past_states_do_not_pile_up", "--exact", "--nocapture"];
        let output = Command::new(this).args(arguments).env(MEASURED, "").output().expect("a process");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        return;
    }
    let node = node().await;
    let contract = deploy(&provider(&node, 0), writer()).await;
    let mut block = 1;
    let held = BLOCKS.map(|last| {
        while block < last {
            block += 1;
            write(&node, contract, block);
        }
        resident()
    });
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x1388", "5,000");
    let grown = held[2].saturating_sub(held[0]) / (BLOCKS[2] - BLOCKS[0]);
    println!("{held:?} bytes after {BLOCKS:?} blocks: {grown} for each");
    assert!(grown <= BYTES_PER_BLOCK, "{grown} bytes for each block: {held:?} after {BLOCKS:?}");
    // The states that are kept are there, and no others.
    ask(&node, "eth_getBalance", json!([contract, format!("{:#x}", 5_000 - 1_024)]));
    node.request("eth_getBalance", json!([contract, format!("{:#x}", 5_000 - 1_025)])).expect_err("forgotten");
}
