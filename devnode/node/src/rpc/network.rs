//! `web3_*`, `net_*`, and what a client asks to know where it is.

use super::error::json;
use super::{Backend, Method, Params, RpcResult, is_foreign, is_of_development, methods};
use crate::chain::Origin;
use crate::chain::header::{GAS_LIMIT, SEQUENCER};
use alloy::primitives::{Address, Bytes, U64, address, keccak256};
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
    ("eth_config", config),
    ("eth_protocolVersion", protocol_version),
    ("eth_coinbase", coinbase),
    ("eth_mining", mining),
    ("eth_hashrate", hashrate),
    ("anvil_nodeInfo", node_info),
    ("hardhat_metadata", metadata),
    ("anvil_metadata", metadata),
];

/// Name and version of the node. Tools look whether it begins as that of a node with methods of development.
const CLIENT_VERSION: &str = concat!("anvil/stylus-devnode-v", env!("CARGO_PKG_VERSION"));

/// The same without those methods, in Nitro's form: the version whose rules these are, the machine, and the compiler.
fn nitros_version() -> String {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let (version, system) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    let rust = env!("CARGO_PKG_RUST_VERSION");
    format!("nitro/v3.9.8-stylus-devnode-v{version}/{system}-{architecture}/rust{rust}")
}

/// What nodes that speak to each other tell this chain's rules by (EIP-2124), of Nitro's development chain.
const FORK_ID: &str = "0x366b811c";

/// The contract that remembers the hashes of blocks (EIP-2935).
const HISTORY: Address = address!("0000F90827F1C53a10cb7A02335B175320002935");

/// The precompiles by their names in `eth_config`.
const PRECOMPILES: [(&str, u32); 35] = [
    ("ArbAddressTable", 0x66),
    ("ArbAggregator", 0x6d),
    ("ArbBLS", 0x67),
    ("ArbDebug", 0xff),
    ("ArbFunctionTable", 0x68),
    ("ArbGasInfo", 0x6c),
    ("ArbInfo", 0x65),
    ("ArbNativeTokenManager", 0x73),
    ("ArbOwner", 0x70),
    ("ArbOwnerPublic", 0x6b),
    ("ArbRetryableTx", 0x6e),
    ("ArbStatistics", 0x6f),
    ("ArbSys", 0x64),
    ("ArbWasm", 0x71),
    ("ArbWasmCache", 0x72),
    ("ArbosActs", 0xa4b05),
    ("ArbosTest", 0x69),
    ("BLAKE2F", 0x09),
    ("BLS12_G1ADD", 0x0b),
    ("BLS12_G1MSM", 0x0c),
    ("BLS12_G2ADD", 0x0d),
    ("BLS12_G2MSM", 0x0e),
    ("BLS12_MAP_FP2_TO_G2", 0x11),
    ("BLS12_MAP_FP_TO_G1", 0x10),
    ("BLS12_PAIRING_CHECK", 0x0f),
    ("BN254_ADD", 0x06),
    ("BN254_MUL", 0x07),
    ("BN254_PAIRING", 0x08),
    ("ECREC", 0x01),
    ("ID", 0x04),
    ("KZG_POINT_EVALUATION", 0x0a),
    ("MODEXP", 0x05),
    ("P256VERIFY", 0x100),
    ("RIPEMD160", 0x03),
    ("SHA256", 0x02),
];

fn client_version(backend: &mut Backend, _: Params) -> RpcResult {
    if backend.development { json(CLIENT_VERSION) } else { json(nitros_version()) }
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

/// The rules of the chain, where everything is there from the start.
fn config(backend: &mut Backend, _: Params) -> RpcResult {
    let precompiles: BTreeMap<_, _> = PRECOMPILES.into_iter().map(|(name, last)| (name, at(last))).collect();
    json(object!({
        "current": {
            "activationTime": 0,
            "blobSchedule": null,
            "chainId": U64::from(backend.chain.chain_id()),
            "forkId": FORK_ID,
            "precompiles": precompiles,
            "systemContracts": { "HISTORY_STORAGE_ADDRESS": HISTORY },
        },
        "next": null,
        "last": null,
    }))
}

/// The precompile that this number stands for.
fn at(number: u32) -> Address {
    Address::left_padding_from(&number.to_be_bytes())
}

fn syncing(_: &mut Backend, _: Params) -> RpcResult {
    json(false)
}

/// A node without a network has no peers.
fn peer_count(_: &mut Backend, _: Params) -> RpcResult {
    json(U64::ZERO)
}

/// The prefixes of the methods, each with a version.
fn modules(backend: &mut Backend, _: Params) -> RpcResult {
    let there = methods().filter(|(name, _)| backend.development || !is_of_development(name) && !is_foreign(name));
    let prefixes = there.filter_map(|(name, _)| name.split_once('_')).map(|(prefix, _)| prefix);
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
    let origin = chain.ledger().state().origin();
    json(object!({
        "currentBlockNumber": U64::from(head.number()),
        "currentBlockTimestamp": U64::from(head.timestamp()),
        "currentBlockHash": head.hash(),
        "hardFork": format!("arbos{}", head.arbos_version()),
        "transactionOrder": "fifo",
        "environment": {
            "baseFee": U64::from(head.env().base_fee),
            "chainId": U64::from(chain.chain_id()),
            "gasLimit": U64::from(GAS_LIMIT),
            "gasPrice": U64::from(head.env().base_fee),
        },
        "forkConfig": {
            "forkUrl": origin.and_then(Origin::node),
            "forkBlockNumber": origin.map(|origin| origin.point().number),
            "forkRetryBackoff": null,
        },
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
