//! What clients are told when something does not work: go-ethereum's codes and words.

use crate::contracts::{invalid, reverter};
use crate::support::{BASE_FEE, ask, deploy, node, provider, signer};
use crate::traces::program;
use alloy::consensus::{SignableTransaction, TxEip1559, TxEip4844, TxEnvelope, TxLegacy};
use alloy::eips::eip2718::Encodable2718;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, TxKind, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::signers::SignerSync;
use alloy::sol_types::{Panic, Revert, SolError};
use serde_json::{Value, json};
use stylus_devnode::{Devnode, RpcError};

/// A transfer of 1 wei by the first account that works.
fn transfer() -> TxEip1559 {
    TxEip1559 {
        chain_id: 412_346,
        nonce: 0,
        gas_limit: 21_000,
        max_fee_per_gas: BASE_FEE,
        max_priority_fee_per_gas: 0,
        to: TxKind::Call(Address::repeat_byte(0x11)),
        value: U256::from(1),
        ..TxEip1559::default()
    }
}

fn submit<T: SignableTransaction<alloy::signers::Signature>>(node: &Devnode, transaction: T) -> Result<Value, RpcError>
where
    TxEnvelope: From<alloy::consensus::Signed<T>>,
{
    let signature = signer(node.accounts()[0]).sign_hash_sync(&transaction.signature_hash()).expect("a signature");
    let raw: Bytes = TxEnvelope::from(transaction.into_signed(signature)).encoded_2718().into();
    node.request("eth_sendRawTransaction", json!([raw]))
}

#[track_caller]
fn assert_refused(result: Result<Value, RpcError>, message: &str) {
    let error = result.expect_err("refused");
    assert_eq!(error.code(), -32000, "{error}");
    assert!(error.message().starts_with(message), "{error}");
}

#[tokio::test]
async fn bad_transactions_are_refused_and_leave_no_trace() {
    let node = node().await;
    let rich = U256::MAX;
    assert_refused(
        submit(&node, TxEip1559 { value: rich, ..transfer() }),
        "insufficient funds for gas * price + value: address 0x3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E",
    );
    assert_refused(submit(&node, TxEip1559 { gas_limit: 20_999, ..transfer() }), "intrinsic gas too low");
    assert_refused(
        submit(&node, TxEip1559 { max_fee_per_gas: BASE_FEE - 1, ..transfer() }),
        "max fee per gas less than block base fee",
    );
    assert_refused(
        submit(&node, TxEip1559 { max_priority_fee_per_gas: BASE_FEE + 1, ..transfer() }),
        "max priority fee per gas higher than max fee per gas",
    );
    assert_refused(
        submit(&node, TxEip1559 { chain_id: 1, ..transfer() }),
        "invalid chain id for signer: have 1 want 412346",
    );
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x0");
    submit(&node, transfer()).expect("the good one");
    assert_refused(submit(&node, transfer()), "nonce too low");
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x1");
}

#[tokio::test]
async fn blobs_garbage_and_giants_are_refused() {
    let node = node().await;
    let blob = TxEip4844 { chain_id: 412_346, gas_limit: 21_000, max_fee_per_gas: BASE_FEE, ..TxEip4844::default() };
    assert_refused(submit(&node, blob), "transaction type not supported");
    for garbage in ["0x", "0x02", "0xc0", "0x04ffff", "0x7f01", "0xf8"] {
        assert_refused(node.request("eth_sendRawTransaction", json!([garbage])), "");
    }
    let giant = TxEip1559 { input: vec![0; 95_000].into(), ..transfer() };
    assert_refused(submit(&node, giant), "oversized data");
}

#[tokio::test]
async fn a_transaction_without_a_chain_id_is_taken() {
    let node = node().await;
    let unprotected = TxLegacy {
        chain_id: None,
        gas_price: BASE_FEE,
        gas_limit: 21_000,
        to: TxKind::Call(Address::repeat_byte(0x11)),
        ..TxLegacy::default()
    };
    submit(&node, unprotected).expect("taken");
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x1");
}

#[tokio::test]
async fn a_revert_has_code_3_and_the_data() {
    let node = node().await;
    let provider = provider(&node, 0);
    let contract = deploy(&provider, reverter()).await;
    let fail = |method: &str, data: &Bytes| {
        let error = node.request(method, json!([{ "to": contract, "input": data }])).expect_err("a revert");
        assert_eq!(error.code(), 3);
        let returned: Bytes = serde_json::from_value(error.data().expect("data").clone()).expect("bytes");
        assert_eq!(&returned, data);
        error.message().to_owned()
    };
    for method in ["eth_call", "eth_estimateGas"] {
        assert_eq!(fail(method, &Bytes::from_static(&[0xde, 0xad, 0xbe, 0xef])), "execution reverted");
        assert_eq!(fail(method, &Bytes::new()), "execution reverted");
        let reason = Revert { reason: "too late".into() }.abi_encode();
        assert_eq!(fail(method, &reason.into()), "execution reverted: too late");
        let panic = Panic { code: U256::from(0x11) }.abi_encode();
        assert!(fail(method, &panic.into()).starts_with("execution reverted: "));
    }

    // alloy finds the data too.
    let call = TransactionRequest::default().with_to(contract).with_input(vec![1, 2, 3, 4]);
    let error = provider.call(call).await.expect_err("a revert");
    let payload = error.as_error_resp().expect("an answer");
    assert_eq!(payload.as_revert_data(), Some(Bytes::from_static(&[1, 2, 3, 4])));
}

#[tokio::test]
async fn a_call_that_loses_all_its_gas_says_why() {
    let node = node().await;
    let contract = deploy(&provider(&node, 0), invalid()).await;
    assert_refused(node.request("eth_call", json!([{ "to": contract }])), "invalid opcode: INVALID");
    assert_refused(node.request("eth_estimateGas", json!([{ "to": contract }])), "invalid opcode: INVALID");
}

#[tokio::test]
async fn a_call_ends_by_its_gas_and_not_by_a_clock() {
    let node = node().await;
    let endless = Address::repeat_byte(0x77);
    // JUMPDEST, PUSH1 0, JUMP: four million turns with the 50 million gas that a call gets if it does not say.
    ask(&node, "anvil_setCode", json!([endless, "0x5b600056"]));
    assert_refused(node.request("eth_call", json!([{ "to": endless }])), "out of gas");
    let wat = r#"(module (memory (export "memory") 1 1)
        (func (export "user_entrypoint") (param i32) (result i32) (loop $again (br $again)) unreachable))"#;
    let program = program(&provider(&node, 0), wat).await;
    assert_refused(node.request("eth_call", json!([{ "to": program }])), "out of gas");
    // Nor does asking for more give more.
    assert_refused(node.request("eth_call", json!([{ "to": program, "gas": "0xffffffffff" }])), "out of gas");
}

#[tokio::test]
async fn unknown_blocks_and_forgotten_states_are_told_apart() {
    let node = node().await;
    let address = node.accounts()[0].address;
    assert_refused(node.request("eth_getBalance", json!([address, "0x1"])), "header not found");
    assert_eq!(ask(&node, "eth_getBlockByNumber", json!(["0x1", false])), Value::Null);
    // The states of the 1,024 blocks before the latest are kept: with block 1,025 that of block 0 is gone.
    ask(&node, "anvil_mine", json!(["0x400"]));
    ask(&node, "eth_getBalance", json!([address, "0x0"]));
    ask(&node, "evm_mine", json!([]));
    assert_refused(node.request("eth_getBalance", json!([address, "0x0"])), "state of block 0 is not kept");
    ask(&node, "eth_getBalance", json!([address, "0x1"]));
    assert_eq!(ask(&node, "eth_getBlockByNumber", json!(["0x0", false]))["number"], "0x0");
}

#[tokio::test]
async fn wrong_parameters_are_named() {
    let node = node().await;
    let refuse = |method: &str, params: Value| {
        let error = node.request(method, params).expect_err("refused");
        assert_eq!(error.code(), -32602, "{method}");
        error.message().to_owned()
    };
    assert_eq!(refuse("eth_getBalance", json!([])), "missing value for required argument 0");
    assert_eq!(refuse("eth_getBalance", json!({})), "non-array args");
    assert!(refuse("eth_getBalance", json!(["0x12", "latest"])).starts_with("invalid argument 0"));
    assert!(refuse("eth_getBalance", json!([Address::ZERO, "soon"])).starts_with("invalid argument 1"));
    assert!(refuse("eth_sendRawTransaction", json!(["xyz"])).starts_with("invalid argument 0"));
    let error = node.request("eth_getWork", json!([])).expect_err("unknown");
    assert_eq!((error.code(), error.message()), (-32601, "the method eth_getWork does not exist/is not available"));
}
