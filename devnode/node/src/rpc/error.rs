//! Errors as clients see them.

use super::reasons::reason;
use crate::chain::{ChainError, ForkError};
use crate::rpc_error::{INTERNAL_ERROR_CODE, INVALID_PARAMS_CODE, METHOD_NOT_FOUND_CODE, RpcError};
use alloy::primitives::Bytes;
use serde::Serialize;

/// The code of everything that has no code of its own (go-ethereum).
const SERVER_ERROR_CODE: i32 = -32_000;

/// The code of a method that the node knows and cannot offer (EIP-1474).
const UNSUPPORTED_CODE: i32 = -32_004;

/// The code of a call that reverted (go-ethereum).
const REVERT_CODE: i32 = 3;

/// The parameters are not what the method takes.
pub(crate) fn invalid_params(message: &str) -> RpcError {
    RpcError::new(INVALID_PARAMS_CODE, message)
}

/// The request is understood and cannot be answered.
pub(super) fn server_error(message: impl Into<String>) -> RpcError {
    RpcError::new(SERVER_ERROR_CODE, message)
}

/// The method exists, but not here.
pub(super) fn unsupported(reason: &str) -> RpcError {
    RpcError::new(UNSUPPORTED_CODE, reason)
}

/// The node is at fault.
pub(crate) fn internal(message: impl Into<String>) -> RpcError {
    RpcError::new(INTERNAL_ERROR_CODE, message)
}

/// There is no such method.
pub(crate) fn unknown_method(method: &str) -> RpcError {
    let message = match method {
        // They need a connection.
        "eth_subscribe" | "eth_unsubscribe" => "notifications not supported".into(),
        method => format!("the method {method} does not exist/is not available"),
    };
    RpcError::new(METHOD_NOT_FOUND_CODE, message)
}

/// The JSON of an answer.
pub(super) fn json(answer: impl Serialize) -> super::RpcResult {
    serde_json::to_value(answer).map_err(|error| internal(error.to_string()))
}

/// The chain refused.
pub(crate) fn failure(error: ChainError) -> RpcError {
    let message = error.to_string();
    match error {
        ChainError::Reverted(data) => reverted(&data),
        ChainError::Internal(_) => internal(message),
        _ => server_error(message),
    }
}

/// The forked chain was not to be had.
pub(super) fn forked(error: ForkError) -> RpcError {
    failure(error.into())
}

/// A call reverted: the data, and its meaning if that is known.
pub(super) fn reverted(data: &Bytes) -> RpcError {
    let message = match reason(data) {
        Some(reason) => format!("execution reverted: {reason}"),
        None => "execution reverted".into(),
    };
    RpcError::new(REVERT_CODE, message).with_data(data.to_string())
}
