//! What a fork has of the other chain, and what is its own.

use crate::support::{RICH, ask, between, count, counted, fork, hasty, other};
use alloy::primitives::{Address, B256, U256, keccak256};
use serde_json::{Value, json};
use stylus_devnode::{DEV_ACCOUNTS, Devnode};

#[tokio::test]
async fn a_fork_goes_on_where_the_other_chain_is() {
    let other = other().await;
    let fork = fork(&other.node.http_url()).await;
    let head = ask(&other.node, "eth_getBlockByNumber", json!(["latest", false]));
    assert_eq!(ask(&fork, "eth_blockNumber", json!([])), head["number"]);
    assert_eq!(ask(&fork, "eth_chainId", json!([])), "0x64aba");
    assert_eq!(ask(&fork, "eth_getBalance", json!([RICH, "latest"])), "0x37");
    let code = json!([other.program, "latest"]);
    assert_eq!(ask(&fork, "eth_getCode", code.clone()), ask(&other.node, "eth_getCode", code));
    for question in ["eth_gasPrice", "eth_maxPriorityFeePerGas"] {
        assert_eq!(ask(&fork, question, json!([])), ask(&other.node, question, json!([])));
    }
    // The program was activated there, and is not here.
    assert_eq!((counted(&fork, other.program, 1), counted(&fork, other.contract, 1)), (U256::from(6), U256::from(8)));
    // What happens here costs what it costs there, from the nonce on.
    for counter in [other.program, other.contract] {
        let here = count(&fork, counter, 3);
        let there = count(&other.node, counter, 3);
        for field in ["gasUsed", "gasUsedForL1", "effectiveGasPrice", "blockNumber", "logs"] {
            assert_eq!(here[field], there[field], "{field}");
        }
    }
    let first = ask(&fork, "eth_getBlockByNumber", json!([ask(&fork, "eth_blockNumber", json!([])), false]));
    let second = ask(&fork, "eth_getBlockByHash", json!([first["parentHash"], false]));
    assert_eq!(second["parentHash"], head["hash"]);
}

#[tokio::test]
async fn what_happens_in_a_fork_stays_there() {
    let other = other().await;
    let fork = fork(&other.node.http_url()).await;
    count(&fork, other.program, 10);
    assert_eq!(
        (counted(&fork, other.program, 0), counted(&other.node, other.program, 0)),
        (U256::from(15), U256::from(5))
    );
    // And what happens there later is not seen here.
    count(&other.node, other.contract, 100);
    assert_eq!(counted(&fork, other.contract, 0), U256::from(7));
    // What is cleared here is not as it was there.
    let slot = json!([other.program, "0x0", "latest"]);
    let zero = U256::ZERO.to_be_bytes::<32>();
    ask(&fork, "anvil_setStorageAt", json!([other.program, "0x0", alloy::primitives::B256::from(zero)]));
    assert_eq!(ask(&fork, "eth_getStorageAt", slot), format!("0x{}", "0".repeat(64)));
    assert_eq!(counted(&fork, other.program, 2), U256::from(2));
}

#[tokio::test]
async fn methods_of_development_work_on_a_fork() {
    let other = other().await;
    let fork = fork(&other.node.http_url()).await;
    let snapshot = ask(&fork, "evm_snapshot", json!([]));
    // In the name of an account of the other chain that nobody here has a key of.
    ask(&fork, "anvil_setBalance", json!([RICH, U256::from(10).pow(U256::from(18))]));
    ask(&fork, "anvil_impersonateAccount", json!([RICH]));
    let hash =
        ask(&fork, "eth_sendTransaction", json!([{ "from": RICH, "to": Address::repeat_byte(9), "value": "0x5" }]));
    assert_eq!(ask(&fork, "eth_getTransactionReceipt", json!([hash]))["status"], "0x1");
    assert_eq!(ask(&fork, "eth_getBalance", json!([Address::repeat_byte(9)])), "0x5");
    ask(&fork, "anvil_setNonce", json!([other.contract, "0x7"]));
    ask(&fork, "anvil_setCode", json!([other.contract, "0x"]));
    assert_eq!(ask(&fork, "eth_getCode", json!([other.contract])), "0x");
    assert_eq!(ask(&fork, "evm_revert", json!([snapshot])), true);
    assert_eq!(ask(&fork, "eth_getBalance", json!([RICH])), "0x37");
    assert_eq!(counted(&fork, other.contract, 0), U256::from(7));
    count(&fork, other.contract, 1);
    ask(&fork, "anvil_reset", json!([]));
    assert_eq!(counted(&fork, other.contract, 0), U256::from(7));
    // Time goes on from the block's.
    let there = ask(&other.node, "eth_getBlockByNumber", json!(["latest", false]))["timestamp"].clone();
    ask(&fork, "evm_increaseTime", json!([7]));
    ask(&fork, "evm_mine", json!([]));
    assert_eq!(there, "0xf4240");
    assert_eq!(ask(&fork, "eth_getBlockByNumber", json!(["latest", false]))["timestamp"], "0xf4247");
}

#[tokio::test]
async fn a_reset_makes_a_fork_of_a_running_node() {
    let other = other().await;
    let node = Devnode::builder().chain_id(777).manual_time(true).spawn().await.expect("a node");
    ask(&node, "anvil_mine", json!([3]));
    // What cannot be forked changes nothing.
    let unreachable = json!([{ "forking": { "jsonRpcUrl": "http://127.0.0.1:1" } }]);
    node.request("anvil_reset", unreachable).expect_err("nobody is there");
    assert_eq!(ask(&node, "eth_chainId", json!([])), "0x309");
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x3");

    let head = ask(&other.node, "eth_blockNumber", json!([]));
    let forking = json!([{ "forking": { "jsonRpcUrl": other.node.http_url() } }]);
    assert_eq!(ask(&node, "anvil_reset", forking), true);
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), head);
    assert_eq!(ask(&node, "eth_chainId", json!([])), ask(&other.node, "eth_chainId", json!([])));
    assert_eq!(ask(&node, "eth_getBalance", json!([RICH])), "0x37");
    // The program runs without being activated here, for accounts of this node.
    count(&node, other.program, 1);
    assert_eq!(counted(&node, other.program, 0), U256::from(6));
    // A further reset goes back to the fork, or to another block of it.
    ask(&node, "anvil_reset", json!([]));
    assert_eq!(counted(&node, other.program, 0), U256::from(5));
    let forking = json!([{ "forking": { "jsonRpcUrl": other.node.http_url(), "blockNumber": 0 } }]);
    ask(&node, "anvil_reset", forking);
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x0");
    assert_eq!(ask(&node, "eth_getCode", json!([other.program])), "0x");
}

#[tokio::test]
async fn the_accounts_of_a_fork_have_balances() {
    let other = other().await;
    let poor = DEV_ACCOUNTS[4].address;
    ask(&other.node, "anvil_setBalance", json!([poor, "0x1"]));
    let fork = fork(&other.node.http_url()).await;
    assert_ne!(ask(&fork, "eth_getBalance", json!([poor])), "0x1");
    assert_eq!(ask(&fork, "eth_accounts", json!([])).as_array().map(Vec::len), Some(DEV_ACCOUNTS.len()));
}

#[tokio::test]
async fn an_earlier_block_can_be_forked() {
    let other = other().await;
    let before = ask(&other.node, "eth_blockNumber", json!([]));
    count(&other.node, other.program, 20);
    let number =
        u64::from_str_radix(before.as_str().expect("a number").trim_start_matches("0x"), 16).expect("a number");
    let options = hasty(&other.node.http_url()).block(number);
    let fork = Devnode::builder().fork(options).spawn().await.expect("a fork");
    assert_eq!(ask(&fork, "eth_blockNumber", json!([])), before);
    let there = ask(&other.node, "eth_getBlockByNumber", json!([before, true]));
    assert_eq!(ask(&fork, "eth_getBlockByNumber", json!(["latest", true])), there);
    assert_eq!(
        (counted(&fork, other.program, 0), counted(&other.node, other.program, 0)),
        (U256::from(5), U256::from(25))
    );
}

#[tokio::test]
async fn what_was_fetched_is_not_fetched_again() {
    let other = other().await;
    let (program, contract) = (other.program, other.contract);
    let (url, asked) = between(other, |_, _| None);
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("forked-{}", std::process::id()));
    let states = || {
        let asked = std::mem::take(&mut *asked.lock().expect("a list"));
        asked
            .into_iter()
            .filter(|method| !["eth_chainId", "eth_blockNumber", "eth_getBlockByNumber"].contains(&method.as_str()))
            .count()
    };
    let start = || Devnode::builder().fork(hasty(&url).cache(&folder)).manual_time(true).spawn();
    let first = start().await.expect("a fork");
    count(&first, program, 1);
    count(&first, contract, 1);
    assert!(states() > 30);
    // In memory.
    count(&first, program, 1);
    assert_eq!(states(), 0);
    // On disk: only whether the node takes hashes is asked.
    let second = start().await.expect("a fork");
    count(&second, program, 1);
    count(&second, contract, 1);
    assert_eq!(states(), 1);
    // Half a line is no line.
    let file = std::fs::read_dir(&folder).expect("a folder").next().expect("a file").expect("an entry").path();
    let text = std::fs::read_to_string(&file).expect("text");
    std::fs::write(&file, &text[..text.len() - 40]).expect("a file");
    let third = start().await.expect("a fork");
    count(&third, program, 1);
    count(&third, contract, 1);
    assert_eq!(counted(&third, program, 0), U256::from(6));
    std::fs::remove_dir_all(&folder).expect("a folder");
}

#[tokio::test]
async fn only_what_was_created_in_a_fork_has_its_storage_listed() {
    let other = other().await;
    let fork = fork(&other.node.http_url()).await;
    let from = fork.accounts()[0].address;
    // Stores 7 in slot 0, and has no code.
    let init = "0x60075f555f5ff3";
    let hash = ask(&fork, "eth_sendTransaction", json!([{ "from": from, "data": init }]));
    let created = ask(&fork, "eth_getTransactionReceipt", json!([hash]))["contractAddress"].clone();
    count(&fork, other.program, 1);
    // The range is that before a block, which has to come after what was counted.
    ask(&fork, "evm_mine", json!([]));
    let range = |address: Value| fork.request("debug_storageRangeAt", json!(["latest", 0, address, "0x", 10]));
    let listed = range(created).expect("an answer");
    let slot = B256::ZERO;
    let value = B256::with_last_byte(7);
    assert_eq!(listed["storage"], json!({ keccak256(slot).to_string(): { "key": slot, "value": value } }));
    for elsewhere in [other.program, RICH] {
        let error = range(json!(elsewhere)).expect_err("a refusal");
        assert_eq!(error.message(), "the forked chain has more storage of this account, and cannot list it");
    }
}
