//! Sending transactions and reading what became of them.

use crate::contracts::{RECORDED, invalid, recorder};
use crate::support::{BASE_FEE, deploy, node, provider, send, signer};
use alloy::consensus::Transaction as _;
use alloy::eips::eip7702::Authorization;
use alloy::network::{TransactionBuilder, TransactionBuilder7702, TransactionResponse};
use alloy::primitives::{Address, B256, U256, address};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::signers::SignerSync;

const RECIPIENT: Address = address!("00000000000000000000000000000000000a11ce");

#[tokio::test]
async fn a_transfer_moves_ether_and_pays_the_base_fee() {
    let node = node().await;
    let provider = provider(&node, 0);
    let sender = node.accounts()[0].address;
    let before = provider.get_balance(sender).await.expect("a balance");
    let value = U256::from(1_234_567);

    let receipt = send(&provider, TransactionRequest::default().with_to(RECIPIENT).with_value(value)).await;

    assert!(receipt.status());
    assert_eq!(receipt.gas_used, 21_000);
    assert_eq!(receipt.effective_gas_price, BASE_FEE);
    assert_eq!(receipt.block_number, Some(1));
    assert_eq!(receipt.transaction_index, Some(0));
    assert_eq!(receipt.from, sender);
    assert_eq!(receipt.to, Some(RECIPIENT));
    assert_eq!(provider.get_balance(RECIPIENT).await.expect("a balance"), value);
    // 21,000 gas at 0.1 gwei; alloy offers a tip of 1 wei, which is dropped.
    let fee = U256::from(21_000 * BASE_FEE);
    assert_eq!(provider.get_balance(sender).await.expect("a balance"), before - value - fee);
    assert_eq!(provider.get_balance(Address::ZERO).await.expect("a balance"), fee, "the network's fee account");
    assert_eq!(provider.get_transaction_count(sender).await.expect("a nonce"), 1);
}

#[tokio::test]
async fn a_contract_keeps_state_and_logs() {
    let node = node().await;
    let provider = provider(&node, 1);
    let contract = deploy(&provider, recorder()).await;
    assert_eq!(provider.get_code_at(contract).await.expect("code").len(), 22);

    let word = B256::repeat_byte(0x77);
    let call = TransactionRequest::default().with_to(contract).with_input(word);
    assert_eq!(provider.call(call.clone()).await.expect("output").as_ref(), word.as_slice());
    assert_eq!(provider.get_storage_at(contract, U256::ZERO).await.expect("a slot"), U256::ZERO, "a call is not mined");

    let receipt = send(&provider, call).await;
    assert!(receipt.status());
    assert_eq!(provider.get_storage_at(contract, U256::ZERO).await.expect("a slot"), U256::from_be_bytes(word.0));
    let [log] = receipt.logs() else { panic!("one event") };
    assert_eq!(log.address(), contract);
    assert_eq!(log.topics(), [B256::from(U256::from(RECORDED))]);
    assert_eq!(log.data().data.as_ref(), word.as_slice());
    assert_eq!((log.log_index, log.transaction_index, log.block_number), (Some(0), Some(0), Some(2)));
    assert_eq!(log.transaction_hash, Some(receipt.transaction_hash));
}

#[tokio::test]
async fn a_failed_transaction_is_mined_and_pays_for_its_gas() {
    let node = node().await;
    let provider = provider(&node, 1);
    let contract = deploy(&provider, invalid()).await;
    let request = TransactionRequest::default().with_to(contract).with_gas_limit(100_000);
    let receipt = send(&provider, request).await;
    assert!(!receipt.status());
    assert_eq!(receipt.gas_used, 100_000, "the invalid instruction takes everything");
    assert!(receipt.logs().is_empty());
}

#[tokio::test]
async fn every_type_but_blobs_is_taken() {
    let node = node().await;
    let provider = provider(&node, 2);
    let base = TransactionRequest::default().with_to(RECIPIENT).with_value(U256::from(1));

    let legacy = send(&provider, base.clone().with_gas_price(BASE_FEE)).await;
    assert_eq!(u8::from(legacy.transaction_type()), 0);

    let listed = base.clone().with_gas_price(BASE_FEE).with_access_list(vec![].into());
    let listed = send(&provider, listed).await;
    assert_eq!(u8::from(listed.transaction_type()), 1);

    let dynamic = base.with_max_fee_per_gas(5 * BASE_FEE).with_max_priority_fee_per_gas(3 * BASE_FEE);
    let dynamic = send(&provider, dynamic).await;
    assert_eq!(u8::from(dynamic.transaction_type()), 2);
    assert_eq!(dynamic.effective_gas_price, BASE_FEE, "tips are dropped");
    assert_eq!(provider.get_balance(RECIPIENT).await.expect("a balance"), U256::from(3));
}

#[tokio::test]
async fn an_account_can_delegate_its_code() {
    let node = node().await;
    let provider = provider(&node, 3);
    let contract = deploy(&provider, recorder()).await;
    let delegator = node.accounts()[4];
    let authorization = Authorization { chain_id: U256::from(412_346), address: contract, nonce: 0 };
    let signature = signer(delegator).sign_hash_sync(&authorization.signature_hash()).expect("a signature");
    let word = B256::repeat_byte(0x33);
    let mut request = TransactionRequest::default().with_to(delegator.address).with_input(word);
    request.set_authorization_list(vec![authorization.into_signed(signature)]);

    let receipt = send(&provider, request).await;
    assert!(receipt.status());
    assert_eq!(u8::from(receipt.transaction_type()), 4);
    // EIP-7702: the prefix and the address.
    let code = provider.get_code_at(delegator.address).await.expect("code");
    assert_eq!(code.as_ref(), [&[0xef, 0x01, 0x00], contract.as_slice()].concat());
    let slot = provider.get_storage_at(delegator.address, U256::ZERO).await.expect("a slot");
    assert_eq!(slot, U256::from_be_bytes(word.0), "the code ran on the delegator's storage");
}

#[tokio::test]
async fn a_mined_transaction_is_found_by_hash_and_by_place() {
    let node = node().await;
    let provider = provider(&node, 0);
    let receipt = send(&provider, TransactionRequest::default().with_to(RECIPIENT).with_value(U256::from(9))).await;

    let found = provider.get_transaction_by_hash(receipt.transaction_hash).await.expect("an answer").expect("found");
    assert_eq!(found.value(), U256::from(9));
    assert_eq!(found.from(), node.accounts()[0].address);
    assert_eq!(found.block_hash, receipt.block_hash);
    let by_number = provider.get_transaction_by_block_number_and_index(1.into(), 0).await.expect("an answer");
    assert_eq!(by_number, Some(found.clone()));
    let hash = receipt.block_hash.expect("a block");
    let by_hash = provider.get_transaction_by_block_hash_and_index(hash, 0).await.expect("an answer");
    assert_eq!(by_hash, Some(found));
    let nothing = provider.get_transaction_by_block_hash_and_index(hash, 1).await.expect("an answer");
    assert_eq!(nothing, None);
    assert_eq!(provider.get_transaction_by_hash(B256::ZERO).await.expect("an answer"), None);
    assert_eq!(provider.get_transaction_receipt(B256::ZERO).await.expect("an answer"), None);
}

#[tokio::test]
async fn a_signed_transaction_is_waited_for_as_any_other() {
    let node = node().await;
    let provider = provider(&node, 0);
    let request = TransactionRequest::default().with_to(RECIPIENT).with_value(U256::from(1));
    let receipt = provider.send_transaction(request).await.expect("accepted").get_receipt().await.expect("a receipt");
    assert!(receipt.status());
}
