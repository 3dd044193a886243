//! What other nodes' development methods say about blocks to come.

use crate::mining::{nonce, patient_node};
use crate::support::{ask, node, raw_transfer};
use serde_json::{Value, json};
use stylus_devnode::DEV_ACCOUNTS;

#[tokio::test]
async fn the_next_block_has_the_base_fee_that_was_set() {
    let node = node().await;
    let base_fee = |block: &str| ask(&node, "eth_getBlockByNumber", json!([block, false]))["baseFeePerGas"].clone();
    let usual = base_fee("latest");
    for method in ["hardhat_setNextBlockBaseFeePerGas", "anvil_setNextBlockBaseFeePerGas"] {
        ask(&node, method, json!(["0x77359400"]));
        let transfer = json!([{ "from": DEV_ACCOUNTS[0].address, "to": DEV_ACCOUNTS[1].address, "value": "0x1" }]);
        let hash = ask(&node, "eth_sendTransaction", transfer);
        let receipt = ask(&node, "eth_getTransactionReceipt", json!([hash]));
        assert_eq!(receipt["effectiveGasPrice"], "0x77359400", "it is paid");
        assert_eq!(base_fee("latest"), "0x77359400");
        ask(&node, "evm_mine", json!([]));
        assert_eq!(base_fee("latest"), usual, "one block only");
    }
}

#[tokio::test]
async fn a_block_takes_the_gas_that_was_set() {
    let node = patient_node().await;
    assert_eq!(ask(&node, "evm_setBlockGasLimit", json!(["0xa410"])), true);
    for nonce in 0..3 {
        let raw = raw_transfer(DEV_ACCOUNTS[0], nonce, 1_000_000_000);
        ask(&node, "eth_sendRawTransaction", json!([raw]));
    }
    let count = |blocks: &Value| -> Vec<usize> {
        let blocks = blocks.as_array().expect("blocks").iter();
        blocks.map(|block| block["transactions"].as_array().expect("transactions").len()).collect()
    };
    assert_eq!(count(&ask(&node, "evm_mineDetailed", json!([{ "blocks": 3 }]))), [2, 1, 0], "42,000 gas are two");
}

#[tokio::test]
async fn what_waits_of_one_account_is_dropped() {
    let node = patient_node().await;
    for account in [0, 1] {
        ask(&node, "eth_sendRawTransaction", json!([raw_transfer(DEV_ACCOUNTS[account], 0, 1_000_000_000)]));
    }
    ask(&node, "anvil_removePoolTransactions", json!([DEV_ACCOUNTS[0].address]));
    ask(&node, "evm_mine", json!([]));
    assert_eq!([nonce(&node, 0, "latest"), nonce(&node, 1, "latest")], [0, 1]);
}

#[tokio::test]
async fn what_means_nothing_on_arbitrum_is_refused_with_a_reason() {
    let node = node().await;
    let address = json!([DEV_ACCOUNTS[1].address]);
    for (method, params, reason) in [
        ("hardhat_setCoinbase", address, "the sequencer"),
        ("hardhat_setPrevRandao", json!(["0x1"]), "1 in every block"),
        ("anvil_setMinGasPrice", json!(["0x1"]), "setMinimumL2BaseFee"),
        ("anvil_rollback", json!([1]), "evm_revert"),
        ("anvil_dealERC20", json!([]), "anvil_setStorageAt"),
    ] {
        let error = node.request(method, params).expect_err("refused");
        assert_eq!(error.code(), -32_004, "{method}");
        assert!(error.message().contains(reason), "{method}: {}", error.message());
    }
}
