//! The methods of Otterscan, an explorer without a database of its own: blocks and what happened in transactions. What
//! it looks for in the history is in [`otterscan_search`](super::otterscan_search).

use super::blocks::by_hash;
use super::error::{failure, internal, json};
use super::views::{block_view, receipt_view};
use super::{Backend, Method, Params, RpcResult};
use crate::chain::Block;
use crate::rpc_error::RpcError;
use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::primitives::{Address, B256, Bytes, U64, U256};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json as object};
use stylus_vm::{CallTrace, CallType, Tracing};

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("ots_getApiLevel", api_level),
    ("ots_hasCode", has_code),
    ("ots_getInternalOperations", internal_operations),
    ("ots_getTransactionError", transaction_error),
    ("ots_traceTransaction", trace_transaction),
    ("ots_getBlockDetails", block_details),
    ("ots_getBlockDetailsByHash", block_details_by_hash),
    ("ots_getBlockTransactions", block_transactions),
];

/// The version of these methods.
const API_LEVEL: u64 = 8;

/// Bytes of call data that lists of transactions show: the selector.
const SELECTOR_DIGITS: usize = 2 + 8;

/// A number as Otterscan sends it, or in hexadecimal digits as everybody else does.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Number {
    Plain(u64),
    Quantity(U64),
}

impl Number {
    pub(super) fn get(self) -> u64 {
        match self {
            Self::Plain(number) => number,
            Self::Quantity(number) => number.to(),
        }
    }
}

/// A block by number or tag.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
enum Numbered {
    Plain(u64),
    Tag(BlockNumberOrTag),
}

impl From<Numbered> for BlockId {
    fn from(block: Numbered) -> Self {
        match block {
            Numbered::Plain(number) => Self::number(number),
            Numbered::Tag(tag) => tag.into(),
        }
    }
}

fn api_level(_: &mut Backend, _: Params) -> RpcResult {
    json(API_LEVEL)
}

fn has_code(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required::<Address>()?;
    let block = params.optional::<Numbered>()?.map_or_else(BlockId::latest, BlockId::from);
    let code = backend.chain.state_at(block).map_err(failure)?.code(address);
    json(!code.map_err(|error| failure(error.into()))?.is_empty())
}

/// The calls of the transaction that the next parameter names.
fn traced(backend: &mut Backend, params: &mut Params) -> Result<Option<CallTrace>, RpcError> {
    let hash = params.required::<B256>()?;
    let tracing = Tracing { calls: true, ..Tracing::default() };
    backend.chain.trace_transaction(hash, tracing).map(|traced| traced.trace.call).map_err(failure)
}

/// What moved wei or made contracts inside a transaction, in order. What was reverted did neither.
fn internal_operations(backend: &mut Backend, mut params: Params) -> RpcResult {
    let mut operations = Vec::new();
    if let Some(call) = traced(backend, &mut params)?.filter(|call| call.error.is_none()) {
        call.calls.iter().for_each(|inner| add_operations(inner, &mut operations));
    }
    json(operations)
}

fn add_operations(call: &CallTrace, operations: &mut Vec<Value>) {
    if call.error.is_some() {
        return;
    }
    let value = call.value.unwrap_or_default();
    let kind = match call.call_type {
        CallType::Call if !value.is_zero() => Some(0),
        CallType::SelfDestruct => Some(1),
        CallType::Create => Some(2),
        CallType::Create2 => Some(3),
        _ => None,
    };
    operations.extend(kind.map(|kind| object!({ "type": kind, "from": call.from, "to": call.to, "value": value })));
    call.calls.iter().for_each(|inner| add_operations(inner, operations));
}

/// The data that a transaction reverted with; none if it succeeded, or failed without a word.
fn transaction_error(backend: &mut Backend, mut params: Params) -> RpcResult {
    let call = traced(backend, &mut params)?;
    json(call.filter(|call| call.error.is_some()).map_or_else(Bytes::new, |call| call.output))
}

/// All calls of a transaction in order, each with its depth.
fn trace_transaction(backend: &mut Backend, mut params: Params) -> RpcResult {
    let mut calls = Vec::new();
    if let Some(call) = traced(backend, &mut params)? {
        add_calls(&call, 0, &mut calls);
    }
    json(calls)
}

fn add_calls(call: &CallTrace, depth: usize, calls: &mut Vec<Value>) {
    calls.push(object!({
        "type": call.call_type.name(),
        "depth": depth,
        "from": call.from,
        "to": call.to,
        "value": call.value,
        "input": call.input,
        "output": call.output,
    }));
    call.calls.iter().for_each(|inner| add_calls(inner, depth.saturating_add(1), calls));
}

fn block_details(backend: &mut Backend, mut params: Params) -> RpcResult {
    let block = params.required::<Numbered>()?;
    let block = backend.chain.block(block.into()).map_err(failure)?.cloned();
    json(block.map(|block| details(&block)).transpose()?)
}

fn block_details_by_hash(backend: &mut Backend, mut params: Params) -> RpcResult {
    let block = by_hash(backend, &mut params)?;
    json(block.map(|block| details(&block)).transpose()?)
}

/// A block without its transactions, and the fees that were paid in it. Nothing is issued for blocks.
fn details(block: &Block) -> RpcResult {
    let mut fields = fields(block_view(block, false))?;
    fields.remove("transactions");
    fields.insert("logsBloom".into(), Value::Null);
    fields.insert("transactionCount".into(), object!(block.transactions().len()));
    let fees = U256::from(block.header().gas_used).saturating_mul(U256::from(block.env().base_fee));
    let nothing = U256::ZERO;
    Ok(object!({
        "block": fields,
        "issuance": { "blockReward": nothing, "uncleReward": nothing, "issuance": nothing },
        "totalFees": fees,
    }))
}

/// A page of a block's transactions with their receipts.
fn block_transactions(backend: &mut Backend, mut params: Params) -> RpcResult {
    let block = params.required::<Numbered>()?;
    let [page, size] = [params.required::<Number>()?, params.required::<Number>()?];
    let [page, size] = [page, size].map(|number| usize::try_from(number.get()).unwrap_or(usize::MAX));
    let Some(block) = backend.chain.block(block.into()).map_err(failure)?.cloned() else { return json(()) };
    let (first, count) = (page.saturating_mul(size), block.transactions().len());
    let mut full = fields(block_view(&block, true))?;
    full.insert("transactionCount".into(), object!(count));
    full.insert("logsBloom".into(), Value::Null);
    let mut receipts = Vec::new();
    if let Some(Value::Array(transactions)) = full.get_mut("transactions") {
        *transactions = transactions.iter().skip(first).take(size).cloned().collect();
        transactions.iter_mut().for_each(shorten);
    }
    for index in (first..count).take(size) {
        let mut receipt = fields(receipt_view(&block, index))?;
        receipt.insert("logs".into(), Value::Null);
        receipt.insert("logsBloom".into(), Value::Null);
        receipts.push(receipt);
    }
    json(object!({ "fullblock": full, "receipts": receipts }))
}

/// Leaves the selector of a transaction's call data.
fn shorten(transaction: &mut Value) {
    if let Some(Value::String(input)) = transaction.get_mut("input") {
        input.truncate(SELECTOR_DIGITS);
    }
}

/// The fields of an object.
pub(super) fn fields(view: impl Serialize) -> Result<Map<String, Value>, RpcError> {
    match json(view)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(internal("no object")),
    }
}
