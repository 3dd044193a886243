//! Snapshots of the whole chain: to go back to, and to keep.

use super::error::{failure, forked, internal, invalid_params, json};
use super::{Backend, Method, Params, RpcResult};
use crate::chain::{ChainState, ForkOptions};
use alloy::primitives::{Bytes, U64, U256};
use serde::Deserialize;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("evm_snapshot", snapshot),
    ("anvil_snapshot", snapshot),
    ("evm_revert", revert),
    ("anvil_revert", revert),
    ("anvil_reset", reset),
    ("hardhat_reset", reset),
    ("anvil_dumpState", dump),
    ("anvil_loadState", load),
];

fn snapshot(backend: &mut Backend, _: Params) -> RpcResult {
    json(U64::from(backend.chain.snapshot()))
}

fn revert(backend: &mut Backend, mut params: Params) -> RpcResult {
    let id: u64 = params.required::<U256>()?.saturating_to();
    let reverted = backend.chain.revert(id);
    backend.filters.go_back(backend.chain.head().number());
    json(reverted)
}

/// What the reset methods of other nodes take.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetOptions {
    forking: Option<Forking>,
}

/// What to fork: by default the latest block.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Forking {
    json_rpc_url: String,
    block_number: Option<u64>,
}

impl From<Forking> for ForkOptions {
    fn from(Forking { json_rpc_url, block_number }: Forking) -> Self {
        // Who asks for it can ask again, and nobody else is served meanwhile.
        let options = Self::new(json_rpc_url).retries(1);
        block_number.map_or(options.clone(), |number| options.block(number))
    }
}

fn reset(backend: &mut Backend, mut params: Params) -> RpcResult {
    let options = params.optional::<ResetOptions>()?.unwrap_or_default();
    match options.forking {
        Some(forking) => backend.chain.reset_to_fork(&forking.into()).map_err(forked)?,
        None => backend.chain.reset(),
    }
    backend.filters.go_back(backend.chain.head().number());
    json(true)
}

/// Other nodes leave out past states unless asked. This one never does.
fn dump(backend: &mut Backend, mut params: Params) -> RpcResult {
    params.optional::<bool>()?;
    let bytes = backend.chain.state().encode().map_err(|error| internal(error.to_string()))?;
    json(Bytes::from(bytes))
}

fn load(backend: &mut Backend, mut params: Params) -> RpcResult {
    let bytes = params.required::<Bytes>()?;
    let state = ChainState::decode(&bytes).map_err(|error| invalid_params(&format!("invalid argument 0: {error}")))?;
    backend.chain.load(state).map_err(failure)?;
    backend.filters.go_back(backend.chain.head().number());
    json(true)
}
