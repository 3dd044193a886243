//! Every question has Nitro's answer: result or error, to the letter.

use crate::difference::{Differences, Exception};
use crate::replay::{name, rows};
use crate::transactions::PLAYED;
use alloy::consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy::eips::eip2718::Encodable2718;
use alloy::primitives::{Address, Bytes, TxKind};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use serde_json::{Value, json};
use stylus_devnode::{DEV_ACCOUNTS, Devnode};

/// What Nitro and `node` say to a row's question.
pub(crate) fn ask(node: &Devnode, row: &Value) -> (Value, Value) {
    let method = row["method"].as_str().expect("a method");
    let ours = match node.request(method, row["params"].clone()) {
        Ok(result) => json!({ "result": result }),
        Err(error) => json!({ "error": error }),
    };
    let field = if row.get("error").is_some() { "error" } else { "result" };
    (json!({ field: row[field] }), ours)
}

/// One question was kept back from the recording: a transaction that Nitro took, a second after the block before. This
/// one is in its place.
fn take_the_missing_transaction(node: &Devnode) {
    let signer = PrivateKeySigner::from_bytes(&DEV_ACCOUNTS[0].key).expect("a valid key");
    let transaction = TxEip1559 {
        chain_id: 412_346,
        nonce: 0x483,
        gas_limit: 21_000,
        max_fee_per_gas: 200_000_000,
        to: TxKind::Call(Address::with_last_byte(0xd)),
        ..TxEip1559::default()
    };
    let signature = signer.sign_hash_sync(&transaction.signature_hash()).expect("a signature");
    let raw: Bytes = TxEnvelope::from(transaction.into_signed(signature)).encoded_2718().into();
    node.request("evm_increaseTime", json!([1])).expect("an answer");
    node.request("eth_sendRawTransaction", json!([raw])).expect("a mined transaction");
}

#[test]
fn answers_are_those_of_nitro() {
    let rows = rows(include_bytes!("recorded/answers.json.br"));
    let mut differences = Differences::default();
    for row in &rows {
        let (nitro, ours) = ask(&PLAYED.node, row);
        differences.compare(name(row), &nitro, &ours);
        if name(row) == "send: nonce 2 ahead" {
            take_the_missing_transaction(&PLAYED.node);
        }
    }
    differences.expect(rows.len(), EXCEPTIONS);
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        rows: &[
            "block genesis",
            "block latest",
            "block pending",
            "eth_getHeaderByNumber [\"0x1\"]",
            "logs: all",
            "eth_getBlockTransactionCountByNumber [\"0x5\"]",
            "eth_simulateV1 [{\"blockStateCalls\":[{\"calls\":[{\"from\":\"0x3f1Eae7D46d88F08fc",
        ],
        reason: "blocks do not begin with Nitro's internal transaction, and the state root is no root of a trie, so \
                 that hashes, roots, sizes and places of transactions differ; the first block has a time",
    },
    Exception { rows: &["rpc_modules"], reason: "the development methods are there, and `arb` and `arbdebug` are not" },
];
