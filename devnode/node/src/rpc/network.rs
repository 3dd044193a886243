//! `web3_*`, `net_*`, and what a client asks to know where it is.

use super::error::json;
use super::{Backend, Method, Params, RpcResult};
use alloy::primitives::{Bytes, U64, keccak256};

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("web3_clientVersion", client_version),
    ("web3_sha3", sha3),
    ("net_version", net_version),
    ("net_listening", listening),
    ("eth_chainId", chain_id),
    ("eth_syncing", syncing),
];

fn client_version(_: &mut Backend, _: Params) -> RpcResult {
    json(concat!("stylus-devnode/v", env!("CARGO_PKG_VERSION")))
}

fn sha3(_: &mut Backend, mut params: Params) -> RpcResult {
    json(keccak256(params.required::<Bytes>()?))
}

fn net_version(backend: &mut Backend, _: Params) -> RpcResult {
    json(backend.chain.chain_id().to_string())
}

fn listening(_: &mut Backend, _: Params) -> RpcResult {
    json(true)
}

fn chain_id(backend: &mut Backend, _: Params) -> RpcResult {
    json(U64::from(backend.chain.chain_id()))
}

fn syncing(_: &mut Backend, _: Params) -> RpcResult {
    json(false)
}
