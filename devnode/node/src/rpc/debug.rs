//! Traces: `debug_traceTransaction`, `debug_traceCall`, `debug_traceBlockByNumber` and `debug_traceBlockByHash`, with
//! go-ethereum's tracers and Nitro's `stylusTracer`.

use super::call_traces::{FlatConfig, calls, flat_calls};
use super::error::{failure, invalid_params, json, refused};
use super::prestate::{PrestateConfig, prestate};
use super::traces::{four_bytes, host_ios, steps};
use super::{Backend, Method, Params, RpcResult};
use crate::chain::{CallRequest, Traced};
use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::primitives::B256;
use alloy::rpc::types::TransactionRequest;
use alloy::rpc::types::trace::geth::{
    GethDebugBuiltInTracerType as BuiltIn, GethDebugTracerType, GethDebugTracingCallOptions, GethDebugTracingOptions,
};
use jsonrpsee_types::ErrorObjectOwned;
use serde_json::{Value, json as object};
use stylus_vm::Tracing;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("debug_traceTransaction", trace_transaction),
    ("debug_traceCall", trace_call),
    ("debug_traceBlockByNumber", trace_block_by_number),
    ("debug_traceBlockByHash", trace_block_by_hash),
];

/// The tracers of this node.
enum Tracer {
    Steps,
    Calls,
    FlatCalls,
    Prestate,
    FourBytes,
    Nothing,
    HostIos,
}

impl Tracer {
    /// The tracer that the options name.
    fn of(options: &GethDebugTracingOptions) -> Result<Self, ErrorObjectOwned> {
        Ok(match &options.tracer {
            None => Self::Steps,
            Some(GethDebugTracerType::BuiltInTracer(BuiltIn::CallTracer)) => Self::Calls,
            Some(GethDebugTracerType::BuiltInTracer(BuiltIn::FlatCallTracer)) => Self::FlatCalls,
            Some(GethDebugTracerType::BuiltInTracer(BuiltIn::PreStateTracer)) => Self::Prestate,
            Some(GethDebugTracerType::BuiltInTracer(BuiltIn::FourByteTracer)) => Self::FourBytes,
            Some(GethDebugTracerType::BuiltInTracer(BuiltIn::NoopTracer)) => Self::Nothing,
            Some(GethDebugTracerType::JsTracer(name)) if name == "stylusTracer" => Self::HostIos,
            // `cargo stylus` sends a program in JavaScript with a hook for host I/Os to nodes that may not know
            // `stylusTracer`. That program would give the same answer.
            Some(GethDebugTracerType::JsTracer(code)) if code.contains("hostio") => Self::HostIos,
            Some(GethDebugTracerType::JsTracer(code)) if code.trim_start().starts_with('{') => {
                return Err(refused("tracers in JavaScript are not supported"));
            }
            Some(other) => return Err(refused(format!("tracer not found: {}", other.as_str()))),
        })
    }

    fn tracing(&self, options: &GethDebugTracingOptions) -> Tracing {
        let config = &options.config;
        Tracing {
            calls: matches!(self, Self::Calls | Self::FlatCalls | Self::FourBytes),
            steps: matches!(self, Self::Steps),
            memory: config.enable_memory.unwrap_or(false) && !config.disable_memory.unwrap_or(false),
            returned: config.enable_return_data.unwrap_or(false),
            host_ios: matches!(self, Self::HostIos),
            looks: matches!(self, Self::Prestate),
        }
    }

    /// The answer of the tracer.
    fn answer(&self, traced: &Traced, options: &GethDebugTracingOptions) -> RpcResult {
        let config = options.tracer_config.clone();
        let bad = |error: serde_json::Error| invalid_params(&format!("tracerConfig: {error}"));
        match self {
            Self::Steps => json(steps(traced, &options.config)),
            Self::Calls => Ok(calls(traced, &config.into_call_config().map_err(bad)?)),
            Self::FlatCalls => {
                let config = serde_json::from_value::<Option<FlatConfig>>(config.into_json()).map_err(bad)?;
                Ok(flat_calls(traced, &config.unwrap_or_default()))
            }
            Self::Prestate => {
                let config = serde_json::from_value::<Option<PrestateConfig>>(config.into_json()).map_err(bad)?;
                let config = config.unwrap_or_default();
                if config.is_contradictory() {
                    return Err(refused("cannot use diffMode with includeEmpty"));
                }
                prestate(traced, &config).map_err(|error| failure(error.into()))
            }
            Self::FourBytes => json(four_bytes(traced)),
            Self::Nothing => Ok(object!({})),
            Self::HostIos => json(host_ios(&traced.trace.host_ios)),
        }
    }
}

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
    let answers: Result<Vec<Value>, ErrorObjectOwned> = traced
        .iter()
        .map(|(hash, traced)| Ok(object!({ "txHash": hash, "result": tracer.answer(traced, &options)? })))
        .collect();
    json(answers?)
}
