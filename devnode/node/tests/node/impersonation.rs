//! Transactions in anybody's name.

use crate::contracts::recorder;
use crate::support::{ask, deploy, node, provider};
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider;
use serde_json::json;
use stylus_devnode::Impersonation;

const SOMEBODY: Address = Address::repeat_byte(0x44);

#[tokio::test]
async fn anybody_can_be_impersonated_and_pays() {
    let node = node().await;
    let contract = deploy(&provider(&node, 0), recorder()).await;
    ask(&node, "anvil_setBalance", json!([SOMEBODY, "0xde0b6b3a7640000"]));
    let before = node.state().expect("a snapshot");
    let call =
        Impersonation { from: SOMEBODY, to: contract, value: U256::ZERO, input: Bytes::from(B256::repeat_byte(9)) };
    let executed = node.impersonate(call).expect("a mined transaction");
    assert!(executed.success);
    assert!(executed.changed.contains(&(contract, U256::ZERO)), "{executed:?}");

    let after = node.state().expect("a snapshot");
    assert_eq!(after.block_number(), before.block_number() + 1);
    assert_eq!(after.balance(SOMEBODY), before.balance(SOMEBODY) - executed.fee);
    assert_ne!(after.storage(contract, U256::ZERO), before.storage(contract, U256::ZERO));
    let provider = provider(&node, 0);
    assert_eq!(provider.get_transaction_count(SOMEBODY).await.expect("a nonce"), 1);
    let block = ask(&node, "eth_getBlockByNumber", json!(["latest", true]));
    assert_eq!(block["transactions"][0]["from"], json!(SOMEBODY));
}

#[tokio::test]
async fn the_same_call_of_two_accounts_has_two_hashes() {
    let node = node().await;
    let mut hashes = Vec::new();
    for account in [1, 2] {
        let from = node.accounts()[account].address;
        let call = Impersonation { from, to: SOMEBODY, value: U256::from(5), input: Bytes::new() };
        assert!(node.impersonate(call).expect("a mined transaction").success);
        let block = ask(&node, "eth_getBlockByNumber", json!(["latest", false]));
        hashes.push(block["transactions"][0].clone());
    }
    assert_ne!(hashes[0], hashes[1]);
    assert_eq!(node.state().expect("a snapshot").balance(SOMEBODY), U256::from(10));
}

#[tokio::test]
async fn who_cannot_pay_is_not_mined() {
    let node = node().await;
    let before = node.state().expect("a snapshot").block_number();
    let call = Impersonation { from: SOMEBODY, to: SOMEBODY, value: U256::from(1), input: Bytes::new() };
    node.impersonate(call).expect_err("nothing to pay with");
    assert_eq!(node.state().expect("a snapshot").block_number(), before);
}
