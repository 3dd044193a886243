//! What clients ask to know where they are, and what there is less of on Arbitrum than on Ethereum.

use crate::support::{BASE_FEE, ask, node, provider, raw_transfer, send, submit};
use alloy::network::TransactionBuilder;
use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use serde_json::{Value, json};

#[tokio::test]
async fn the_node_tells_about_itself() {
    let node = node().await;
    ask(&node, "evm_mine", json!([]));
    let head = ask(&node, "eth_getBlockByNumber", json!(["latest", false]));
    let info = ask(&node, "anvil_nodeInfo", json!([]));
    assert_eq!(info["currentBlockNumber"], "0x1");
    assert_eq!((&info["currentBlockHash"], &info["currentBlockTimestamp"]), (&head["hash"], &head["timestamp"]));
    assert_eq!(info["environment"]["chainId"], "0x64aba");
    assert_eq!(info["environment"]["baseFee"], format!("{BASE_FEE:#x}"));
    assert_eq!(info["environment"]["gasLimit"], head["gasLimit"]);
    assert_eq!(info["forkConfig"]["forkUrl"], Value::Null);

    let metadata = ask(&node, "hardhat_metadata", json!([]));
    assert_eq!((&metadata["chainId"], &metadata["latestBlockNumber"]), (&json!(412_346), &json!(1)));
    assert_eq!(metadata["latestBlockHash"], head["hash"]);
    assert_eq!(metadata["clientVersion"], ask(&node, "web3_clientVersion", json!([])));
    assert_eq!(metadata["instanceId"], ask(&node, "hardhat_metadata", json!([]))["instanceId"]);
    let other = crate::support::node().await;
    assert_ne!(metadata["instanceId"], ask(&other, "hardhat_metadata", json!([]))["instanceId"]);

    let modules = ask(&node, "rpc_modules", json!([]));
    for module in ["anvil", "eth", "evm", "hardhat", "net", "personal", "rpc", "txpool", "web3"] {
        assert_eq!(modules[module], "1.0", "{module}");
    }
}

#[tokio::test]
async fn questions_of_another_age_have_answers() {
    let node = node().await;
    ask(&node, "evm_mine", json!([]));
    let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false]));
    for (method, params, answer) in [
        ("net_peerCount", json!([]), json!("0x0")),
        ("eth_protocolVersion", json!([]), json!("0x1")),
        ("eth_mining", json!([]), json!(false)),
        ("eth_hashrate", json!([]), json!("0x0")),
        ("eth_coinbase", json!([]), block["miner"].clone()),
        ("eth_getUncleCountByBlockNumber", json!(["0x0"]), json!("0x0")),
        ("eth_getUncleCountByBlockNumber", json!(["0x9"]), Value::Null),
        ("eth_getUncleCountByBlockHash", json!([block["hash"]]), json!("0x0")),
        ("eth_getUncleByBlockNumberAndIndex", json!(["0x0", "0x0"]), Value::Null),
        ("eth_getUncleByBlockHashAndIndex", json!([block["hash"], "0x0"]), Value::Null),
    ] {
        assert_eq!(ask(&node, method, params), answer, "{method}");
    }
    for (method, params) in [
        ("eth_getUncleCountByBlockNumber", json!(["soon"])),
        ("eth_getUncleCountByBlockHash", json!(["0x0"])),
        ("eth_getUncleByBlockNumberAndIndex", json!(["0x0"])),
        ("eth_getUncleByBlockHashAndIndex", json!([block["hash"], "first"])),
    ] {
        assert_eq!(node.request(method, params).expect_err("refused").code(), -32602, "{method}");
    }
}

#[tokio::test]
async fn there_are_no_proofs() {
    let node = node().await;
    let error = node.request("eth_getProof", json!([Address::ZERO, ["0x0"], "latest"])).expect_err("no tries");
    assert_eq!(error.code(), -32004);
    assert!(error.message().contains("no Merkle tries"), "{error}");
    let error = node.request("eth_getProof", json!([Address::ZERO, "0x0", "latest"])).expect_err("not a list");
    assert_eq!(error.code(), -32602);
}

#[tokio::test]
async fn transactions_are_found_by_sender_and_as_bytes() {
    let node = node().await;
    let sender = node.accounts()[1];
    let raw = [0, 1, 3].map(|nonce| raw_transfer(sender, nonce, BASE_FEE));
    let hashes = raw.each_ref().map(|raw| submit(&node, raw));
    for (nonce, index) in [("0x0", 0), ("0x1", 1), ("0x3", 2)] {
        let found = ask(&node, "eth_getTransactionBySenderAndNonce", json!([sender.address, nonce]));
        assert_eq!(found, ask(&node, "eth_getTransactionByHash", json!([hashes[index]])));
        assert_eq!(ask(&node, "eth_getRawTransactionByHash", json!([hashes[index]])), json!(raw[index]));
    }
    assert_eq!(ask(&node, "eth_getTransactionBySenderAndNonce", json!([sender.address, "0x2"])), Value::Null);
    let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false]));
    assert_eq!(ask(&node, "eth_getRawTransactionByHash", json!([block["hash"]])), Value::Null);
    for (method, params) in [
        ("eth_getTransactionBySenderAndNonce", json!([sender.address])),
        ("eth_getRawTransactionByHash", json!(["0x"])),
    ] {
        assert_eq!(node.request(method, params).expect_err("refused").code(), -32602, "{method}");
    }
    let client = provider(&node, 2);
    let receipt = send(&client, TransactionRequest::default().with_to(Address::ZERO)).await;
    let found = client.get_transaction_by_sender_nonce(receipt.from, 0).await.expect("an answer");
    assert_eq!(found.map(|found| *found.inner.tx_hash()), Some(receipt.transaction_hash));
}
