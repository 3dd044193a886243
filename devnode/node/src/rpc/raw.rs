//! Blocks, receipts and transactions in their encodings.

use super::blocks::{place_by_hash, place_by_number};
use super::error::{failure, json, server_error};
use super::{Backend, Method, Params, RpcResult};
use crate::chain::Block;
use crate::rpc_error::RpcError;
use alloy::consensus::TxEnvelope;
use alloy::eips::BlockId;
use alloy::eips::eip2718::Encodable2718;
use alloy::primitives::{B256, Bytes};
use alloy::rlp::{self, Encodable};
use std::sync::Arc;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("debug_getRawBlock", block),
    ("debug_getRawHeader", header),
    ("debug_getRawReceipts", receipts),
    ("debug_getRawTransaction", transaction),
    ("eth_getRawTransactionByBlockNumberAndIndex", by_number_and_index),
    ("eth_getRawTransactionByBlockHashAndIndex", by_hash_and_index),
];

fn header(backend: &mut Backend, mut params: Params) -> RpcResult {
    json(Bytes::from(rlp::encode(named(backend, &mut params)?.header().inner())))
}

/// The header, the transactions, and an empty list of uncles.
fn block(backend: &mut Backend, mut params: Params) -> RpcResult {
    let block = named(backend, &mut params)?;
    let envelopes: Vec<&TxEnvelope> = block.transactions().iter().map(|one| one.transaction.envelope()).collect();
    let header = block.header();
    let fields: [&dyn Encodable; 3] = [header.inner(), &envelopes, &Vec::<Bytes>::new()];
    let mut encoded = Vec::new();
    rlp::encode_list::<_, dyn Encodable>(&fields, &mut encoded);
    json(Bytes::from(encoded))
}

fn receipts(backend: &mut Backend, mut params: Params) -> RpcResult {
    let block = named(backend, &mut params)?;
    json(block.transactions().iter().map(|one| Bytes::from(one.receipt_envelope().encoded_2718())).collect::<Vec<_>>())
}

fn transaction(backend: &mut Backend, mut params: Params) -> RpcResult {
    let hash = params.required::<B256>()?;
    let found = backend.chain.ledger().transaction(hash);
    json(found.and_then(|(block, index)| raw(block, index)).unwrap_or_default())
}

/// Nothing where there is no such transaction.
fn by_number_and_index(backend: &mut Backend, params: Params) -> RpcResult {
    json(place_by_number(backend, params)?.and_then(|(block, index)| raw(&block, index)).unwrap_or_default())
}

fn by_hash_and_index(backend: &mut Backend, params: Params) -> RpcResult {
    json(place_by_hash(backend, params)?.and_then(|(block, index)| raw(&block, index)).unwrap_or_default())
}

fn raw(block: &Block, index: usize) -> Option<Bytes> {
    block.transactions().get(index).map(|one| one.transaction.envelope().encoded_2718().into())
}

/// The block that the next parameter names.
fn named(backend: &Backend, params: &mut Params) -> Result<Arc<Block>, RpcError> {
    let id = params.required::<BlockId>()?;
    let block = backend.chain.block(id).map_err(failure)?.cloned();
    block.ok_or_else(|| match id {
        BlockId::Number(number) => server_error(format!("block #{number} not found")),
        BlockId::Hash(hash) => server_error(format!("block {} not found", hash.block_hash)),
    })
}
