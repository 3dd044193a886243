//! Transactions that overtake each other.

use crate::support::{BASE_FEE, ask, node, provider, raw_transfer, send, signer, submit};
use alloy::network::{EthereumWallet, TransactionBuilder};
use alloy::primitives::{Address, Bytes, U256};
use alloy::providers::fillers::CachedNonceManager;
use alloy::providers::{Provider, ProviderBuilder};
use alloy::rpc::types::TransactionRequest;
use serde_json::{Value, json};
use stylus_devnode::Devnode;

fn block_of(node: &Devnode, hash: &Value) -> Value {
    ask(node, "eth_getTransactionByHash", json!([hash]))["blockNumber"].clone()
}

#[tokio::test]
async fn a_transaction_before_its_turn_waits_for_it() {
    let node = node().await;
    let sender = node.accounts()[0];
    let third = submit(&node, &raw_transfer(sender, 2, BASE_FEE));
    let second = submit(&node, &raw_transfer(sender, 1, BASE_FEE));
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x0");
    assert_eq!(block_of(&node, &third), Value::Null, "known, but in no block");
    assert_eq!(ask(&node, "eth_getTransactionReceipt", json!([third])), Value::Null);
    assert_eq!(ask(&node, "eth_getTransactionCount", json!([sender.address, "pending"])), "0x0");

    let first = submit(&node, &raw_transfer(sender, 0, BASE_FEE));
    for (hash, block) in [(&first, "0x1"), (&second, "0x2"), (&third, "0x3")] {
        assert_eq!(block_of(&node, hash), block);
    }
}

#[tokio::test]
async fn waiting_transactions_can_be_replaced_by_better_paying_ones() {
    let node = node().await;
    let sender = node.accounts()[0];
    let cheap = raw_transfer(sender, 1, BASE_FEE);
    let replaced = submit(&node, &cheap);
    let refuse = |raw: &Bytes| {
        let error = node.request("eth_sendRawTransaction", json!([raw])).expect_err("refused");
        error.message().to_owned()
    };
    assert_eq!(refuse(&cheap), "already known");
    assert_eq!(refuse(&raw_transfer(sender, 1, BASE_FEE * 11 / 10 - 1)), "replacement transaction underpriced");
    let better = submit(&node, &raw_transfer(sender, 1, BASE_FEE * 11 / 10));
    assert_eq!(ask(&node, "eth_getTransactionByHash", json!([replaced])), Value::Null);
    submit(&node, &raw_transfer(sender, 0, BASE_FEE));
    assert_eq!(block_of(&node, &better), "0x2");
}

#[tokio::test]
async fn not_everything_can_wait() {
    let node = node().await;
    let sender = node.accounts()[0];
    for nonce in 1..=64 {
        submit(&node, &raw_transfer(sender, nonce, BASE_FEE));
    }
    let refused =
        node.request("eth_sendRawTransaction", json!([raw_transfer(sender, 65, BASE_FEE)])).expect_err("full");
    assert_eq!(refused.message(), "account limit exceeded");
    submit(&node, &raw_transfer(sender, 0, BASE_FEE));
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x41", "65 blocks");
}

#[tokio::test]
async fn going_back_forgets_what_waits() {
    let node = node().await;
    let sender = node.accounts()[0];
    let snapshot = ask(&node, "evm_snapshot", json!([]));
    let waiting = submit(&node, &raw_transfer(sender, 1, BASE_FEE));
    ask(&node, "evm_revert", json!([snapshot]));
    assert_eq!(ask(&node, "eth_getTransactionByHash", json!([waiting])), Value::Null);
    submit(&node, &raw_transfer(sender, 0, BASE_FEE));
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x1");
}

#[tokio::test]
async fn parallel_sends_of_one_sender_all_arrive_in_order() {
    let node = node().await;
    let provider = ProviderBuilder::new()
        .disable_recommended_fillers()
        .with_gas_estimation()
        .with_nonce_management(CachedNonceManager::default())
        .fetch_chain_id()
        .wallet(EthereumWallet::new(signer(node.accounts()[0])))
        .connect_http(node.http_url().parse().expect("a URL"));
    let sends = (0..50_u64).map(|value| {
        let provider = provider.clone();
        tokio::spawn(async move {
            let to = Address::repeat_byte(0x22);
            send_only(&provider, TransactionRequest::default().with_to(to).with_value(U256::from(value))).await;
        })
    });
    for send in sends.collect::<Vec<_>>() {
        send.await.expect("a sent transaction");
    }
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x32", "50 blocks");
    for number in 1..=50_u64 {
        let block = ask(&node, "eth_getBlockByNumber", json!([format!("{number:#x}"), true]));
        assert_eq!(block["transactions"][0]["nonce"], format!("{:#x}", number - 1));
    }
}

async fn send_only(provider: &impl Provider, request: TransactionRequest) {
    let _hash = *provider.send_transaction(request).await.expect("an accepted transaction").tx_hash();
}

#[tokio::test]
async fn parallel_senders_do_not_disturb_each_other() {
    let node = node().await;
    let sends = (0..node.accounts().len()).map(|account| {
        let provider = provider(&node, account);
        tokio::spawn(async move {
            for value in 1..=5_u64 {
                let to = Address::repeat_byte(0x22);
                send(&provider, TransactionRequest::default().with_to(to).with_value(U256::from(value))).await;
            }
        })
    });
    for send in sends.collect::<Vec<_>>() {
        send.await.expect("sent transactions");
    }
    // Eleven senders, five transactions each: 55 blocks, and 11 · (1 + 2 + 3 + 4 + 5) = 165 wei.
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x37");
    assert_eq!(ask(&node, "eth_getBalance", json!([Address::repeat_byte(0x22)])), "0xa5");
}
