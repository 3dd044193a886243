//! What a contract stores, listed in parts.

use crate::support::{ask, node};
use alloy::primitives::{B256, U256, keccak256};
use serde_json::{Value, json};
use stylus_devnode::Devnode;

/// Writes the second word of its input to the slot that the first one names.
const WRITER: &str = "0x60203560003555";

/// Where it is.
const ADDRESS: &str = "0x00000000000000000000000000000000000000aa";

fn word(number: u64) -> B256 {
    U256::from(number).into()
}

/// A node on which the last block writes 1 and 2 to slots 1 and 2, one transaction each, and the hash of that block.
async fn written() -> (Devnode, Value) {
    let node = node().await;
    ask(&node, "anvil_setCode", json!([ADDRESS, WRITER]));
    ask(&node, "evm_setAutomine", json!([false]));
    let from = node.accounts()[0].address;
    for number in 1..=2 {
        let input = format!("{}{:x}", word(number), word(number));
        ask(&node, "eth_sendTransaction", json!([{ "from": from, "to": ADDRESS, "gas": "0x186a0", "data": input }]));
    }
    ask(&node, "evm_mine", json!([]));
    let hash = ask(&node, "eth_getBlockByNumber", json!(["latest", false]))["hash"].clone();
    (node, hash)
}

/// What is expected of some slots that have their own number as value.
fn slots(numbers: &[u64], next: Option<u64>) -> Value {
    let hash = |number: u64| keccak256(word(number));
    let storage: serde_json::Map<String, Value> = numbers
        .iter()
        .map(|number| (hash(*number).to_string(), json!({ "key": word(*number), "value": word(*number) })))
        .collect();
    json!({ "storage": storage, "nextKey": next.map(hash) })
}

#[tokio::test]
async fn storage_is_listed_before_each_transaction_of_a_block() {
    let (node, hash) = written().await;
    let range = |index: u64| ask(&node, "debug_storageRangeAt", json!([hash, index, ADDRESS, "0x", 10]));
    assert_eq!(range(0), json!({ "storage": null, "nextKey": null }));
    assert_eq!(range(1), slots(&[1], None));
    ask(&node, "evm_mine", json!([]));
    let empty = ask(&node, "debug_storageRangeAt", json!(["latest", 0, ADDRESS, "0x", 10]));
    assert_eq!(empty, slots(&[1, 2], None));
    let nobody = ask(&node, "debug_storageRangeAt", json!(["latest", 0, B256::ZERO.to_string().get(..42), "0x", 10]));
    assert_eq!(nobody, json!({ "storage": null, "nextKey": null }));
}

#[tokio::test]
async fn storage_is_listed_in_the_order_of_its_hashes_a_part_at_a_time() {
    let node = node().await;
    for number in 1..=5 {
        ask(&node, "anvil_setStorageAt", json!([ADDRESS, word(number), word(number)]));
    }
    ask(&node, "anvil_mine", json!([2]));
    let mut order = [1, 2, 3, 4, 5];
    order.sort_by_key(|number| keccak256(word(*number)));
    let [first, second, third, fourth, fifth] = order;
    let range =
        |start: String, most: i64| ask(&node, "debug_storageRangeAt", json!(["latest", 0, ADDRESS, start, most]));
    assert_eq!(range("0x".into(), 3), slots(&[first, second, third], Some(fourth)));
    assert_eq!(range(keccak256(word(fourth)).to_string(), 3), slots(&[fourth, fifth], None));
    let beginning = keccak256(word(second)).to_string()[..4].to_owned();
    assert_eq!(range(beginning, 1), slots(&[second], Some(third)));
    for most in [0, -1] {
        assert_eq!(range("0x".into(), most), slots(&[], Some(first)));
    }
    assert_eq!(range(format!("0x{}", "ff".repeat(33)), 3), slots(&[], None));
    ask(&node, "anvil_setStorageAt", json!([ADDRESS, word(1), word(0)]));
    ask(&node, "anvil_mine", json!([2]));
    let left = order.into_iter().filter(|number| *number != 1).collect::<Vec<_>>();
    assert_eq!(range("0x".into(), 10), slots(&left, None), "what is zero is not stored");
}

#[tokio::test]
async fn storage_is_not_listed_where_there_is_no_transaction() {
    let (node, hash) = written().await;
    let failure = |params: Value| node.request("debug_storageRangeAt", params).expect_err("a failure");
    let message = |params: Value| failure(params).message().to_owned();
    let text = hash.as_str().expect("a hash");
    assert_eq!(
        message(json!([hash, 2, ADDRESS, "0x", 1])),
        format!("transaction index 2 out of range for block {text}")
    );
    assert_eq!(message(json!(["0x0", 0, ADDRESS, "0x", 1])), "no transaction in genesis");
    assert_eq!(message(json!(["0x77", 0, ADDRESS, "0x", 1])), "block 119 not found");
    assert_eq!(message(json!([B256::ZERO, 0, ADDRESS, "0x", 1])), format!("block {} not found", B256::ZERO));
    assert!(message(json!([hash, -1, ADDRESS, "0x", 1])).starts_with("invalid argument 1"));
    assert_eq!(message(json!([hash, 0, ADDRESS, "0x"])), "missing value for required argument 4");
}
