//! Transactions and their receipts.

use super::blocks::{place_by_hash, place_by_number};
use super::error::{failure, internal, json};
use super::views::{receipt_view, transaction_view, waiting_view};
use super::{Backend, Method, Params, RpcResult};
use crate::chain::SignedTransaction;
use crate::rpc_error::RpcError;
use alloy::consensus::Transaction as _;
use alloy::eips::eip2718::Encodable2718;
use alloy::primitives::{Address, B256, Bytes, U64};
use alloy::rpc::types::TransactionRequest;
use serde_json::json as object;

/// The code of a transaction that was taken and not mined (EIP-7966).
const UNPROCESSED_CODE: i32 = 4;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("eth_sendRawTransaction", send_raw),
    ("eth_sendRawTransactionSync", send_raw_and_wait),
    ("eth_fillTransaction", fill),
    ("eth_getTransactionByHash", get_by_hash),
    ("eth_getRawTransactionByHash", raw_by_hash),
    ("eth_getTransactionBySenderAndNonce", by_sender_and_nonce),
    ("eth_getTransactionReceipt", receipt),
    ("eth_getTransactionByBlockNumberAndIndex", by_block_number_and_index),
    ("eth_getTransactionByBlockHashAndIndex", by_block_hash_and_index),
];

/// Answers with the hash once the transaction is mined, or set aside because its nonce is too high or the chain does
/// not mine at once.
fn send_raw(backend: &mut Backend, mut params: Params) -> RpcResult {
    let raw = params.required::<Bytes>()?;
    json(backend.chain.submit(&raw).map_err(failure)?)
}

/// Answers with the receipt. A transaction that waits for its turn or for a block has none yet (EIP-7966): nobody is
/// kept waiting, since nothing else would happen meanwhile.
fn send_raw_and_wait(backend: &mut Backend, mut params: Params) -> RpcResult {
    let raw = params.required::<Bytes>()?;
    let hash = backend.chain.submit(&raw).map_err(failure)?;
    let mined = backend.chain.ledger().transaction(hash).and_then(|(block, index)| receipt_view(block, index));
    let mined = mined.ok_or_else(|| {
        let message = "The transaction was added to the transaction pool but wasn't processed in time.";
        RpcError::new(UNPROCESSED_CODE, message).with_data(hash.to_string())
    });
    json(mined?)
}

/// Completes a transaction as `eth_sendTransaction` does, for the client to sign.
fn fill(backend: &mut Backend, mut params: Params) -> RpcResult {
    let request = params.required::<TransactionRequest>()?;
    let (raw, transaction) = backend.chain.fill(request).map_err(failure)?;
    let mut view = serde_json::to_value(&transaction).map_err(|error| internal(error.to_string()))?;
    // It is in no block, and nobody signed it.
    if let Some(fields) = view.as_object_mut() {
        fields.retain(|field, _| !["blockHash", "blockNumber", "transactionIndex", "from"].contains(&field.as_str()));
        if fields.contains_key("maxFeePerGas") {
            fields.insert("gasPrice".into(), json(U64::ZERO)?);
        }
        let is_typed = fields.contains_key("accessList");
        for field in ["v", "r", "s"].into_iter().chain(is_typed.then_some("yParity")) {
            fields.insert(field.into(), json(U64::ZERO)?);
        }
    }
    json(object!({ "raw": raw, "tx": view }))
}

fn get_by_hash(backend: &mut Backend, mut params: Params) -> RpcResult {
    let hash = params.required::<B256>()?;
    let mined = backend.chain.ledger().transaction(hash);
    let mined = mined.and_then(|(block, index)| transaction_view(block, index));
    json(mined.or_else(|| backend.chain.queue().get(hash).map(waiting_view)))
}

/// The EIP-2718 encoding.
fn raw_by_hash(backend: &mut Backend, mut params: Params) -> RpcResult {
    let hash = params.required::<B256>()?;
    let mined = backend.chain.ledger().transaction(hash);
    let mined = mined.and_then(|(block, index)| block.transactions().get(index)).map(|included| &included.transaction);
    let known = mined.or_else(|| backend.chain.queue().get(hash));
    json(known.map(|transaction| Bytes::from(transaction.envelope().encoded_2718())))
}

/// Mined or waiting.
fn by_sender_and_nonce(backend: &mut Backend, mut params: Params) -> RpcResult {
    let sender = params.required::<Address>()?;
    let nonce = params.required::<U64>()?.to::<u64>();
    let is_it =
        |transaction: &SignedTransaction| transaction.signer() == sender && transaction.envelope().nonce() == nonce;
    let mined = backend.chain.ledger().blocks().find_map(|block| {
        let index = block.transactions().iter().position(|included| is_it(&included.transaction))?;
        transaction_view(block, index)
    });
    let waiting = || backend.chain.queue().transactions().find(|transaction| is_it(transaction)).map(waiting_view);
    json(mined.or_else(waiting))
}

fn receipt(backend: &mut Backend, mut params: Params) -> RpcResult {
    let hash = params.required::<B256>()?;
    json(backend.chain.ledger().transaction(hash).and_then(|(block, index)| receipt_view(block, index)))
}

fn by_block_number_and_index(backend: &mut Backend, params: Params) -> RpcResult {
    json(place_by_number(backend, params)?.and_then(|(block, index)| transaction_view(&block, index)))
}

fn by_block_hash_and_index(backend: &mut Backend, params: Params) -> RpcResult {
    json(place_by_hash(backend, params)?.and_then(|(block, index)| transaction_view(&block, index)))
}
