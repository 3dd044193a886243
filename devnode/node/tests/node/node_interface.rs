//! NodeInterface (0xc8), which only calls to the node itself see.

use crate::contracts::{recorder, reverter};
use crate::support::{BASE_FEE, ask, deploy, node, provider, quantity, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, address};
use alloy::rpc::types::TransactionRequest;
use alloy::sol;
use alloy::sol_types::{Revert, SolCall, SolError};
use serde_json::{Value, json};
use stylus_devnode::{Devnode, L1BlockNumber};

const NODE_INTERFACE: Address = address!("00000000000000000000000000000000000000c8");

sol! {
    function gasEstimateComponents(address to, bool contractCreation, bytes data) external payable returns (
        uint64 gasEstimate,
        uint64 gasEstimateForL1,
        uint256 baseFee,
        uint256 l1BaseFeeEstimate
    );
    function gasEstimateL1Component(address to, bool contractCreation, bytes data) external payable returns (
        uint64 gasEstimateForL1,
        uint256 baseFee,
        uint256 l1BaseFeeEstimate
    );
    function nitroGenesisBlock() external pure returns (uint256 number);
    function blockL1Num(uint64 l2BlockNum) external view returns (uint64 l1BlockNum);
    function l2BlockRangeForL1(uint64 blockNum) external view returns (uint64 firstBlock, uint64 lastBlock);
    function estimateRetryableTicket(
        address sender,
        uint256 deposit,
        address to,
        uint256 l2CallValue,
        address excessFeeRefundAddress,
        address callValueRefundAddress,
        bytes data
    ) external;
    function constructOutboxProof(uint64 size, uint64 leaf) external view returns (bytes32, bytes32, bytes32[]);
    function findBatchContainingBlock(uint64 blockNum) external view returns (uint64 batch);
    function getL1Confirmations(bytes32 blockHash) external view returns (uint64 confirmations);
    function legacyLookupMessageBatchProof(uint256 batchNum, uint64 index) external view returns (bytes32[]);
    function unheardOf() external;
}

fn question(call: &impl SolCall) -> Value {
    json!({ "to": NODE_INTERFACE, "data": Bytes::from(call.abi_encode()) })
}

fn answer<C: SolCall>(node: &Devnode, call: &C) -> C::Return {
    let output: Bytes = serde_json::from_value(ask(node, "eth_call", json!([question(call)]))).expect("bytes");
    C::abi_decode_returns(&output).expect("a result")
}

/// The reason for which there is no answer, also for an estimate of the same question.
fn refusal(node: &Devnode, call: &impl SolCall) -> String {
    let [of_call, of_estimate] = ["eth_call", "eth_estimateGas"].map(|method| {
        let error = node.request(method, json!([question(call)])).expect_err("no answer");
        assert_eq!(error.code(), 3, "{error}");
        let data: Bytes = serde_json::from_value(error.data().expect("data").clone()).expect("bytes");
        Revert::abi_decode(&data).expect("a reason").reason
    });
    assert_eq!(of_call, of_estimate);
    of_call
}

#[tokio::test]
async fn gas_is_estimated_with_its_parts() {
    let node = node().await;
    let contract = deploy(&provider(&node, 0), recorder()).await;
    let data = Bytes::from(B256::repeat_byte(7));
    let mut estimates = Vec::new();
    for (to, creation, data, transaction) in [
        (contract, false, data.clone(), json!({ "to": contract, "data": data })),
        (Address::ZERO, true, recorder(), json!({ "data": recorder() })),
    ] {
        let parts = answer(&node, &gasEstimateComponentsCall { to, contractCreation: creation, data: data.clone() });
        assert_eq!(parts.gasEstimate, quantity(&ask(&node, "eth_estimateGas", json!([transaction]))));
        assert_eq!((parts.gasEstimateForL1, parts.l1BaseFeeEstimate), (0, U256::ZERO));
        assert_eq!(parts.baseFee, U256::from(BASE_FEE));
        let part = answer(&node, &gasEstimateL1ComponentCall { to, contractCreation: creation, data });
        assert_eq!((part.gasEstimateForL1, part.l1BaseFeeEstimate), (0, U256::ZERO));
        assert_eq!(part.baseFee, U256::from(BASE_FEE));
        estimates.push(parts.gasEstimate);
    }
    assert_ne!(estimates[0], estimates[1]);
}

#[tokio::test]
async fn an_estimate_is_for_who_asks_and_fails_as_always() {
    let node = node().await;
    let contract = deploy(&provider(&node, 0), reverter()).await;
    let data = Bytes::from_static(&[1, 2, 3, 4]);
    let call = gasEstimateComponentsCall { to: contract, contractCreation: false, data: data.clone() };
    let error = node.request("eth_call", json!([question(&call)])).expect_err("a revert");
    let returned: Bytes = serde_json::from_value(error.data().expect("data").clone()).expect("bytes");
    assert_eq!((error.code(), returned), (3, data));

    let call = gasEstimateComponentsCall { to: Address::ZERO, contractCreation: false, data: Bytes::new() };
    let mut rich = question(&call);
    rich["value"] = json!("0x1");
    rich["from"] = json!(node.accounts()[0].address);
    ask(&node, "eth_call", json!([rich]));
    rich["from"] = json!(Address::repeat_byte(0x99));
    assert!(node.request("eth_call", json!([rich])).is_err(), "nobody has 1 wei there");
}

#[tokio::test]
async fn authorizations_are_part_of_an_estimate() {
    let node = node().await;
    let call =
        gasEstimateComponentsCall { to: Address::repeat_byte(0x44), contractCreation: false, data: Bytes::new() };
    let plain = answer(&node, &call).gasEstimate;
    let signed = json!({ "chainId": "0x64aba", "address": NODE_INTERFACE, "nonce": "0x0", "yParity": "0x0",
        "r": B256::with_last_byte(1), "s": B256::with_last_byte(1) });
    let mut asked = question(&call);
    asked["authorizationList"] = json!([signed, signed]);
    let output: Bytes = serde_json::from_value(ask(&node, "eth_call", json!([asked]))).expect("bytes");
    let with = gasEstimateComponentsCall::abi_decode_returns(&output).expect("a result").gasEstimate;
    // EIP-7702: 25,000 each.
    assert!((49_000..52_000).contains(&(with - plain)), "{plain} and {with}");
}

#[tokio::test]
async fn a_question_about_questions_is_about_an_empty_account() {
    let node = node().await;
    let inner = Bytes::from(unheardOfCall {}.abi_encode());
    let call = gasEstimateComponentsCall { to: NODE_INTERFACE, contractCreation: false, data: inner };
    // 21,000, and 16 for each byte of the selector, none of which is zero.
    assert!((21_064..21_400).contains(&answer(&node, &call).gasEstimate));
}

#[tokio::test]
async fn blocks_are_found_by_l1_number() {
    let node = node().await;
    ask(&node, "anvil_mine", json!(["0x5"]));
    assert_eq!(answer(&node, &nitroGenesisBlockCall {}), U256::ZERO);
    for number in 0..=5 {
        assert_eq!(answer(&node, &blockL1NumCall { l2BlockNum: number }), number);
        let range = answer(&node, &l2BlockRangeForL1Call { blockNum: number });
        assert_eq!((range.firstBlock, range.lastBlock), (number, number));
    }
    assert_eq!(refusal(&node, &blockL1NumCall { l2BlockNum: 6 }), "no such block");
    for number in [6, u64::MAX] {
        let call = l2BlockRangeForL1Call { blockNum: number };
        assert_eq!(refusal(&node, &call), "no block has this L1 block number");
    }

    let still = Devnode::builder().l1_block_number(L1BlockNumber::Zero).spawn().await.expect("a node");
    ask(&still, "anvil_mine", json!(["0x5"]));
    assert_eq!(answer(&still, &blockL1NumCall { l2BlockNum: 5 }), 0);
    let range = answer(&still, &l2BlockRangeForL1Call { blockNum: 0 });
    assert_eq!((range.firstBlock, range.lastBlock), (0, 5));
    let call = l2BlockRangeForL1Call { blockNum: 1 };
    assert_eq!(refusal(&still, &call), "no block has this L1 block number");
}

#[tokio::test]
async fn what_needs_an_l1_is_refused_with_a_reason() {
    let node = node().await;
    let ticket = estimateRetryableTicketCall {
        sender: Address::ZERO,
        deposit: U256::ZERO,
        to: Address::ZERO,
        l2CallValue: U256::ZERO,
        excessFeeRefundAddress: Address::ZERO,
        callValueRefundAddress: Address::ZERO,
        data: Bytes::new(),
    };
    assert_eq!(refusal(&node, &ticket), "this chain has no retryable tickets");
    let proof = constructOutboxProofCall { size: 1, leaf: 0 };
    assert_eq!(refusal(&node, &proof), "this chain proves no messages to L1");
    let no_batches = "this chain posts no batches to L1";
    assert_eq!(refusal(&node, &findBatchContainingBlockCall { blockNum: 0 }), no_batches);
    assert_eq!(refusal(&node, &getL1ConfirmationsCall { blockHash: B256::ZERO }), no_batches);
    let legacy = legacyLookupMessageBatchProofCall { batchNum: U256::ZERO, index: 0 };
    assert_eq!(refusal(&node, &legacy), no_batches);
    assert_eq!(refusal(&node, &unheardOfCall {}), "NodeInterface has no such function");
    // Half an argument.
    let torn = Bytes::copy_from_slice(&blockL1NumCall { l2BlockNum: 1 }.abi_encode()[..20]);
    let error = node.request("eth_call", json!([{ "to": NODE_INTERFACE, "data": torn }])).expect_err("torn");
    assert_eq!(error.code(), 3);
}

#[tokio::test]
async fn nothing_is_there_for_transactions() {
    let node = node().await;
    assert_eq!(ask(&node, "eth_getCode", json!([NODE_INTERFACE, "latest"])), "0x");
    let call = Bytes::from(nitroGenesisBlockCall {}.abi_encode());
    let gas = quantity(&ask(&node, "eth_estimateGas", json!([question(&nitroGenesisBlockCall {})])));
    let request = TransactionRequest::default().with_to(NODE_INTERFACE).with_input(call).with_gas_limit(gas);
    let receipt = send(&provider(&node, 0), request).await;
    // 21,000 and four bytes that are not zero.
    assert_eq!((receipt.status(), receipt.gas_used), (true, 21_064));
}
