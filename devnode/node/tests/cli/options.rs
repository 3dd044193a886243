//! Options by anvil's names.

use crate::process::{Node, complaint, run};
use serde_json::{Value, json};

#[test]
fn options_are_followed() {
    let words = [
        "--host",
        "::1",
        "--chain-id",
        "31337",
        "--timestamp",
        "5000000000",
        "--accounts",
        "3",
        "--balance",
        "7",
        "--no-mining",
        "--gas-limit",
        "50000",
        "--auto-impersonate",
        "--archive",
    ];
    let node = Node::start(&words);
    assert!(node.url.starts_with("http://[::1]:"), "{}", node.url);
    assert_eq!(node.ask("eth_chainId", json!([])), "0x7a69");
    let block = node.ask("eth_getBlockByNumber", json!(["latest", false]));
    assert_eq!(block["timestamp"], "0x12a05f200");
    // Nitro's own account, and the first of the usual mnemonic.
    let accounts = node.ask("eth_accounts", json!([]));
    let accounts: Vec<&str> = accounts.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert_eq!(accounts.len(), 4);
    assert_eq!(accounts[1].to_lowercase(), "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    assert_eq!(accounts[3].to_lowercase(), "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc");
    assert_eq!(node.ask("eth_getBalance", json!([accounts[2]])), "0x6124fee993bc0000");
    // Nothing is mined by itself, two transfers fill a block, and anybody sends.
    for _ in 0..3 {
        node.ask("eth_sendTransaction", json!([{ "from": accounts[1], "to": accounts[2], "gas": "0x5208" }]));
    }
    assert_eq!(node.ask("eth_blockNumber", json!([])), "0x0");
    let mine = || {
        node.ask("evm_mine", json!([]));
        node.ask("eth_getBlockTransactionCountByNumber", json!(["latest"]))
    };
    assert_eq!((mine(), mine(), mine()), (json!("0x2"), json!("0x1"), json!("0x0")));
    let stranger = "0x1111111111111111111111111111111111111111";
    node.ask("anvil_setBalance", json!([stranger, "0xde0b6b3a7640000"]));
    node.ask("eth_sendTransaction", json!([{ "from": stranger, "to": accounts[2] }]));
    node.ask("anvil_mine", json!(["0x44c"]));
    assert_eq!(node.ask("eth_getBalance", json!([stranger, "0x0"])), "0x0");
}

#[test]
fn accounts_come_from_any_mnemonic() {
    // The example of BIP-39 with no entropy.
    let words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    let node = Node::start(&["--mnemonic", words, "-a", "1"]);
    let accounts = node.ask("eth_accounts", json!([]));
    assert_eq!(accounts.to_string().to_lowercase(), "[\"0x9858effd232b4033e47d90003d41ec34ecaeda94\"]");
    let moved = Node::start(&["--mnemonic", words, "-a", "1", "--derivation-path", "m/44'/60'/1'/0/"]);
    assert_ne!(moved.ask("eth_accounts", json!([])), accounts);
    let why = complaint(&["--mnemonic", "no such words"]);
    assert!(why.starts_with("Error: cannot derive accounts:"), "{why}");
}

#[test]
fn blocks_come_at_the_time_that_was_asked_for() {
    let node = Node::start(&["--block-time", "0.05"]);
    let number = || node.ask("eth_blockNumber", json!([]));
    // It is mined whether anything was sent or not.
    while number() == "0x0" {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(node.ask("anvil_getAutomine", json!([])), false);
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    for (words, why) in [
        (&["--no-mining", "--block-time", "1"][..], "cannot be used with"),
        (&["--state", "a", "--load-state", "b"], "cannot be used with"),
        (&["--gas-limit", "1", "--disable-block-gas-limit"], "cannot be used with"),
        (&["--fork-block", "1"], "--fork-url"),
        (&["--no-storage-caching"], "--fork-url"),
        (&["--block-time", "0"], "blocks take some time"),
        (&["--block-time", "-1"], ""),
        (&["--host", "nowhere"], "not an address of IPv4 or IPv6"),
        (&["--balance", "much"], ""),
        (&["--port", "65536"], ""),
        (&["--arbos-version", "52"], "ArbOS 52 is none of the versions"),
        (&["--fork-url", "http://127.0.0.1:1", "--l1-price", "1"], "cannot be set for a fork"),
        (&["--fork-url", "ws://127.0.0.1:1"], "http and https are asked"),
        (&["--fork-url", "http://127.0.0.1:1", "--retries", "0"], "does not answer, asked 1 times"),
        (&["--load-state", "/nowhere/state.json"], "cannot read /nowhere/state.json"),
        (&["--dump-state", "/nowhere/state.json"], "cannot write /nowhere/state.json"),
    ] {
        let text = complaint(&[words, &["--port", "0"]].concat());
        assert!(text.contains(why), "{words:?}: {text}");
    }
}

#[test]
fn help_and_version_are_told() {
    let help = String::from_utf8(run(&["--help"]).stdout).expect("text");
    for option in ["--host", "--accounts", "--fork-url", "--dump-state", "--no-mining", "replay"] {
        assert!(help.contains(option), "{help}");
    }
    let version = String::from_utf8(run(&["--version"]).stdout).expect("text");
    assert!(version.starts_with("stylus-devnode "), "{version}");
}
