//! `web3_*`, `net_*`, and what a client asks to know where it is.

use super::error::json;
use super::{Backend, Method, Params, RpcResult, methods};
use crate::chain::block::{GAS_LIMIT, SEQUENCER};
use alloy::primitives::{Bytes, U64, keccak256};
use serde_json::json as object;
use std::collections::BTreeMap;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[
    ("web3_clientVersion", client_version),
    ("web3_sha3", sha3),
    ("net_version", net_version),
    ("net_listening", listening),
    ("net_peerCount", peer_count),
    ("rpc_modules", modules),
    ("eth_chainId", chain_id),
    ("eth_syncing", syncing),
    ("eth_protocolVersion", protocol_version),
    ("eth_coinbase", coinbase),
    ("eth_mining", mining),
    ("eth_hashrate", hashrate),
    ("anvil_nodeInfo", node_info),
    ("hardhat_metadata", metadata),
];

/// Name and version of the node.
const CLIENT_VERSION: &str = concat!("stylus-devnode/v", env!("CARGO_PKG_VERSION"));

fn client_version(_: &mut Backend, _: Params) -> RpcResult {
    json(CLIENT_VERSION)
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

/// A node without a network has no peers.
fn peer_count(_: &mut Backend, _: Params) -> RpcResult {
    json(U64::ZERO)
}

/// The prefixes of the methods, each with a version.
fn modules(_: &mut Backend, _: Params) -> RpcResult {
    let prefixes = methods().filter_map(|(name, _)| name.split_once('_')).map(|(prefix, _)| prefix);
    json(prefixes.map(|prefix| (prefix, "1.0")).collect::<BTreeMap<_, _>>())
}

/// Of the protocol between Ethereum's nodes, which this one does not speak.
fn protocol_version(_: &mut Backend, _: Params) -> RpcResult {
    json(U64::from(1))
}

/// Who gets the tips that nobody pays: the sequencer, as in headers.
fn coinbase(_: &mut Backend, _: Params) -> RpcResult {
    json(SEQUENCER)
}

/// Nobody proves work.
fn mining(_: &mut Backend, _: Params) -> RpcResult {
    json(false)
}

fn hashrate(_: &mut Backend, _: Params) -> RpcResult {
    json(U64::ZERO)
}

/// Where the chain is and what it is like, in the form of other development nodes.
fn node_info(backend: &mut Backend, _: Params) -> RpcResult {
    let chain = &backend.chain;
    let head = chain.head();
    json(object!({
        "currentBlockNumber": U64::from(head.number()),
        "currentBlockTimestamp": U64::from(head.timestamp()),
        "currentBlockHash": head.hash(),
        "hardFork": format!("arbos{}", chain.arbos_version()),
        "transactionOrder": "fifo",
        "environment": {
            "baseFee": U64::from(head.env().base_fee),
            "chainId": U64::from(chain.chain_id()),
            "gasLimit": U64::from(GAS_LIMIT),
            "gasPrice": U64::from(head.env().base_fee),
        },
        "forkConfig": { "forkUrl": null, "forkBlockNumber": null, "forkRetryBackoff": null },
    }))
}

/// The same, in the form that hardhat's clients know: numbers are numbers.
fn metadata(backend: &mut Backend, _: Params) -> RpcResult {
    let head = backend.chain.head();
    json(object!({
        "clientVersion": CLIENT_VERSION,
        "chainId": backend.chain.chain_id(),
        "instanceId": backend.instance,
        "latestBlockNumber": head.number(),
        "latestBlockHash": head.hash(),
    }))
}
