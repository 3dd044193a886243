//! Traces: `debug_traceTransaction`, `debug_traceCall`, `debug_traceBlockByNumber` and `debug_traceBlockByHash`, with
//! go-ethereum's tracers and Nitro's `stylusTracer`.

use super::call_traces::parity_calls;
use super::error::{failure, json, server_error};
use super::tracer::Tracer;
use super::{Backend, Method, Params, RpcResult};
use crate::chain::CallRequest;
use crate::rpc_error::RpcError;
use alloy::consensus::Header;
use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::primitives::{B256, Bytes};
use alloy::rlp::{self, Decodable};
use alloy::rpc::types::TransactionRequest;
use alloy::rpc::types::trace::geth::{GethDebugTracingCallOptions, GethDebugTracingOptions};
use serde_json::{Value, json as object};
use stylus_vm::Tracing;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("debug_traceTransaction", trace_transaction),
    ("debug_traceCall", trace_call),
    ("debug_traceBlockByNumber", trace_block_by_number),
    ("debug_traceBlockByHash", trace_block_by_hash),
    ("debug_traceBlock", trace_encoded_block),
    ("trace_block", trace_flat_block),
    ("trace_transaction", trace_flat_transaction),
];

fn trace_transaction(backend: &mut Backend, mut params: Params) -> RpcResult {
    let hash = params.required::<B256>()?;
    let options = params.optional::<GethDebugTracingOptions>()?.unwrap_or_default();
    let tracer = Tracer::of(&options)?;
    let traced = backend.chain.trace_transaction(hash, tracer.tracing(&options)).map_err(failure)?;
    tracer.answer(&traced, &options)
}

fn trace_call(backend: &mut Backend, mut params: Params) -> RpcResult {
    let transaction = params.required::<TransactionRequest>()?;
    let block = params.optional::<BlockId>()?.unwrap_or_default();
    let options = params.optional::<GethDebugTracingCallOptions>()?.unwrap_or_default();
    let tracer = Tracer::of(&options.tracing_options)?;
    let request = CallRequest {
        transaction,
        block,
        state_overrides: options.state_overrides.unwrap_or_default(),
        block_overrides: options.block_overrides.unwrap_or_default(),
    };
    let tracing = tracer.tracing(&options.tracing_options);
    let traced = backend.chain.trace_call(request, tracing).map_err(failure)?;
    tracer.answer(&traced, &options.tracing_options)
}

fn trace_block_by_number(backend: &mut Backend, mut params: Params) -> RpcResult {
    let number = params.required::<BlockNumberOrTag>()?;
    trace_block(backend, number.into(), params)
}

fn trace_block_by_hash(backend: &mut Backend, mut params: Params) -> RpcResult {
    let hash = params.required::<B256>()?;
    trace_block(backend, hash.into(), params)
}

fn trace_block(backend: &mut Backend, block: BlockId, mut params: Params) -> RpcResult {
    let options = params.optional::<GethDebugTracingOptions>()?.unwrap_or_default();
    let tracer = Tracer::of(&options)?;
    let traced = backend.chain.trace_block(block, tracer.tracing(&options)).map_err(failure)?;
    let answers: Result<Vec<Value>, RpcError> = traced
        .iter()
        .map(|(hash, traced)| Ok(object!({ "txHash": hash, "result": tracer.answer(traced, &options)? })))
        .collect();
    json(answers?)
}

/// Takes a block as `debug_getRawBlock` encodes it. It must be one of this chain.
fn trace_encoded_block(backend: &mut Backend, mut params: Params) -> RpcResult {
    let encoded = params.required::<Bytes>()?;
    let undecodable = |error: rlp::Error| server_error(format!("could not decode block: {error}"));
    let mut fields = encoded.as_ref();
    let list = rlp::Header::decode(&mut fields).map_err(undecodable)?;
    if !list.list {
        return Err(undecodable(rlp::Error::UnexpectedString));
    }
    let header = Header::decode(&mut fields).map_err(undecodable)?;
    trace_block(backend, header.hash_slow().into(), params)
}

/// The calls of all transactions of a block, flat, as OpenEthereum's clients ask for them; null if there is none.
fn trace_flat_block(backend: &mut Backend, mut params: Params) -> RpcResult {
    let block = params.required::<BlockId>()?;
    match backend.chain.block(block).map_err(failure)?.map(|block| block.number()) {
        None => json(()),
        // Nothing happens in the first block.
        Some(0) => json([(); 0]),
        Some(_) => {
            let tracing = Tracing { calls: true, ..Tracing::default() };
            let traced = backend.chain.trace_block(block, tracing).map_err(failure)?;
            Ok(Value::Array(traced.iter().flat_map(|(_, traced)| parity_calls(traced)).collect()))
        }
    }
}

/// The same of one transaction.
fn trace_flat_transaction(backend: &mut Backend, mut params: Params) -> RpcResult {
    let hash = params.required::<B256>()?;
    if backend.chain.ledger().transaction(hash).is_none() {
        return json(());
    }
    let tracing = Tracing { calls: true, ..Tracing::default() };
    let traced = backend.chain.trace_transaction(hash, tracing).map_err(failure)?;
    Ok(Value::Array(parity_calls(&traced)))
}
