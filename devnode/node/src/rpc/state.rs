//! What accounts hold.

use super::error::{failure, forked, json, server_error, unsupported};
use super::{Backend, Method, Params, RpcResult};
use crate::chain::State;
use crate::rpc_error::RpcError;
use alloy::eips::BlockId;
use alloy::primitives::{Address, B256, U64, U256};

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("eth_getBalance", balance),
    ("eth_getCode", code),
    ("eth_getStorageAt", storage_at),
    ("eth_getTransactionCount", transaction_count),
    ("eth_getProof", proof),
];

fn balance(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required()?;
    json(state(backend, &mut params)?.balance(address).map_err(forked)?)
}

fn code(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required()?;
    json(state(backend, &mut params)?.code(address).map_err(forked)?)
}

fn storage_at(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required()?;
    let slot = storage_key(&params.required::<String>()?).map_err(server_error)?;
    json(B256::from(state(backend, &mut params)?.storage(address, slot).map_err(forked)?))
}

/// The slot in up to 32 bytes of hexadecimal digits, as lenient as go-ethereum is with them.
fn storage_key(text: &str) -> Result<U256, &'static str> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    if digits.bytes().any(|digit| !digit.is_ascii_hexdigit()) {
        return Err("unable to decode storage key: hex string invalid");
    }
    if digits.len() > 64 {
        return Err("unable to decode storage key: hex string too long, want at most 32 bytes");
    }
    // Nothing stands for zero.
    Ok(U256::from_str_radix(digits, 16).unwrap_or_default())
}

/// "pending" counts what waits for a block too.
fn transaction_count(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required::<Address>()?;
    let block = params.optional::<BlockId>()?.unwrap_or_default();
    let count = match block.is_pending() {
        true => backend.chain.next_nonce(address),
        false => backend.chain.state_at(block).map_err(failure)?.nonce(address),
    };
    json(U64::from(count.map_err(forked)?))
}

/// The parameters are checked all the same, so that a client learns of its own mistakes first.
fn proof(backend: &mut Backend, mut params: Params) -> RpcResult {
    params.required::<Address>()?;
    params.required::<Vec<U256>>()?;
    state(backend, &mut params)?;
    Err(unsupported(
        "eth_getProof is not supported: this node keeps no Merkle tries, so that there is nothing to prove against",
    ))
}

/// The state of the block that the next parameter names; the latest one without it.
fn state<'a>(backend: &'a Backend, params: &mut Params) -> Result<&'a State, RpcError> {
    let id = params.optional::<BlockId>()?.unwrap_or_default();
    backend.chain.state_at(id).map_err(failure)
}
