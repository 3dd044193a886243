//! Transactions and their receipts.

use super::blocks::{by_hash, by_number};
use super::error::{failure, json};
use super::views::{receipt_view, transaction_view, waiting_view};
use super::{Backend, Method, Params, RpcResult};
use crate::chain::{Block, SignedTransaction};
use alloy::consensus::Transaction as _;
use alloy::eips::eip2718::Encodable2718;
use alloy::primitives::{Address, B256, Bytes, U64};
use std::sync::Arc;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("eth_sendRawTransaction", send_raw),
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

fn by_block_number_and_index(backend: &mut Backend, mut params: Params) -> RpcResult {
    let block = by_number(backend, &mut params)?;
    answer(block, params)
}

fn by_block_hash_and_index(backend: &mut Backend, mut params: Params) -> RpcResult {
    let block = by_hash(backend, &mut params)?;
    answer(block, params)
}

fn answer(block: Option<Arc<Block>>, mut params: Params) -> RpcResult {
    let index = usize::try_from(params.required::<U64>()?.to::<u64>()).unwrap_or(usize::MAX);
    json(block.and_then(|block| transaction_view(&block, index)))
}
