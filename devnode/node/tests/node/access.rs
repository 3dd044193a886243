//! Access lists.

use crate::contracts::{init_code, recorder, reverter};
use crate::support::{ask, deploy, node, provider, quantity};
use alloy::primitives::{Address, B256, Bytes};
use alloy::sol;
use alloy::sol_types::SolCall;
use serde_json::{Value, json};
use stylus_devnode::Devnode;

/// Reads slot 5 of its own, asks for the balances of the first two words of the call data, and calls the third.
fn reader() -> Bytes {
    init_code(&[
        0x60, 0x05, 0x54, 0x50, // SLOAD(5), POP
        0x5f, 0x35, 0x31, 0x50, // BALANCE(CALLDATALOAD(0)), POP
        0x60, 0x20, 0x35, 0x31, 0x50, // BALANCE(CALLDATALOAD(32)), POP
        0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x60, 0x40, 0x35, 0x5a, 0xf1, // CALL(GAS, CALLDATALOAD(64), 0, 0, 0, 0, 0)
    ])
}

sol! {
    function setNetworkFeeAccount(address newNetworkFeeAccount) external;
}

/// Lets the owner of the chain, the first account, have the fees.
fn collect_fees(node: &Devnode) -> Address {
    let owner = node.accounts()[0].address;
    let data: Bytes = setNetworkFeeAccountCall { newNetworkFeeAccount: owner }.abi_encode().into();
    let arb_owner = Address::with_last_byte(0x70);
    assert!(gas_used(node, &json!({ "from": owner, "to": arb_owner, "data": data })) > 0);
    owner
}

fn gas_used(node: &Devnode, call: &Value) -> u64 {
    let hash = ask(node, "eth_sendTransaction", json!([call]));
    quantity(&ask(node, "eth_getTransactionReceipt", json!([hash]))["gasUsed"])
}

#[tokio::test]
async fn a_list_names_what_is_looked_at() {
    let node = node().await;
    let provider = provider(&node, 0);
    let [reader, recorder] = [deploy(&provider, reader()).await, deploy(&provider, recorder()).await];
    let sender = node.accounts()[1].address;
    let [rich, owner] = [Address::repeat_byte(0x77), collect_fees(&node)];
    // The sender is warm anyway. The owner gets the fees, but here the transaction looks at it too.
    let data: Bytes = [rich, owner, recorder].map(|address| address.into_word()).concat().into();
    let call = json!({ "from": sender, "to": reader, "data": data, "gas": "0x186a0" });
    let answer = ask(&node, "eth_createAccessList", json!([call]));
    let mut items = vec![
        json!({ "address": rich, "storageKeys": [] }),
        json!({ "address": owner, "storageKeys": [] }),
        json!({ "address": recorder, "storageKeys": [B256::ZERO] }),
        json!({ "address": reader, "storageKeys": [B256::with_last_byte(5)] }),
    ];
    let key = |item: &Value| item["address"].as_str().expect("an address").to_owned();
    items.sort_by_key(key);
    let mut listed = answer["accessList"].as_array().expect("a list").clone();
    listed.sort_by_key(key);
    assert_eq!(listed, items);
    assert!(answer.get("error").is_none(), "{answer}");

    let plain = gas_used(&node, &call);
    let mut announced = call.clone();
    announced["accessList"] = answer["accessList"].clone();
    // Neither transaction changes what the other one sees: the callee writes the zero that its slot holds.
    let listed = gas_used(&node, &announced);
    assert_eq!(listed, quantity(&answer["gasUsed"]));
    // The list costs 2,400 gas for each of four addresses and 1,900 for each of two slots. An announced item costs 100
    // when it is looked at: instead of 2,600 for three of the addresses, 2,100 for the slot that is read and 2,200 for
    // the other slot. The callee's address was warm anyway.
    assert_eq!(listed + 3 * 2_500 + 2_000 + 2_100, plain + 4 * 2_400 + 2 * 1_900);
}

#[tokio::test]
async fn who_gets_the_fees_is_not_listed_for_that() {
    let node = node().await;
    let recorder = deploy(&provider(&node, 0), recorder()).await;
    collect_fees(&node);
    let call = json!({ "from": node.accounts()[1].address, "to": recorder, "gasPrice": "0x5f5e100" });
    let answer = ask(&node, "eth_createAccessList", json!([call]));
    assert_eq!(answer["accessList"], json!([{ "address": recorder, "storageKeys": [B256::ZERO] }]));
    let transfer = json!({ "from": node.accounts()[1].address, "to": Address::repeat_byte(0x77) });
    assert_eq!(ask(&node, "eth_createAccessList", json!([transfer])), json!({ "accessList": [], "gasUsed": "0x5208" }));
}

#[tokio::test]
async fn a_call_that_fails_has_a_list_and_a_reason() {
    let node = node().await;
    let contract = deploy(&provider(&node, 0), reverter()).await;
    let answer = ask(&node, "eth_createAccessList", json!([{ "to": contract, "data": "0x01" }]));
    assert_eq!((&answer["accessList"], &answer["error"]), (&json!([]), &json!("execution reverted")));
    let error = node.request("eth_createAccessList", json!([{ "to": "nobody" }])).expect_err("refused");
    assert_eq!(error.code(), -32602);
}
