//! What clients get from a node without methods of development, in place of what it has beyond Nitro.

use super::RpcResult;
use super::arity::{is_foreign, is_of_development};
use super::error::{failure, unknown_method};
use crate::chain::ChainError;
use alloy::primitives::Address;
use serde_json::Value;

/// The answer of such a node that does not come from the chain: those methods are unknown, and there is nobody to sign
/// for.
pub(super) fn instead_of(method: &str) -> Option<RpcResult> {
    match method {
        "eth_accounts" => Some(Ok(Value::Array(Vec::new()))),
        "eth_sendTransaction" | "eth_signTransaction" | "eth_sign" => {
            Some(Err(failure(ChainError::UnknownAccount(Address::ZERO))))
        }
        _ if is_of_development(method) || is_foreign(method) => Some(Err(unknown_method(method))),
        _ => None,
    }
}
