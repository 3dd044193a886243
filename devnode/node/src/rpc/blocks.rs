//! Blocks.

use super::error::{failure, json};
use super::views::{block_view, header_view, receipt_view};
use super::{Backend, Method, Params, RpcResult};
use crate::chain::Block;
use crate::rpc_error::RpcError;
use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::primitives::{B256, U64};
use serde_json::Value;
use std::sync::Arc;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("eth_blockNumber", block_number),
    ("eth_getBlockByNumber", block_by_number),
    ("eth_getBlockByHash", block_by_hash),
    ("eth_getHeaderByNumber", header_by_number),
    ("eth_getHeaderByHash", header_by_hash),
    ("eth_getBlockReceipts", block_receipts),
    ("eth_getBlockTransactionCountByNumber", transaction_count_by_number),
    ("eth_getBlockTransactionCountByHash", transaction_count_by_hash),
    ("eth_getUncleCountByBlockNumber", uncle_count_by_number),
    ("eth_getUncleCountByBlockHash", uncle_count_by_hash),
    ("eth_getUncleByBlockNumberAndIndex", uncle_by_number),
    ("eth_getUncleByBlockHashAndIndex", uncle_by_hash),
];

/// A block and the place of a transaction in it, if there is such a block; whether there is such a transaction is
/// another question.
type Place = Option<(Arc<Block>, usize)>;

/// The block that the next parameter names by number or tag. The caller answers null if there is none.
pub(super) fn by_number(backend: &Backend, params: &mut Params) -> Result<Option<Arc<Block>>, RpcError> {
    let number = params.required::<BlockNumberOrTag>()?;
    Ok(backend.chain.block(number.into()).map_err(failure)?.cloned())
}

/// The block that the next parameter names by hash.
pub(super) fn by_hash(backend: &Backend, params: &mut Params) -> Result<Option<Arc<Block>>, RpcError> {
    let hash = params.required::<B256>()?;
    Ok(backend.chain.ledger().block_by_hash(hash).cloned())
}

/// The block that the next parameter names by number, and the place in it that the one after names.
pub(super) fn place_by_number(backend: &mut Backend, mut params: Params) -> Result<Place, RpcError> {
    let block = by_number(backend, &mut params)?;
    place(block, params)
}

/// The block that the next parameter names by hash, and the place in it that the one after names.
pub(super) fn place_by_hash(backend: &mut Backend, mut params: Params) -> Result<Place, RpcError> {
    let block = by_hash(backend, &mut params)?;
    place(block, params)
}

fn place(block: Option<Arc<Block>>, mut params: Params) -> Result<Place, RpcError> {
    let index = usize::try_from(params.required::<U64>()?.to::<u64>()).unwrap_or(usize::MAX);
    Ok(block.map(|block| (block, index)))
}

fn block_number(backend: &mut Backend, _: Params) -> RpcResult {
    json(U64::from(backend.chain.head().number()))
}

/// A block that is called pending is the latest one: but who made it, and what it will be called, is left open.
fn block_by_number(backend: &mut Backend, mut params: Params) -> RpcResult {
    let number = params.required::<BlockNumberOrTag>()?;
    let block = backend.chain.block(number.into()).map_err(failure)?.cloned();
    answer(block, params).map(|view| open(number, view))
}

fn header_by_number(backend: &mut Backend, mut params: Params) -> RpcResult {
    let number = params.required::<BlockNumberOrTag>()?;
    let block = backend.chain.block(number.into()).map_err(failure)?.cloned();
    header(block).map(|view| open(number, view))
}

fn header_by_hash(backend: &mut Backend, mut params: Params) -> RpcResult {
    let block = by_hash(backend, &mut params)?;
    header(block)
}

fn header(block: Option<Arc<Block>>) -> RpcResult {
    json(block.map(|block| header_view(&block)))
}

fn open(number: BlockNumberOrTag, mut view: Value) -> Value {
    if let (BlockNumberOrTag::Pending, Some(fields)) = (number, view.as_object_mut()) {
        for field in ["hash", "nonce", "miner"] {
            fields.insert(field.into(), Value::Null);
        }
    }
    view
}

fn block_by_hash(backend: &mut Backend, mut params: Params) -> RpcResult {
    let block = by_hash(backend, &mut params)?;
    answer(block, params)
}

fn answer(block: Option<Arc<Block>>, mut params: Params) -> RpcResult {
    let full = params.optional()?.unwrap_or(false);
    json(block.map(|block| block_view(&block, full)))
}

fn block_receipts(backend: &mut Backend, mut params: Params) -> RpcResult {
    let id = params.required::<BlockId>()?;
    let receipts = backend.chain.block(id).map_err(failure)?.map(|block| {
        let indices = 0..block.transactions().len();
        indices.filter_map(|index| receipt_view(block, index)).collect::<Vec<_>>()
    });
    json(receipts)
}

fn transaction_count_by_number(backend: &mut Backend, mut params: Params) -> RpcResult {
    let block = by_number(backend, &mut params)?;
    json(block.map(|block| U64::from(block.transactions().len())))
}

fn transaction_count_by_hash(backend: &mut Backend, mut params: Params) -> RpcResult {
    let block = by_hash(backend, &mut params)?;
    json(block.map(|block| U64::from(block.transactions().len())))
}

/// There are no uncles on Arbitrum.
fn uncle_count_by_number(backend: &mut Backend, mut params: Params) -> RpcResult {
    json(by_number(backend, &mut params)?.map(|_| U64::ZERO))
}

fn uncle_count_by_hash(backend: &mut Backend, mut params: Params) -> RpcResult {
    json(by_hash(backend, &mut params)?.map(|_| U64::ZERO))
}

fn uncle_by_number(backend: &mut Backend, mut params: Params) -> RpcResult {
    by_number(backend, &mut params)?;
    params.required::<U64>()?;
    json(())
}

fn uncle_by_hash(backend: &mut Backend, mut params: Params) -> RpcResult {
    by_hash(backend, &mut params)?;
    params.required::<U64>()?;
    json(())
}
