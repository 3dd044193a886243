//! A price for L1 data: in receipts, in estimates, in the chain's file.

use crate::contracts::recorder;
use crate::support::{ask, deploy, provider, quantity, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256, address};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol;
use alloy::sol_types::SolCall;
use serde_json::json;
use stylus_devnode::{ChainState, Devnode};

/// Wei per unit: where Nitro's development mode begins.
const PRICE: u64 = 50_000_000_000;

const ARB_OWNER: Address = address!("0000000000000000000000000000000000000070");
const NODE_INTERFACE: Address = address!("00000000000000000000000000000000000000c8");

sol! {
    function setL1PricePerUnit(uint256 pricePerUnit) external;
    function gasEstimateComponents(address to, bool contractCreation, bytes data) external payable returns (
        uint64 gasEstimate,
        uint64 gasEstimateForL1,
        uint256 baseFee,
        uint256 l1BaseFeeEstimate
    );
}

async fn priced_node() -> Devnode {
    Devnode::builder().l1_price(PRICE).spawn().await.expect("a node")
}

#[tokio::test]
async fn receipts_tell_the_gas_for_l1_and_estimates_cover_it() {
    let node = priced_node().await;
    let provider = provider(&node, 0);
    // alloy estimates these; they would not be mined if the estimate were too low.
    let contract = deploy(&provider, recorder()).await;
    let call = TransactionRequest::default().with_to(contract).with_input(Bytes::from(vec![7; 32]));
    let estimate = provider.estimate_gas(call.clone()).await.expect("an estimate");
    let receipt = send(&provider, call.clone()).await;
    assert!(receipt.status());
    let told = ask(&node, "eth_getTransactionReceipt", json!([receipt.transaction_hash]));
    let for_l1 = quantity(&told["gasUsedForL1"]);
    // A signed call has more than a hundred bytes, most of which do not compress: 16 units each, at 500 gas.
    assert!((100 * 8_000..250 * 8_000).contains(&for_l1), "{for_l1}");
    assert_eq!(for_l1 % 8_000, 0);
    assert!(receipt.gas_used > for_l1 + 21_000 && receipt.gas_used <= estimate);

    let question = gasEstimateComponentsCall { to: contract, contractCreation: false, data: Bytes::from(vec![7; 32]) };
    let question = json!([{ "to": NODE_INTERFACE, "data": Bytes::from(question.abi_encode()) }]);
    let answer: Bytes = serde_json::from_value(ask(&node, "eth_call", question)).expect("bytes");
    let parts = gasEstimateComponentsCall::abi_decode_returns(&answer).expect("parts");
    assert_eq!(parts.l1BaseFeeEstimate, U256::from(PRICE));
    // An estimate pays 10 % more for some bytes more than the transaction has.
    assert!(parts.gasEstimateForL1 > for_l1 / 10 * 11 && parts.gasEstimateForL1 < parts.gasEstimate);
}

#[tokio::test]
async fn the_owner_sets_the_price_of_l1_data() {
    let node = priced_node().await;
    let provider = provider(&node, 0);
    let call = setL1PricePerUnitCall { pricePerUnit: U256::ZERO }.abi_encode();
    let setting = send(&provider, TransactionRequest::default().with_to(ARB_OWNER).with_input(call)).await;
    let gas_for_l1 = |hash| quantity(&ask(&node, "eth_getTransactionReceipt", json!([hash]))["gasUsedForL1"]);
    assert!(gas_for_l1(setting.transaction_hash) > 0);
    let transfer = send(&provider, TransactionRequest::default().with_to(Address::repeat_byte(1))).await;
    assert_eq!((gas_for_l1(transfer.transaction_hash), transfer.gas_used), (0, 21_000));
}

#[tokio::test]
async fn calls_compute_as_much_as_without_a_price() {
    let node = priced_node().await;
    // GAS, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN.
    let gas_left = ask(&node, "eth_call", json!([{ "data": "0x5a60005260206000f3" }]));
    let gas_left: U256 = serde_json::from_value(gas_left).expect("a number");
    let computed = U256::from(50_000_000 - 53_000 - 1_000);
    assert!(gas_left > computed, "{gas_left} of 50 million");
}

#[tokio::test]
async fn a_reset_and_a_file_keep_the_price() {
    let node = priced_node().await;
    let hash = send(&provider(&node, 0), TransactionRequest::default().with_to(Address::repeat_byte(1))).await;
    let receipt = ask(&node, "eth_getTransactionReceipt", json!([hash.transaction_hash]));
    let bytes = node.state().expect("a state").encode().expect("bytes");
    let state = ChainState::decode(&bytes).expect("a state");
    let again = Devnode::builder().state(state).spawn().await.expect("a node");
    assert_eq!(ask(&again, "eth_getTransactionReceipt", json!([hash.transaction_hash])), receipt);
    ask(&again, "anvil_reset", json!([]));
    let hash = send(&provider(&again, 0), TransactionRequest::default().with_to(Address::repeat_byte(1))).await;
    let receipt = ask(&again, "eth_getTransactionReceipt", json!([hash.transaction_hash]));
    assert!(quantity(&receipt["gasUsedForL1"]) > 0);
}
