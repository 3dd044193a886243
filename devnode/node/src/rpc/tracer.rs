//! Which tracers there are, what they need, and what they answer.

use super::RpcResult;
use super::call_traces::{FlatConfig, calls, flat_calls};
use super::error::{failure, invalid_params, json, server_error};
use super::prestate::{PrestateConfig, prestate};
use super::traces::{four_bytes, host_ios, preimages, steps};
use super::validation::{ValidationConfig, validation};
use crate::chain::Traced;
use crate::rpc_error::RpcError;
use alloy::rpc::types::trace::geth::{
    GethDebugBuiltInTracerType as BuiltIn, GethDebugTracerConfig, GethDebugTracerType, GethDebugTracingOptions,
};
use serde_json::{Value, json as object};
use std::collections::BTreeMap;
use stylus_vm::Tracing;

/// The tracers of this node.
pub(super) enum Tracer {
    Steps,
    Calls,
    FlatCalls,
    Prestate,
    FourBytes,
    Nothing,
    HostIos,
    Preimages,
    Validation,
    /// Several of them, by the names they have in the request, with their options.
    Several(Vec<(String, Self, GethDebugTracingOptions)>),
}

impl Tracer {
    /// The tracer that the options name.
    pub(super) fn of(options: &GethDebugTracingOptions) -> Result<Self, RpcError> {
        Ok(match &options.tracer {
            None => Self::Steps,
            Some(GethDebugTracerType::BuiltInTracer(BuiltIn::CallTracer)) => Self::Calls,
            Some(GethDebugTracerType::BuiltInTracer(BuiltIn::FlatCallTracer)) => Self::FlatCalls,
            Some(GethDebugTracerType::BuiltInTracer(BuiltIn::PreStateTracer)) => Self::Prestate,
            Some(GethDebugTracerType::BuiltInTracer(BuiltIn::FourByteTracer)) => Self::FourBytes,
            Some(GethDebugTracerType::BuiltInTracer(BuiltIn::NoopTracer)) => Self::Nothing,
            Some(GethDebugTracerType::BuiltInTracer(BuiltIn::MuxTracer)) => Self::several(options)?,
            Some(GethDebugTracerType::JsTracer(name)) if name == "stylusTracer" => Self::HostIos,
            Some(GethDebugTracerType::JsTracer(name)) if name == "keccak256PreimageTracer" => Self::Preimages,
            Some(GethDebugTracerType::BuiltInTracer(BuiltIn::Erc7562Tracer)) => Self::Validation,
            // `cargo stylus` sends a program in JavaScript with a hook for host I/Os to nodes that may not know
            // `stylusTracer`. That program would give the same answer.
            Some(GethDebugTracerType::JsTracer(code)) if code.contains("hostio") => Self::HostIos,
            Some(GethDebugTracerType::JsTracer(code)) if code.trim_start().starts_with('{') => {
                return Err(server_error("tracers in JavaScript are not supported"));
            }
            Some(other) => return Err(server_error(format!("tracer not found: {}", other.as_str()))),
        })
    }

    /// The tracers that the options of `muxTracer` name, each with options of its own.
    fn several(options: &GethDebugTracingOptions) -> Result<Self, RpcError> {
        let named: BTreeMap<String, Value> =
            serde_json::from_value(options.tracer_config.clone().into_json()).map_err(bad)?;
        let tracers = named.into_iter().map(|(name, config)| {
            let tracer = serde_json::from_value(Value::String(name.clone())).map_err(bad)?;
            let options = GethDebugTracingOptions {
                tracer: Some(tracer),
                tracer_config: GethDebugTracerConfig(config),
                ..GethDebugTracingOptions::default()
            };
            Ok((name, Self::of(&options)?, options))
        });
        tracers.collect::<Result<_, _>>().map(Self::Several)
    }

    pub(super) fn tracing(&self, options: &GethDebugTracingOptions) -> Tracing {
        if let Self::Several(tracers) = self {
            return tracers.iter().fold(Tracing::default(), |all, (_, tracer, options)| {
                let one = tracer.tracing(options);
                Tracing {
                    calls: all.calls || one.calls,
                    steps: all.steps || one.steps,
                    memory: all.memory || one.memory,
                    returned: all.returned || one.returned,
                    host_ios: all.host_ios || one.host_ios,
                    looks: all.looks || one.looks,
                }
            });
        }
        let config = &options.config;
        Tracing {
            calls: matches!(self, Self::Calls | Self::FlatCalls | Self::FourBytes | Self::Validation),
            steps: matches!(self, Self::Steps | Self::Preimages | Self::Validation),
            memory: matches!(self, Self::Preimages | Self::Validation)
                || config.enable_memory.unwrap_or(false) && !config.disable_memory.unwrap_or(false),
            returned: config.enable_return_data.unwrap_or(false),
            host_ios: matches!(self, Self::HostIos),
            looks: matches!(self, Self::Prestate),
        }
    }

    /// The answer of the tracer.
    pub(super) fn answer(&self, traced: &Traced, options: &GethDebugTracingOptions) -> RpcResult {
        let config = options.tracer_config.clone();
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
                    return Err(server_error("cannot use diffMode with includeEmpty"));
                }
                prestate(traced, &config).map_err(|error| failure(error.into()))
            }
            Self::FourBytes => json(four_bytes(traced)),
            Self::Nothing => Ok(object!({})),
            Self::HostIos => json(host_ios(&traced.trace.host_ios)),
            Self::Preimages => json(preimages(&traced.trace.steps)),
            Self::Validation => {
                let config = serde_json::from_value::<Option<ValidationConfig>>(config.into_json()).map_err(bad)?;
                validation(traced, &config.unwrap_or_default()).map_err(|error| failure(error.into()))
            }
            Self::Several(tracers) => {
                let answers = tracers
                    .iter()
                    .map(|(name, tracer, options)| Ok::<_, RpcError>((name.clone(), tracer.answer(traced, options)?)));
                Ok(Value::Object(answers.collect::<Result<_, _>>()?))
            }
        }
    }
}

fn bad(error: serde_json::Error) -> RpcError {
    invalid_params(&format!("tracerConfig: {error}"))
}
