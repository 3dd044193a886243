//! A file with a large state is written and read piece by piece: it takes little memory beside the state itself.
#![cfg(target_os = "linux")]

use crate::snapshots::path;
use crate::support::{ask, node};
use alloy::primitives::{Address, B256, U256, keccak256};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use stylus_devnode::{ChainState, StateFile};

/// Tells the test that it runs in a process that is measured, which writes or reads this file.
const WRITTEN: &str = "STYLUS_WRITTEN_STATE";
const READ: &str = "STYLUS_READ_STATE";

/// How many words the state has: as many as `STYLUS_STATE_WORDS` says.
fn words() -> u64 {
    std::env::var("STYLUS_STATE_WORDS").map_or(100_000, |text| text.parse().expect("a number"))
}

/// The most memory that writing or reading takes beside the state, in bytes.
const BESIDE: u64 = 16 << 20;

const CONTRACT: Address = Address::repeat_byte(0x99);

fn word(index: u64) -> B256 {
    keccak256(index.to_be_bytes())
}

/// What this process holds (`VmRSS`), and the most it ever held (`VmHWM`), in bytes.
fn memory(line: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("a status");
    let line = status.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(':')).expect("a line");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1_024
}

/// Does something, and returns the most memory that it took beside what it left.
fn beside(what: &str, job: impl FnOnce()) -> u64 {
    // The peak begins anew.
    fs::write("/proc/self/clear_refs", "5").expect("a peak that can be reset");
    let (before, start) = (memory("VmRSS"), Instant::now());
    job();
    let (after, peak) = (memory("VmRSS"), memory("VmHWM"));
    let beside = peak.saturating_sub(after.max(before));
    println!("{what}: {:.2?}, {} kB to {} kB, {} kB beside", start.elapsed(), before >> 10, after >> 10, beside >> 10);
    beside
}

async fn write(file: &Path) {
    let node = node().await;
    for index in 0..words() {
        ask(&node, "anvil_setStorageAt", json!([CONTRACT, word(index), word(index + 1)]));
    }
    ask(&node, "evm_mine", json!([]));
    let mut following = StateFile::create(file).expect("a file");
    let state = node.state().expect("a snapshot");
    assert!(beside("written", || following.follow(state).expect("written")) < BESIDE);
    let whole = fs::metadata(file).expect("a file").len();
    // One word more costs one word.
    ask(&node, "anvil_setStorageAt", json!([CONTRACT, word(7), word(7)]));
    ask(&node, "evm_mine", json!([]));
    let state = node.state().expect("a snapshot");
    assert!(beside("a word more", || following.follow(state).expect("written")) < 1 << 20);
    let added = fs::metadata(file).expect("a file").len() - whole;
    println!("{whole} bytes, and {added} for a word more");
    assert!(added < 5_000, "{added} bytes for a word");
}

fn read(file: &Path) {
    let mut state = None;
    let beside = beside("read", || state = Some(ChainState::load(file).expect("a chain")));
    let state = state.expect("it was read");
    for index in (0..words()).step_by(997).filter(|index| *index != 7) {
        let value = state.storage(CONTRACT, U256::from_be_bytes(word(index).0));
        assert_eq!(B256::from(value), word(index + 1));
    }
    assert!(beside < BESIDE, "{beside} bytes beside the state");
}

/// Writing and reading in a process each, so that they measure nothing else.
#[tokio::test]
async fn a_large_state_is_written_and_read_in_little_memory() {
    if let Some(file) = std::env::var_os(WRITTEN) {
        return write(Path::new(&file)).await;
    }
    if let Some(file) = std::env::var_os(READ) {
        return read(Path::new(&file));
    }
    let file = path("large");
    let this = std::env::current_exe().expect("a path");
    for what in [WRITTEN, READ] {
        let name = "state_memory::a_large_state_is_written_and_read_in_little_memory";
        let arguments = [name, "--exact", "--nocapture"];
        let output = Command::new(&this).args(arguments).env(what, &file).output().expect("a process");
        let said = String::from_utf8_lossy(&output.stdout);
        println!("{said}");
        let passed = output.status.success() && said.contains("1 passed");
        assert!(passed, "{said}{}", String::from_utf8_lossy(&output.stderr));
    }
    fs::remove_file(file).expect("it was there");
}
