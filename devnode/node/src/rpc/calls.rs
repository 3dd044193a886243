//! Executing without mining.

use super::error::{failure, json};
use super::{Backend, Method, Params, RpcResult};
use crate::chain::CallRequest;
use crate::rpc_error::RpcError;
use alloy::primitives::U64;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] =
    &[("eth_call", call), ("eth_estimateGas", estimate_gas), ("eth_createAccessList", create_access_list)];

fn call(backend: &mut Backend, params: Params) -> RpcResult {
    json(backend.chain.call(request(params)?).map_err(failure)?)
}

fn estimate_gas(backend: &mut Backend, params: Params) -> RpcResult {
    json(U64::from(backend.chain.estimate_gas(request(params)?).map_err(failure)?))
}

fn create_access_list(backend: &mut Backend, params: Params) -> RpcResult {
    json(backend.chain.access_list(request(params)?).map_err(failure)?)
}

/// Transaction, block, state overrides, block overrides; all but the first may be left out.
fn request(mut params: Params) -> Result<CallRequest, RpcError> {
    Ok(CallRequest {
        transaction: params.required()?,
        block: params.optional()?.unwrap_or_default(),
        state_overrides: params.optional()?.unwrap_or_default(),
        block_overrides: params.optional()?.unwrap_or_default(),
    })
}
