//! `eth_call`: when and where it happens, and what it may pretend.

use crate::contracts::{observer, recorder};
use crate::support::{ask, deploy, node, provider};
use alloy::primitives::{Address, B256, Bytes, U256};
use serde_json::{Value, json};
use stylus_devnode::{Devnode, L1BlockNumber};

/// What the observer contract sees: time, block number, base fee, and its caller's balance.
fn observe(node: &Devnode, mut params: Value, contract: Address) -> [u64; 4] {
    params[0]["to"] = json!(contract);
    if params[0]["from"].is_null() {
        // Not the zero address: the fees of all transactions are there.
        params[0]["from"] = json!(Address::repeat_byte(0x77));
    }
    let output: Bytes = serde_json::from_value(ask(node, "eth_call", params)).expect("bytes");
    let word = |index: usize| U256::from_be_slice(&output[32 * index..32 * (index + 1)]);
    [word(0), word(1), word(2), word(3)].map(|word| word.saturating_to())
}

#[tokio::test]
async fn a_call_sees_the_latest_block_or_the_next_one() {
    let node = Devnode::builder().timestamp(1_000).manual_time(true).spawn().await.expect("a node");
    let contract = deploy(&provider(&node, 0), observer()).await;
    // Block 1 deployed the contract, so the next block has number 2. A call without a gas price sees a base fee of 0,
    // as in go-ethereum.
    assert_eq!(observe(&node, json!([{}, "latest"]), contract), [1_000, 1, 0, 0]);
    assert_eq!(observe(&node, json!([{}, "pending"]), contract), [1_000, 2, 0, 0]);
    // Whoever moves the time wants to see it.
    ask(&node, "evm_increaseTime", json!([500]));
    assert_eq!(observe(&node, json!([{}, "latest"]), contract), [1_500, 1, 0, 0]);
    assert_eq!(observe(&node, json!([{}, "pending"]), contract), [1_500, 2, 0, 0]);
    let priced = json!([{ "gasPrice": "0x5f5e100", "from": node.accounts()[1].address, "gas": "0x186a0" }, "latest"]);
    assert_eq!(observe(&node, priced, contract)[2], 100_000_000);
}

#[tokio::test]
async fn a_call_on_a_past_block_sees_that_block() {
    let node = Devnode::builder().timestamp(1_000).manual_time(true).spawn().await.expect("a node");
    let contract = deploy(&provider(&node, 0), observer()).await;
    let hash = ask(&node, "eth_getBlockByNumber", json!(["0x1", false]))["hash"].clone();
    ask(&node, "evm_increaseTime", json!([500]));
    ask(&node, "evm_mine", json!([]));
    assert_eq!(observe(&node, json!([{}, "0x1"]), contract), [1_000, 1, 0, 0]);
    assert_eq!(observe(&node, json!([{}, { "blockHash": hash }]), contract), [1_000, 1, 0, 0]);
    assert_eq!(observe(&node, json!([{}, "0x2"]), contract), [1_500, 2, 0, 0]);
}

#[tokio::test]
async fn block_number_stays_zero_as_on_nitro_if_asked_to() {
    let builder = Devnode::builder().timestamp(1_000).manual_time(true).l1_block_number(L1BlockNumber::Zero);
    let node = builder.spawn().await.expect("a node");
    let contract = deploy(&provider(&node, 0), observer()).await;
    assert_eq!(observe(&node, json!([{}, "latest"]), contract), [1_000, 0, 0, 0]);
    let block = ask(&node, "eth_getBlockByNumber", json!(["0x1", false]));
    assert_eq!((&block["number"], &block["l1BlockNumber"]), (&json!("0x1"), &json!("0x0")));
}

#[tokio::test]
async fn a_call_may_pretend_about_the_block() {
    let node = node().await;
    let contract = deploy(&provider(&node, 0), observer()).await;
    let pretend = json!({ "time": "0x7b", "number": "0x1c8", "baseFee": "0x315" });
    let params = json!([{}, "latest", {}, pretend]);
    assert_eq!(observe(&node, params, contract)[..2], [123, 456]);
    // GASLIMIT, COINBASE and PREVRANDAO; MSTORE each, RETURN 96 bytes.
    let code = "0x455f52416020524460405260605ff3";
    let pretend = json!({
        "gasLimit": "0x7", "feeRecipient": contract, "difficulty": "0x9",
        "prevRandao": B256::ZERO, "blobBaseFee": "0x1",
    });
    let seen = ask(&node, "eth_call", json!([{ "data": code }, "latest", {}, pretend]));
    let words = [U256::from(7), U256::from_be_slice(contract.as_slice()), U256::from(9)];
    assert_eq!(seen, json!(Bytes::from(words.map(|word| word.to_be_bytes::<32>()).concat())));
    let unknown = json!([{ "to": contract }, "latest", {}, { "nothing": "0x1" }]);
    assert!(node.request("eth_call", unknown).is_ok(), "what nobody knows is not looked at");
}

#[tokio::test]
async fn a_call_may_pretend_about_precompiles() {
    let node = node().await;
    let (arb_sys, identity) = (Address::with_last_byte(0x64), Address::with_last_byte(4));
    let elsewhere = Address::repeat_byte(0x12);
    // PUSH1 42, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN.
    let answer = "0x602a5f5260205ff3";
    let call = |to: Address, overrides: Value| {
        node.request("eth_call", json!([{ "to": to, "data": "0xa3b1b31d" }, "latest", overrides]))
    };
    let overridden = call(arb_sys, json!({ arb_sys.to_string(): { "code": answer } })).expect("an answer");
    assert_eq!(overridden, json!(B256::with_last_byte(42)));
    let moved = json!({ identity.to_string(): { "movePrecompileToAddress": elsewhere } });
    assert_eq!(call(elsewhere, moved.clone()).expect("an answer"), "0xa3b1b31d");
    assert_eq!(call(identity, moved).expect("an answer"), "0x", "it is there no more");
    for (overrides, message) in [
        (json!({ elsewhere.to_string(): { "movePrecompileToAddress": identity } }), "is not a precompile"),
        (json!({ "0xa4b05fffffffffffffffffffffffffffffffffff": { "balance": "0x1" } }), "not allowed"),
    ] {
        let error = call(arb_sys, overrides).expect_err("refused");
        assert_eq!(error.code(), -32_000);
        assert!(error.message().ends_with(message), "{error}");
    }
}

#[tokio::test]
async fn a_call_may_pretend_about_accounts() {
    let node = node().await;
    let nobody = Address::repeat_byte(0x55);
    let contract = Address::repeat_byte(0x66);
    // Runtime code: return SLOAD(1). PUSH1 1, SLOAD, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN.
    let reader = Bytes::from_static(&[0x60, 0x01, 0x54, 0x60, 0x00, 0x52, 0x60, 0x20, 0x60, 0x00, 0xf3]);
    let slot = B256::with_last_byte(1);
    let value = B256::repeat_byte(0x99);
    for field in ["state", "stateDiff"] {
        let overrides = json!({
            contract.to_string(): { "code": reader, field: { slot.to_string(): value } },
            nobody.to_string(): { "balance": "0x64" },
        });
        let call = json!({ "from": nobody, "to": contract, "value": "0x64" });
        assert_eq!(ask(&node, "eth_call", json!([call, "latest", overrides])), json!(value), "{field}");
    }
    assert_eq!(ask(&node, "eth_getCode", json!([contract, "latest"])), json!("0x"), "only the call pretends");
    let error =
        node.request("eth_call", json!([{ "from": nobody, "to": contract, "value": "0x64" }])).expect_err("poor");
    assert!(error.message().starts_with("err: insufficient funds for gas * price + value"), "{error}");
    assert!(error.message().ends_with("(supplied gas 50000000)"), "{error}");
}

#[tokio::test]
async fn state_replaces_all_slots_and_state_diff_only_some() {
    let node = node().await;
    let provider = provider(&node, 0);
    let contract = deploy(&provider, recorder()).await;
    let seven = B256::with_last_byte(7);
    let call = alloy::rpc::types::TransactionRequest { to: Some(contract.into()), ..Default::default() };
    crate::support::send(&provider, call.input(Bytes::from(seven).into())).await;

    // Runtime code: return SLOAD(0).
    let reader = Bytes::from_static(&[0x60, 0x00, 0x54, 0x60, 0x00, 0x52, 0x60, 0x20, 0x60, 0x00, 0xf3]);
    let other_slot = json!({ B256::with_last_byte(5).to_string(): seven });
    let read = |field: &str| {
        let overrides = json!({ contract.to_string(): { "code": reader, field: other_slot } });
        ask(&node, "eth_call", json!([{ "to": contract }, "latest", overrides]))
    };
    assert_eq!(read("stateDiff"), json!(seven), "slot 0 is as on the chain");
    assert_eq!(read("state"), json!(B256::ZERO), "slot 0 is not in the new state");
    let both = json!({ contract.to_string(): { "state": other_slot, "stateDiff": other_slot } });
    let error = node.request("eth_call", json!([{ "to": contract }, "latest", both])).expect_err("refused");
    assert_eq!(error.code(), -32_000);
}

#[tokio::test]
async fn contracts_see_the_hashes_of_past_blocks() {
    let node = node().await;
    ask(&node, "anvil_mine", json!([2]));
    let contract = Address::repeat_byte(0x66);
    // Runtime code: return BLOCKHASH(NUMBER − 1).
    // PUSH1 1, NUMBER, SUB, BLOCKHASH, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN.
    let code = Bytes::from_static(&[0x60, 0x01, 0x43, 0x03, 0x40, 0x60, 0x00, 0x52, 0x60, 0x20, 0x60, 0x00, 0xf3]);
    let overrides = json!({ contract.to_string(): { "code": code } });
    let head = ask(&node, "eth_getBlockByNumber", json!(["latest", false]));
    assert_eq!(ask(&node, "eth_call", json!([{ "to": contract }, "pending", overrides])), head["hash"]);
    assert_eq!(ask(&node, "eth_call", json!([{ "to": contract }, "latest", overrides])), head["parentHash"]);
}

#[tokio::test]
async fn a_call_gets_at_most_50_million_gas() {
    let node = node().await;
    let contract = Address::repeat_byte(0x66);
    // Runtime code: return GAS. GAS, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN.
    let code = Bytes::from_static(&[0x5a, 0x60, 0x00, 0x52, 0x60, 0x20, 0x60, 0x00, 0xf3]);
    let overrides = json!({ contract.to_string(): { "code": code } });
    // 21,000 for the call and 2 for GAS itself.
    let left = json!(B256::from(U256::from(50_000_000 - 21_002)));
    for call in [json!({ "to": contract }), json!({ "to": contract, "gas": "0xffffffffffff" })] {
        assert_eq!(ask(&node, "eth_call", json!([call, "latest", overrides])), left);
    }
}

#[tokio::test]
async fn contradictory_calls_are_refused() {
    let node = node().await;
    let refuse = |call: Value| {
        let error = node.request("eth_call", json!([call, "latest"])).expect_err("refused");
        assert_eq!(error.code(), -32_000);
        error.message().to_owned()
    };
    let fees = json!({ "gasPrice": "0x1", "maxFeePerGas": "0x1" });
    assert_eq!(refuse(fees), "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified");
    assert_eq!(refuse(json!({ "chainId": "0x1" })), "chainId does not match node's (have=1, want=412346)");
    assert_eq!(refuse(json!({ "blobVersionedHashes": [] })), "transaction type not supported");
}
