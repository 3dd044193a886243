//! Changing accounts by hand, in the state after the latest block.

use super::error::{forked, invalid_params, json};
use super::{Backend, Method, Params, RpcResult};
use crate::chain::State;
use alloy::primitives::{Address, B256, Bytes, U64, U256};
use stylus_vm::revm::state::Bytecode;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("anvil_setBalance", set_balance),
    ("hardhat_setBalance", set_balance),
    ("anvil_addBalance", add_balance),
    ("anvil_setCode", set_code),
    ("hardhat_setCode", set_code),
    ("anvil_setNonce", set_nonce),
    ("hardhat_setNonce", set_nonce),
    ("anvil_setStorageAt", set_storage_at),
    ("hardhat_setStorageAt", set_storage_at),
];

fn set_balance(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required::<Address>()?;
    let balance = params.required::<U256>()?;
    backend.chain.alter(|state| state.set_balance(address, balance)).map_err(forked)?;
    json(())
}

fn add_balance(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required::<Address>()?;
    let added = params.required::<U256>()?;
    let add = |state: &mut State| state.set_balance(address, state.balance(address)?.saturating_add(added));
    backend.chain.alter(add).map_err(forked)?;
    json(())
}

/// A Stylus program runs under its new address if this code was ever activated: the chain knows programs by their code.
fn set_code(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required::<Address>()?;
    let code = params.required::<Bytes>()?;
    let code =
        Bytecode::new_raw_checked(code).map_err(|error| invalid_params(&format!("invalid argument 1: {error}")))?;
    backend.chain.alter(|state| state.set_code(address, code)).map_err(forked)?;
    json(())
}

fn set_nonce(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required::<Address>()?;
    let nonce = params.required::<U64>()?.to();
    backend.chain.alter(|state| state.set_nonce(address, nonce)).map_err(forked)?;
    json(())
}

/// The value must be a whole word, so that nobody has to guess on which side it would be filled up.
fn set_storage_at(backend: &mut Backend, mut params: Params) -> RpcResult {
    let address = params.required::<Address>()?;
    let slot = params.required::<U256>()?;
    let value = params.required::<B256>()?;
    backend.chain.alter(|state| state.set_storage(address, [(slot, value.into())], false)).map_err(forked)?;
    json(true)
}
