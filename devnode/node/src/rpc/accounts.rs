//! The accounts that the node signs for, and those it acts for without a signature.

use super::error::{failure, invalid_params, json};
use super::{Backend, Method, Params, RpcResult};
use crate::rpc_error::RpcError;
use alloy::eips::eip2718::Encodable2718;
use alloy::primitives::{Address, B256, Bytes, eip191_hash_message};
use alloy::rpc::types::TransactionRequest;
use alloy_dyn_abi::TypedData;
use serde_json::Value;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("eth_accounts", accounts),
    ("eth_sendTransaction", send_transaction),
    ("eth_signTransaction", sign_transaction),
    ("eth_sign", eth_sign),
    ("personal_sign", personal_sign),
    ("eth_signTypedData_v4", sign_typed_data),
    ("anvil_impersonateAccount", impersonate),
    ("hardhat_impersonateAccount", impersonate),
    ("anvil_stopImpersonatingAccount", stop_impersonating),
    ("hardhat_stopImpersonatingAccount", stop_impersonating),
    ("anvil_autoImpersonateAccount", auto_impersonate),
];

/// The development accounts, then those that are impersonated by name.
fn accounts(backend: &mut Backend, _: Params) -> RpcResult {
    let own: Vec<Address> = backend.chain.accounts().collect();
    let impersonated = backend.chain.impersonated().accounts().filter(|address| !own.contains(address));
    json(own.iter().copied().chain(impersonated).collect::<Vec<_>>())
}

fn send_transaction(backend: &mut Backend, mut params: Params) -> RpcResult {
    let request = request(&mut params)?;
    json(backend.chain.send(request).map_err(failure)?)
}

/// Answers with the encoded transaction, ready for `eth_sendRawTransaction`.
fn sign_transaction(backend: &mut Backend, mut params: Params) -> RpcResult {
    let request = request(&mut params)?;
    let transaction = backend.chain.sign_transaction(request).map_err(failure)?;
    json(Bytes::from(transaction.envelope().encoded_2718()))
}

fn request(params: &mut Params) -> Result<TransactionRequest, RpcError> {
    let request = params.required::<TransactionRequest>()?;
    if request.from.is_none() {
        return Err(invalid_params("invalid argument 0: the sender is missing"));
    }
    Ok(request)
}

fn eth_sign(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required::<Address>()?;
    let message = params.required::<Bytes>()?;
    sign(backend, address, eip191_hash_message(message))
}

/// The same with the parameters in the other order, and a password that is not looked at.
fn personal_sign(backend: &mut Backend, mut params: Params) -> RpcResult {
    let message = params.required::<Bytes>()?;
    let address = params.required::<Address>()?;
    sign(backend, address, eip191_hash_message(message))
}

/// Takes the typed data as an object, or as a string that holds it.
fn sign_typed_data(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required::<Address>()?;
    let invalid = |error: String| invalid_params(&format!("invalid argument 1: {error}"));
    let data: TypedData = match params.required::<Value>()? {
        Value::String(text) => serde_json::from_str(&text),
        value => serde_json::from_value(value),
    }
    .map_err(|error| invalid(error.to_string()))?;
    let hash = data.eip712_signing_hash().map_err(|error| invalid(error.to_string()))?;
    sign(backend, address, hash)
}

fn sign(backend: &Backend, address: Address, hash: B256) -> RpcResult {
    let signature = backend.chain.sign_hash(address, hash).map_err(failure)?;
    json(Bytes::from(signature.as_bytes()))
}

fn impersonate(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required()?;
    backend.chain.impersonated_mut().add(address);
    json(())
}

fn stop_impersonating(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required()?;
    backend.chain.impersonated_mut().remove(address);
    json(())
}

fn auto_impersonate(backend: &mut Backend, mut params: Params) -> RpcResult {
    let everybody = params.required()?;
    backend.chain.impersonated_mut().set_everybody(everybody);
    json(())
}
