//! The methods of Otterscan, as its pages call them.

use crate::support::{ask, deploy, node, provider, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use serde_json::{Value, json};
use stylus_devnode::{DEV_ACCOUNTS, Devnode};
use stylus_program::format::init_code;

const FRIEND: Address = Address::repeat_byte(0x44);

/// Gives what it is sent to the account in the call data and creates an empty contract. Without call data it reverts.
const SPENDER: [u8; 26] = [
    0x36, 0x15, 0x60, 0x15, 0x57, // without call data on at 21
    0x5f, 0x5f, 0x5f, 0x5f, 0x34, 0x5f, 0x35, 0x5a, 0xf1, 0x50, // CALL with the value
    0x5f, 0x5f, 0x5f, 0xf0, 0x50, 0x00, // CREATE, STOP
    0x5b, 0x60, 0x07, 0x5f, 0xfd, // REVERT with seven bytes
];

/// A contract that moves wei, with the transaction that did.
async fn spent(node: &Devnode) -> (Address, Value, Value) {
    let sender = provider(node, 0);
    let spender = deploy(&sender, init_code(&SPENDER).into()).await;
    let request = TransactionRequest::default().with_to(spender).with_gas_limit(1_000_000);
    let input = request.clone().with_value(U256::from(5)).with_input(FRIEND.into_word().0);
    let good = send(&sender, input).await;
    assert!(good.status());
    let bad = sender.send_transaction(request).await.expect("sent").get_receipt().await.expect("mined");
    assert!(!bad.status());
    (spender, json!(good.transaction_hash), json!(bad.transaction_hash))
}

#[tokio::test]
async fn explorers_see_what_happened_inside() {
    let node = node().await;
    let (spender, good, bad) = spent(&node).await;
    assert_eq!(ask(&node, "ots_getApiLevel", json!([])), 8);
    assert_eq!(ask(&node, "ots_hasCode", json!([spender, "latest"])), true);
    assert_eq!(ask(&node, "ots_hasCode", json!([spender, 0])), false);
    assert_eq!(ask(&node, "ots_hasCode", json!([FRIEND, 1])), false);

    let operations = ask(&node, "ots_getInternalOperations", json!([good]));
    let created = spender.create(1);
    let expected = json!([
        { "type": 0, "from": spender, "to": FRIEND, "value": "0x5" },
        { "type": 2, "from": spender, "to": created, "value": "0x0" },
    ]);
    assert_eq!(operations, expected);
    assert_eq!(ask(&node, "ots_getInternalOperations", json!([bad])), json!([]));
    let calls = ask(&node, "ots_traceTransaction", json!([good]));
    let shape: Vec<(&Value, &Value)> =
        calls.as_array().expect("calls").iter().map(|call| (&call["type"], &call["depth"])).collect();
    assert_eq!(shape, [(&json!("CALL"), &json!(0)), (&json!("CALL"), &json!(1)), (&json!("CREATE"), &json!(1))]);
    assert_eq!(calls[0]["from"], json!(DEV_ACCOUNTS[0].address));
    assert_eq!(ask(&node, "ots_getTransactionError", json!([good])), "0x");
    assert_eq!(ask(&node, "ots_getTransactionError", json!([bad])), json!(Bytes::from(vec![0; 7])));
}

#[tokio::test]
async fn explorers_page_through_blocks() {
    let node = node().await;
    ask(&node, "evm_setAutomine", json!([false]));
    for value in 1..=3 {
        let transfer = json!([{ "from": DEV_ACCOUNTS[0].address, "to": FRIEND, "value": format!("{value:#x}"),
            "data": "0x0102030405", "gas": "0x10000" }]);
        ask(&node, "eth_sendTransaction", transfer);
    }
    ask(&node, "evm_mine", json!([]));
    let details = ask(&node, "ots_getBlockDetails", json!([1]));
    let block = ask(&node, "eth_getBlockByNumber", json!(["0x1", false]));
    assert_eq!((&details["block"]["hash"], &details["block"]["transactionCount"]), (&block["hash"], &json!(3)));
    assert_eq!(details["block"].get("transactions"), None);
    let receipts = ask(&node, "eth_getBlockReceipts", json!(["0x1"]));
    let fee = |receipt: &Value| {
        let number = |name: &str| receipt[name].as_str().expect("a quantity").parse::<U256>().expect("a quantity");
        number("gasUsed") * number("effectiveGasPrice")
    };
    let fees: U256 = receipts.as_array().expect("receipts").iter().map(fee).sum();
    assert_eq!(details["totalFees"], json!(fees));
    assert_eq!(ask(&node, "ots_getBlockDetailsByHash", json!([block["hash"]])), details);
    assert_eq!(ask(&node, "ots_getBlockDetails", json!([99])), Value::Null);

    for (page, range) in [(0, 0..2), (1, 2..3), (2, 3..3)] {
        let answer = ask(&node, "ots_getBlockTransactions", json!([1, page, 2]));
        let transactions = answer["fullblock"]["transactions"].as_array().expect("transactions");
        let hashes: Vec<_> = transactions.iter().map(|transaction| transaction["hash"].clone()).collect();
        assert_eq!(hashes, block["transactions"].as_array().expect("hashes")[range.clone()]);
        assert!(transactions.iter().all(|transaction| transaction["input"] == "0x01020304"));
        let receipts = answer["receipts"].as_array().expect("receipts");
        assert_eq!(receipts.len(), range.len());
        assert!(receipts.iter().zip(&hashes).all(|(receipt, hash)| receipt["transactionHash"] == *hash));
    }
}

#[tokio::test]
async fn explorers_find_what_an_account_has_to_do_with() {
    let node = node().await;
    let (spender, good, bad) = spent(&node).await;
    ask(&node, "anvil_mine", json!(["0x2"]));
    let transfer = json!([{ "from": DEV_ACCOUNTS[1].address, "to": FRIEND, "value": "0x1" }]);
    let last = ask(&node, "eth_sendTransaction", transfer);
    let found = |method: &str, address: Address, block: u64, size: usize| {
        let page = ask(&node, method, json!([address, block, size]));
        let hashes: Vec<Value> =
            page["txs"].as_array().expect("transactions").iter().map(|found| found["hash"].clone()).collect();
        let receipts = page["receipts"].as_array().expect("receipts");
        assert!(receipts.iter().zip(&hashes).all(|(receipt, hash)| receipt["transactionHash"] == *hash));
        assert!(receipts.iter().all(|receipt| receipt["timestamp"].is_u64()));
        (hashes, page["firstPage"] == true, page["lastPage"] == true)
    };
    // A call inside counts too.
    let (before, after) = ("ots_searchTransactionsBefore", "ots_searchTransactionsAfter");
    assert_eq!(found(before, FRIEND, 0, 9), (vec![last.clone(), good.clone()], true, true));
    assert_eq!(found(before, FRIEND, 0, 1), (vec![last.clone()], true, false));
    assert_eq!(found(before, FRIEND, 6, 9), (vec![good.clone()], false, true));
    assert_eq!(found(after, FRIEND, 0, 1), (vec![good.clone()], false, true));
    assert_eq!(found(after, FRIEND, 2, 9), (vec![last.clone()], true, false));
    // A page that is full with the last block is the last in its direction.
    assert_eq!(found(after, FRIEND, 2, 1), (vec![last], true, false));
    assert_eq!(found(before, spender, 4, 1), (vec![bad.clone()], false, false));

    let sender = DEV_ACCOUNTS[0].address;
    assert_eq!(ask(&node, "ots_getTransactionBySenderAndNonce", json!([sender, 2])), bad);
    assert_eq!(ask(&node, "ots_getTransactionBySenderAndNonce", json!([sender, "0x3"])), Value::Null);
    let creation = ask(&node, "ots_getTransactionBySenderAndNonce", json!([sender, 0]));
    let creator = json!({ "hash": creation, "creator": sender });
    assert_eq!(ask(&node, "ots_getContractCreator", json!([spender])), creator);
    assert_eq!(ask(&node, "ots_getContractCreator", json!([FRIEND])), Value::Null);
}
