//! `eth_subscribe` over WebSocket.

use crate::contracts::recorder;
use crate::support::{ask, deploy, node, provider, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256};
use alloy::providers::{Provider, ProviderBuilder, WsConnect};
use alloy::rpc::types::{Filter, TransactionRequest};
use serde_json::{Value, json};
use std::time::Duration;
use stylus_devnode::Devnode;
use tokio::time::timeout;

/// How long a notification may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(30);

async fn connect(node: &Devnode) -> impl Provider + use<> {
    ProviderBuilder::new().connect_ws(WsConnect::new(node.ws_url())).await.expect("a connection")
}

#[tokio::test]
async fn heads_arrive_in_order() {
    let node = node().await;
    let client = connect(&node).await;
    let mut heads = client.subscribe_blocks().await.expect("a subscription");
    ask(&node, "anvil_mine", json!([3]));
    for number in 1..=3_u64 {
        let head = timeout(PATIENCE, heads.recv()).await.expect("in time").expect("a head");
        let block = client.get_block(number.into()).await.expect("an answer").expect("a block");
        assert_eq!((head.number, head.hash), (number, block.header.hash));
    }
}

#[tokio::test]
async fn heads_are_bare_as_on_nitro() {
    let node = node().await;
    let client = connect(&node).await;
    let mut heads = client.subscribe::<_, Value>(("newHeads",)).await.expect("a subscription");
    ask(&node, "evm_mine", json!([]));
    let head = timeout(PATIENCE, heads.recv()).await.expect("in time").expect("a head");
    assert_eq!(head["mixHash"], ask(&node, "eth_getBlockByNumber", json!(["latest", false]))["mixHash"]);
    assert!(head.get("l1BlockNumber").is_none());
    assert!(head.get("transactions").is_none());
}

#[tokio::test]
async fn events_are_selected() {
    let node = node().await;
    let sender = provider(&node, 0);
    let wanted = deploy(&sender, recorder()).await;
    let unwanted = deploy(&sender, recorder()).await;
    let client = connect(&node).await;
    let mut logs = client.subscribe_logs(&Filter::new().address(wanted)).await.expect("a subscription");
    let mut transactions = client.subscribe_pending_transactions().await.expect("a subscription");
    for (contract, word) in [(unwanted, 1), (wanted, 2), (unwanted, 3), (wanted, 4)] {
        let record = TransactionRequest::default().with_to(contract).with_input(B256::with_last_byte(word));
        let receipt = send(&sender, record).await;
        let hash = timeout(PATIENCE, transactions.recv()).await.expect("in time").expect("a hash");
        assert_eq!(hash, receipt.transaction_hash);
    }
    for word in [2, 4] {
        let log = timeout(PATIENCE, logs.recv()).await.expect("in time").expect("an event");
        assert_eq!((log.address(), log.data().data[31]), (wanted, word));
    }
}

#[tokio::test]
async fn whole_transactions_can_be_asked_for() {
    let node = node().await;
    let client = connect(&node).await;
    let mut transactions = client.subscribe_full_pending_transactions().await.expect("a subscription");
    let request = TransactionRequest::default().with_to(Address::repeat_byte(0x11));
    let receipt = send(&provider(&node, 0), request).await;
    let transaction = timeout(PATIENCE, transactions.recv()).await.expect("in time").expect("a transaction");
    assert_eq!(transaction.inner.tx_hash(), &receipt.transaction_hash);
}

#[tokio::test]
async fn subscriptions_end_when_the_client_wants() {
    let node = node().await;
    let client = connect(&node).await;
    let subscription = client.subscribe_blocks().await.expect("a subscription");
    let id: Value = json!("0x1");
    drop(subscription);
    let ended: bool = client.raw_request("eth_unsubscribe".into(), (id,)).await.expect("an answer");
    assert!(ended);
    assert_eq!(client.get_block_number().await.expect("a number"), 0, "the connection goes on");
}

#[tokio::test]
async fn unknown_subscriptions_are_refused() {
    let node = node().await;
    let client = connect(&node).await;
    for kind in ["syncing", "everything"] {
        let refused = client.subscribe::<_, Value>((kind,)).await.expect_err("refused");
        assert_eq!(refused.as_error_resp().expect("an answer").code, -32602, "{kind}");
    }
}
