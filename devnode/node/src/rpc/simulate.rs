//! `eth_simulateV1`.

use super::error::{failure, internal, json, reverted};
use super::views::block_view;
use super::{Backend, Method, Params, RpcResult};
use crate::chain::{Simulated, SimulatedCall, SimulationError};
use crate::rpc_error::{INTERNAL_ERROR_CODE, INVALID_PARAMS_CODE, RpcError};
use alloy::primitives::{Bytes, U64};
use alloy::rpc::types::Log;
use alloy::rpc::types::simulate::SimulatePayload;
use serde_json::{Value, json as object};
use stylus_vm::{ExecutionOutcome, InvalidTransaction};

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[("eth_simulateV1", simulate)];

/// The codes of what cannot be simulated (execution-apis).
const NONCE_TOO_LOW: i32 = -38_010;
const NONCE_TOO_HIGH: i32 = -38_011;
const INTRINSIC_GAS: i32 = -38_013;
const INSUFFICIENT_FUNDS: i32 = -38_014;
const BLOCK_GAS_LIMIT: i32 = -38_015;
const BLOCK_NUMBER: i32 = -38_020;
const BLOCK_TIMESTAMP: i32 = -38_021;
const INIT_CODE_SIZE: i32 = -38_025;
const CLIENT_LIMIT: i32 = -38_026;

/// The codes of calls that failed: with a revert, or otherwise.
const REVERTED: i32 = -32_000;
const HALTED: i32 = -32_015;

fn simulate(backend: &mut Backend, mut params: Params) -> RpcResult {
    let wanted = params.required::<SimulatePayload>()?;
    let block = params.optional()?.unwrap_or_default();
    let full = wanted.return_full_transactions;
    let blocks = backend.chain.simulate(wanted, block).map_err(refusal)?;
    blocks.iter().map(|block| view(block, full)).collect()
}

/// A block with what came of its calls.
fn view(simulated: &Simulated, full: bool) -> RpcResult {
    let block = &simulated.block;
    let mut view = serde_json::to_value(block_view(block, full)).map_err(|error| internal(error.to_string()))?;
    let (mut calls, mut first_log) = (Vec::new(), 0);
    for (index, call) in simulated.calls.iter().enumerate() {
        let hash = block.transactions().get(index).map(|included| included.transaction.hash());
        let logs = call.logs.iter().enumerate().map(|(offset, log)| Log {
            inner: log.clone(),
            block_hash: Some(block.hash()),
            block_number: Some(block.number()),
            block_timestamp: Some(block.timestamp()),
            transaction_hash: hash,
            transaction_index: u64::try_from(index).ok(),
            log_index: u64::try_from(first_log + offset).ok(),
            removed: false,
        });
        calls.push(call_view(call, logs.collect())?);
        first_log += call.logs.len();
    }
    if let Some(fields) = view.as_object_mut() {
        fields.insert("calls".into(), Value::Array(calls));
    }
    Ok(view)
}

fn call_view(call: &SimulatedCall, logs: Vec<Log>) -> RpcResult {
    let (output, status, error) = match &call.outcome {
        ExecutionOutcome::Success { output, .. } => (output.clone(), 1, None),
        ExecutionOutcome::Revert { output } => {
            let error = reverted(output);
            (Bytes::new(), 0, Some(object!({ "message": error.message(), "code": REVERTED, "data": output })))
        }
        ExecutionOutcome::Halt { reason } => {
            (Bytes::new(), 0, Some(object!({ "message": reason.to_string(), "code": HALTED })))
        }
    };
    let (gas_used, status) = (U64::from(call.gas_used), U64::from(status));
    let mut view = object!({ "returnData": output, "logs": logs, "gasUsed": gas_used, "status": status });
    if let (Some(error), Some(fields)) = (error, view.as_object_mut()) {
        fields.insert("error".into(), error);
    }
    json(view)
}

/// Why nothing was simulated, with the code that the method has for it.
fn refusal(error: SimulationError) -> RpcError {
    let message = error.to_string();
    let code = match error {
        SimulationError::Empty => INVALID_PARAMS_CODE,
        SimulationError::TooManyBlocks => CLIENT_LIMIT,
        SimulationError::Number(..) => BLOCK_NUMBER,
        SimulationError::Timestamp(..) => BLOCK_TIMESTAMP,
        SimulationError::GasLimit(..) => BLOCK_GAS_LIMIT,
        SimulationError::Invalid(error) => match error {
            InvalidTransaction::NonceTooLow { .. } => NONCE_TOO_LOW,
            InvalidTransaction::NonceTooHigh { .. } => NONCE_TOO_HIGH,
            InvalidTransaction::IntrinsicGasTooLow { .. } | InvalidTransaction::FloorGasTooLow { .. } => INTRINSIC_GAS,
            InvalidTransaction::InsufficientFunds { .. } => INSUFFICIENT_FUNDS,
            InvalidTransaction::InitCodeTooLarge { .. } => INIT_CODE_SIZE,
            InvalidTransaction::FeeCapTooLow { .. } | InvalidTransaction::TipAboveFeeCap { .. } => INVALID_PARAMS_CODE,
            _ => INTERNAL_ERROR_CODE,
        },
        SimulationError::Chain(error) => return failure(error),
    };
    RpcError::new(code, message)
}
