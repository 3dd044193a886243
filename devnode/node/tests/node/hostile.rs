//! Nothing a client sends ends the node.

use crate::contracts::recorder;
use crate::random::{inputs, pick};
use crate::support::{ask, deploy, node, provider};
use alloy::primitives::U256;
use fastrand::Rng;
use serde_json::{Value, json};

/// Every method that takes parameters.
const METHODS: &[&str] = &[
    "anvil_autoImpersonateAccount",
    "anvil_dropTransaction",
    "anvil_impersonateAccount",
    "anvil_loadState",
    "anvil_mine",
    "anvil_setBalance",
    "anvil_setCode",
    "anvil_setNonce",
    "anvil_setStorageAt",
    "anvil_stopImpersonatingAccount",
    "eth_call",
    "eth_createAccessList",
    "eth_estimateGas",
    "eth_feeHistory",
    "eth_getBalance",
    "eth_getBlockByHash",
    "eth_getBlockByNumber",
    "eth_getBlockReceipts",
    "eth_getBlockTransactionCountByHash",
    "eth_getBlockTransactionCountByNumber",
    "eth_getCode",
    "eth_getFilterChanges",
    "eth_getFilterLogs",
    "eth_getLogs",
    "eth_getProof",
    "eth_getRawTransactionByHash",
    "eth_getStorageAt",
    "eth_getTransactionByBlockHashAndIndex",
    "eth_getTransactionByBlockNumberAndIndex",
    "eth_getTransactionByHash",
    "eth_getTransactionBySenderAndNonce",
    "eth_getTransactionCount",
    "eth_getTransactionReceipt",
    "eth_getUncleByBlockHashAndIndex",
    "eth_getUncleByBlockNumberAndIndex",
    "eth_getUncleCountByBlockHash",
    "eth_getUncleCountByBlockNumber",
    "eth_newFilter",
    "eth_sendRawTransaction",
    "eth_sendTransaction",
    "eth_sign",
    "eth_signTransaction",
    "eth_signTypedData_v4",
    "eth_uninstallFilter",
    "evm_increaseTime",
    "evm_mine",
    "evm_revert",
    "evm_setNextBlockTimestamp",
    "evm_setTime",
    "evm_snapshot",
    "personal_sign",
    "txpool_contentFrom",
    "web3_sha3",
    // What changes the rest, last.
    "anvil_setBlockTimestampInterval",
    "evm_setAutomine",
    "evm_setIntervalMining",
    "anvil_reset",
];

/// A value that a client might send, or never would: numbers, bytes, tags, lists and objects with names that mean
/// something.
fn value(random: &mut Rng, depth: usize) -> Value {
    const WORDS: &[&str] =
        &["latest", "pending", "earliest", "safe", "0x", "0x0", "0xzz", "", "callTracer", "\u{1f980}"];
    const NAMES: &[&str] = &[
        "from",
        "to",
        "data",
        "input",
        "value",
        "gas",
        "gasPrice",
        "maxFeePerGas",
        "nonce",
        "type",
        "accessList",
        "authorizationList",
        "fromBlock",
        "toBlock",
        "blockHash",
        "address",
        "topics",
        "tracer",
        "tracerConfig",
        "stateOverrides",
        "balance",
        "code",
        "state",
        "stateDiff",
        "number",
        "time",
        "requireCanonical",
        "chainId",
    ];
    match random.usize(..(if depth == 0 { 8 } else { 10 })) {
        0 => Value::Null,
        1 => json!(random.bool()),
        2 => json!(random.u64(..)),
        3 => json!(-i64::from(random.u8(..))),
        4 => json!(pick(random, WORDS)),
        5 => json!(format!("{:#x}", random.u64(..) >> random.usize(..64))),
        6 | 7 => {
            let length = [0, 1, 4, 20, 20, 32, 32, 33, 100][random.usize(..9)];
            let bytes: Vec<u8> = (0..length).map(|_| random.u8(..)).collect();
            json!(alloy::hex::encode_prefixed(bytes))
        }
        8 => (0..random.usize(..4)).map(|_| value(random, depth - 1)).collect(),
        _ => (0..random.usize(..5)).map(|_| (pick(random, NAMES).to_owned(), value(random, depth - 1))).collect(),
    }
}

/// As many random requests as `STYLUS_FUZZ_INPUTS` says, to one node.
#[tokio::test]
async fn random_requests_get_an_answer() {
    let inputs = inputs(5_000);
    let node = node().await;
    let traces = ["debug_traceCall", "debug_traceTransaction", "debug_traceBlockByNumber", "debug_traceBlockByHash"];
    let methods: Vec<&str> = METHODS.iter().copied().chain(traces).collect();
    let (mut random, mut answered) = (Rng::with_seed(0x5eed), 0);
    for _ in 0..inputs {
        let method = methods[random.usize(..methods.len())];
        let params: Vec<Value> = (0..random.usize(..5)).map(|_| value(&mut random, 3)).collect();
        answered += usize::from(node.request(method, json!(params)).is_ok());
    }
    assert!(answered > inputs / 20, "only {answered} of {inputs} requests meant something");
    assert!(ask(&node, "eth_blockNumber", json!([])).is_string(), "it lives");
}

#[tokio::test]
async fn strange_parameters_get_an_answer() {
    let node = node().await;
    let sender = node.accounts()[0].address;
    let contract = deploy(&provider(&node, 0), recorder()).await;
    let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false]));
    let strange = [
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!("0x"),
        json!("0x0"),
        json!("0xffffffffffffffff"),
        json!(U256::MAX),
        json!("latest"),
        json!("pending"),
        json!([]),
        json!([[[]]]),
        json!({}),
        json!(sender),
        block["hash"].clone(),
        json!({ "blockHash": block["hash"] }),
        json!({ "fromBlock": "0x0", "toBlock": "0xffffffffffffffff", "topics": [null, []] }),
        json!({ "to": contract, "gas": "0xffffffffffffffff", "value": U256::MAX }),
        json!({ "to": contract, "from": sender, "gasPrice": "0xffffffffffffffffffffffffffffffff", "nonce": "0x0" }),
        json!({ "input": "0xfe", "from": sender, "nonce": "0xffffffffffffffff", "value": "0x1" }),
        json!({ sender.to_string(): { "balance": U256::MAX, "nonce": "0xffffffffffffffff", "code": "0xef0100" } }),
        json!({ "time": "0xffffffffffffffff", "number": "0xffffffffffffffff", "baseFee": "0xffffffffffffffff" }),
    ];
    for method in METHODS {
        for first in &strange {
            for second in &strange {
                check(&node, method, json!([first, second]));
                check(&node, method, json!([first, "latest", second, second]));
            }
        }
        check(&node, method, json!({ "to": sender }));
        check(&node, method, json!("params"));
    }
    ask(&node, "evm_mine", json!([]));
}

/// The answer may be anything but an internal error.
fn check(node: &stylus_devnode::Devnode, method: &str, params: Value) {
    if let Err(error) = node.request(method, params.clone()) {
        assert_ne!(error.code(), -32603, "{method}{params}: {error}");
    }
}
