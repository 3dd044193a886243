//! Blocks, their hashes, and the states after them.

use crate::support::{BASE_FEE, ask, node, provider, quantity, send};
use alloy::consensus::Header;
use alloy::consensus::proofs::calculate_transaction_root;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, U256, address, keccak256};
use alloy::providers::Provider;
use alloy::rlp::Encodable;
use alloy::rpc::types::TransactionRequest;
use serde_json::{Value, json};
use stylus_devnode::Devnode;

fn transfer(value: u64) -> TransactionRequest {
    TransactionRequest::default().with_to(Address::repeat_byte(0x44)).with_value(U256::from(value))
}

#[tokio::test]
async fn blocks_are_a_chain_of_real_hashes() {
    let node = node().await;
    let provider = provider(&node, 0);
    send(&provider, transfer(1)).await;
    send(&provider, transfer(2)).await;
    let mut parent = None;
    for number in 0..=2_u64 {
        let block = provider.get_block(number.into()).full().await.expect("an answer").expect("a block");
        let header: &Header = &block.header.inner;
        let mut encoded = Vec::new();
        header.encode(&mut encoded);
        assert_eq!(keccak256(&encoded), block.header.hash);
        let transactions: Vec<_> = block.transactions.txns().map(|transaction| transaction.inner.inner()).collect();
        // In RLP, the transactions and the uncles are lists of their own.
        let list = |bytes: usize| alloy::rlp::Header { list: true, payload_length: bytes }.length_with_payload();
        let size = list(encoded.len() + list(transactions.iter().map(|one| one.length()).sum()) + list(0));
        assert_eq!(block.header.size, Some(U256::from(size)));
        assert_eq!(header.transactions_root, calculate_transaction_root(&transactions));
        assert_eq!(header.number, number);
        assert!(parent.is_none_or(|parent| parent == header.parent_hash));
        parent = Some(block.header.hash);
        let by_hash = provider.get_block(block.header.hash.into()).full().await.expect("an answer");
        assert_eq!(by_hash, Some(block));
    }
}

#[tokio::test]
async fn blocks_and_receipts_look_like_arbitrums() {
    let node = node().await;
    send(&provider(&node, 0), transfer(1)).await;
    let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false]));
    let zero = format!("0x{}", "0".repeat(64));
    assert_eq!(block["baseFeePerGas"], "0x5f5e100");
    assert_eq!(block["gasLimit"], "0x4000000000000");
    assert_eq!(block["gasUsed"], "0x5208");
    assert_eq!(block["difficulty"], "0x1");
    assert_eq!(block["miner"], "0xa4b000000000000000000073657175656e636572");
    assert_eq!(block["extraData"], zero, "the send root");
    assert_eq!(block["sendRoot"], zero);
    assert_eq!(block["sendCount"], "0x0");
    assert_eq!(block["l1BlockNumber"], "0x1");
    // No messages to L1; L1 block 1; ArbOS 51 = 0x33; the rest is unused.
    assert_eq!(block["mixHash"], "0x0000000000000000000000000000000100000000000000330000000000000000");
    assert_eq!(block["uncles"], json!([]));

    let hash = &block["transactions"][0];
    let receipt = ask(&node, "eth_getTransactionReceipt", json!([hash]));
    assert_eq!(receipt["gasUsedForL1"], "0x0");
    assert_eq!(receipt["l1BlockNumber"], "0x1");
    assert_eq!(receipt["effectiveGasPrice"], "0x5f5e100");
    assert_eq!(receipt["cumulativeGasUsed"], "0x5208");
    assert_eq!(receipt["status"], "0x1");
    assert_eq!(receipt["type"], "0x2");
    assert_eq!(receipt["contractAddress"], Value::Null);
    assert_eq!(ask(&node, "eth_getBlockReceipts", json!(["latest"])), json!([receipt]));
    assert_eq!(ask(&node, "eth_getBlockReceipts", json!(["0x9"])), Value::Null);
    assert_eq!(ask(&node, "eth_getBlockTransactionCountByNumber", json!(["latest"])), "0x1");
    assert_eq!(ask(&node, "eth_getBlockTransactionCountByHash", json!([block["hash"]])), "0x1");
    assert_eq!(receipt["timeboosted"], false);
    let transaction = ask(&node, "eth_getTransactionByHash", json!([hash]));
    assert_eq!(transaction["gasPrice"], "0x5f5e101", "the tip of one wei was offered, and not paid");
}

#[tokio::test]
async fn headers_carry_the_messages_to_l1() {
    let node = node().await;
    // ArbSys.sendTxToL1 to nobody, without data.
    let data = format!("0x928c169a{:064x}{:064x}{:064x}", 0, 0x40, 0);
    let request = TransactionRequest::default()
        .with_to(alloy::primitives::address!("0x0000000000000000000000000000000000000064"))
        .with_input(data.parse::<alloy::primitives::Bytes>().expect("bytes"));
    assert!(send(&provider(&node, 0), request).await.status());
    let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false]));
    assert_eq!(block["sendCount"], "0x1");
    assert_eq!(block["sendRoot"], block["extraData"]);
    assert!(block["mixHash"].as_str().is_some_and(|hash| hash.starts_with("0x0000000000000001")));
    // ArbSys.sendMerkleTreeState: size, root, and what waits. It is for the zero address only.
    let state =
        json!([{ "from": Address::ZERO, "to": "0x0000000000000000000000000000000000000064", "data": "0x7aeecd2a" }]);
    let state = ask(&node, "eth_call", state);
    assert_eq!(&state.as_str().expect("words")[66..130], &block["sendRoot"].as_str().expect("a root")[2..]);
}

#[tokio::test]
async fn past_states_are_kept() {
    let node = node().await;
    let provider = provider(&node, 0);
    let friend = Address::repeat_byte(0x44);
    for value in [10, 20, 30] {
        send(&provider, transfer(value)).await;
    }
    for (block, total) in [(0, 0), (1, 10), (2, 30), (3, 60)] {
        let balance = provider.get_balance(friend).number(block).await.expect("a balance");
        assert_eq!(balance, U256::from(total), "after block {block}");
        let sender = node.accounts()[0].address;
        assert_eq!(provider.get_transaction_count(sender).number(block).await.expect("a nonce"), block);
    }
    for (tag, total) in [("earliest", "0x0"), ("latest", "0x3c"), ("pending", "0x3c")] {
        assert_eq!(ask(&node, "eth_getBalance", json!([friend, tag])), total, "{tag}");
    }
    // Without an L1 no block becomes final.
    for tag in ["safe", "finalized"] {
        let error = node.request("eth_getBalance", json!([friend, tag])).expect_err("not there");
        assert_eq!(error.message(), format!("{tag} block not found"));
    }
}

#[tokio::test]
async fn fees_are_those_of_an_idle_arbitrum_chain() {
    let node = Devnode::builder().timestamp(1_000).manual_time(true).spawn().await.expect("a node");
    let provider = provider(&node, 0);
    ask(&node, "evm_increaseTime", json!([3]));
    send(&provider, transfer(1)).await;
    assert_eq!(provider.get_gas_price().await.expect("a price"), BASE_FEE);
    assert_eq!(provider.get_max_priority_fee_per_gas().await.expect("a tip"), 0);
    let history = provider.get_fee_history(10, 1.into(), &[20.0]).await.expect("a history");
    assert_eq!(history.oldest_block, 0);
    assert_eq!(history.base_fee_per_gas, [BASE_FEE; 3]);
    assert_eq!(history.reward, Some(vec![vec![0], vec![0]]));
    // 21,000 in three seconds, of twice the 7 million that the chain sustains in each.
    assert_eq!(history.gas_used_ratio, [0.0, 21_000.0 / 7_000_000.0 / 3.0 / 2.0]);
    let fees = provider.estimate_eip1559_fees().await.expect("fees");
    assert!(fees.max_fee_per_gas >= BASE_FEE);
    assert_eq!(quantity(&ask(&node, "eth_feeHistory", json!([2, "latest"]))["oldestBlock"]), 0);
}

#[tokio::test]
async fn a_contract_keeps_the_hashes_of_blocks() {
    let node = node().await;
    ask(&node, "anvil_mine", json!(["0x3"]));
    let contract = address!("0000F90827F1C53a10cb7A02335B175320002935");
    let code = ask(&node, "eth_getCode", json!([contract, "latest"]));
    assert!(code.as_str().expect("code").starts_with("0x3373ff"), "the contract of EIP-2935: {code}");
    let hash = |number: u64| {
        let input = B256::from(U256::from(number));
        node.request("eth_call", json!([{ "to": contract, "data": input }, "latest"]))
    };
    for number in 0..3_u64 {
        let block = ask(&node, "eth_getBlockByNumber", json!([format!("{number:#x}"), false]));
        assert_eq!(hash(number).expect("a hash"), block["hash"]);
    }
    assert!(hash(3).is_err(), "the latest block has no hash yet that its contracts could know");
}
