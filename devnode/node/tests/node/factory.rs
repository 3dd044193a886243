//! The deterministic deployer, which every chain has at one address.

use crate::contracts::recorder;
use crate::support::{ask, node, provider, quantity, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, address, bytes};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use serde_json::{Value, json};

const FACTORY: Address = address!("4e59b44847b379578588920cA78FbF26c0B4956C");

/// Nobody's account: whatever signer belongs to the signature below.
const DEPLOYER: Address = address!("3fab184622dc19b6109349b94811493bf2a45362");

/// The transaction that makes the factory on any chain: nonce 0, 100 gwei for each of 100,000 gas, and no chain id. Its
/// signature has 0x2222... for both r and s.
const DEPLOYMENT: Bytes = bytes!(
    "f8a58085174876e800830186a08080b853604580600e600039806000f350fe"
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0"
    "3601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3"
    "1ba02222222222222222222222222222222222222222222222222222222222222222"
    "a02222222222222222222222222222222222222222222222222222222222222222"
);

#[tokio::test]
async fn the_factory_is_there_from_the_start() {
    let node = node().await;
    let provider = provider(&node, 1);
    let (salt, code) = (B256::repeat_byte(0x5a), recorder());
    let input = [salt.as_slice(), &code].concat();
    let request = TransactionRequest::default().with_to(FACTORY).with_input(input);
    // It returns the 20 bytes of the address.
    let returned = provider.call(request.clone()).await.expect("an answer");
    let expected = FACTORY.create2_from_code(salt, &code);
    assert_eq!(returned, Bytes::copy_from_slice(expected.as_slice()));
    assert!(send(&provider, request.clone()).await.status());
    // The recorder's runtime code comes after nine bytes of init code.
    assert_eq!(provider.get_code_at(expected).await.expect("code"), code[9..]);
    let again = send(&provider, request.with_gas_limit(1_000_000)).await;
    assert!(!again.status(), "the address is taken");
}

#[tokio::test]
async fn its_well_known_transaction_makes_the_same_contract() {
    let node = node().await;
    let code = ask(&node, "eth_getCode", json!([FACTORY, "latest"]));
    ask(&node, "anvil_setCode", json!([FACTORY, "0x"]));
    ask(&node, "anvil_setNonce", json!([FACTORY, "0x0"]));
    let refused = node.request("eth_sendRawTransaction", json!([DEPLOYMENT])).expect_err("no funds");
    assert!(refused.message().starts_with("insufficient funds"), "{refused}");
    // 100,000 gas at 100 gwei: 0.01 ETH.
    let funds = TransactionRequest::default().with_to(DEPLOYER).with_value(U256::from(10_000_000_000_000_000_u64));
    send(&provider(&node, 1), funds).await;
    let hash = ask(&node, "eth_sendRawTransaction", json!([DEPLOYMENT]));
    let receipt = ask(&node, "eth_getTransactionReceipt", json!([hash]));
    assert_eq!(receipt["status"], "0x1");
    assert_eq!(receipt["from"], json!(DEPLOYER));
    assert_eq!(receipt["contractAddress"], json!(FACTORY));
    assert_eq!(ask(&node, "eth_getCode", json!([FACTORY, "latest"])), code);
    assert_eq!(ask(&node, "eth_getTransactionCount", json!([FACTORY, "latest"])), "0x1");
    let transaction = ask(&node, "eth_getTransactionByHash", json!([hash]));
    assert_eq!((&transaction["type"], &transaction["chainId"]), (&json!("0x0"), &Value::Null));
    // A transaction costs 21,000 and a create 32,000. Call data: 3 zeros and 80 other bytes of init code, 4 and 16 gas
    // each. Init code: 2 gas for each of 3 words. Code: 200 gas for each of 69 bytes.
    // Execution: PUSH1 0x45, DUP1, PUSH1, PUSH1 (12), CODECOPY (3, 3 words copied 9, 3 words of memory 9),
    // DUP1, PUSH1 (6), RETURN (0).
    let intrinsic = 21_000 + 32_000 + 3 * 4 + 80 * 16 + 2 * 3;
    assert_eq!(quantity(&receipt["gasUsed"]), intrinsic + 200 * 69 + 12 + 21 + 6);
}
