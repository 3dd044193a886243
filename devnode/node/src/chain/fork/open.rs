//! The first look at the chain that is to be forked.

use super::fetch::{Far, Naming, header, parse};
use super::known::Known;
use super::log::Log;
use super::node::Node;
use super::origin::Origin;
use super::point::Point;
use super::{ForkError, ForkOptions};
use crate::chain::block::Block;
use crate::chain::ledger::Ledger;
use crate::chain::state::State;
use crate::chain::state_reader::StateReader;
use crate::{ARBOS_VERSIONS, DevAccount};
use alloy::consensus::{Header, Sealed};
use alloy::primitives::{Address, B256, U64, U256};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use stylus_vm::{ChainConfig, FoundChain};

/// A chain that was found at a URL.
pub(crate) struct Opened {
    /// Its constants.
    pub(crate) config: ChainConfig,
    /// What `block.number` was in the forked block.
    pub(crate) l1_number: u64,
    /// The forked block, and the state after it.
    pub(crate) block: Block,
    pub(crate) state: State,
}

/// Looks at the node, and gives each of `accounts` this balance. Blocks until all is known that is needed to start.
///
/// # Errors
///
/// If the node does not answer, is not of the chain that is wanted, or its chain cannot be forked.
pub(crate) fn open(
    options: &ForkOptions,
    wanted_chain: Option<u64>,
    accounts: &[DevAccount],
    balance: U256,
) -> Result<Opened, ForkError> {
    let node = Node::new(options)?;
    let chain_id = number(&node, "eth_chainId")?;
    if let Some(wanted) = wanted_chain.filter(|wanted| *wanted != chain_id) {
        return Err(ForkError::WrongChain { wanted, found: chain_id });
    }
    let number = options.block.map_or_else(|| number(&node, "eth_blockNumber"), Ok)?;
    let header = sealed(header(&node, number)?.ok_or(ForkError::NoBlock(number))?)?;
    let point = Point { chain_id, number, hash: header.hash() };
    let far = naming(Far { node, point, naming: Naming::Hash })?;
    let (log, known) = match options.cache.as_deref().map(|folder| Log::open(folder, &options.url, &point)) {
        Some(Ok((log, known))) => (Some(log), known),
        // Without a place to keep it, everything is fetched anew the next time.
        Some(Err(_)) | None => (None, Known::default()),
    };
    let origin = Origin::fetching(far, log, known);
    let block = Block::of_another_chain(header);
    let mut state = State::forked(origin.clone());
    let config = config(&state, &block, chain_id)?;
    fund(&mut state, &origin, accounts, balance)?;
    Ok(Opened { config, l1_number: block.env().l1_number, block, state })
}

/// Looks at the node of which a fork was saved, to fetch more from it.
///
/// # Errors
///
/// If the node does not answer, or does not have the forked block.
pub(crate) fn reopen(options: &ForkOptions, saved: &Origin) -> Result<Origin, ForkError> {
    let (node, point) = (Node::new(options)?, saved.point());
    let found = number(&node, "eth_chainId")?;
    if found != point.chain_id {
        return Err(ForkError::WrongChain { wanted: point.chain_id, found });
    }
    let header = sealed(header(&node, point.number)?.ok_or(ForkError::NoBlock(point.number))?)?;
    if header.hash() != point.hash {
        return Err(ForkError::Reorganised { block: point.number, was: point.hash });
    }
    Ok(Origin::fetching(naming(Far { node, point, naming: Naming::Hash })?, None, saved.known()))
}

fn number(node: &Node, method: &'static str) -> Result<u64, ForkError> {
    parse::<U64>(method, node.ask(method, &json!([]))?).map(|number| number.to())
}

/// The header in a block as clients get it. Its hash is taken as it is told: chains may have fields of their own.
fn sealed(block: Value) -> Result<Sealed<Header>, ForkError> {
    let required = |name: &str| {
        let missing = || ForkError::garbage("eth_getBlockByNumber", format!("the block has no {name}"));
        field::<U64>(&block, name)?.map(|number| number.to::<u64>()).ok_or_else(missing)
    };
    let hash = field::<B256>(&block, "hash")?;
    let header = Header {
        parent_hash: field(&block, "parentHash")?.unwrap_or_default(),
        ommers_hash: field(&block, "sha3Uncles")?.unwrap_or_default(),
        beneficiary: field(&block, "miner")?.unwrap_or_default(),
        state_root: field(&block, "stateRoot")?.unwrap_or_default(),
        transactions_root: field(&block, "transactionsRoot")?.unwrap_or_default(),
        receipts_root: field(&block, "receiptsRoot")?.unwrap_or_default(),
        logs_bloom: field(&block, "logsBloom")?.unwrap_or_default(),
        difficulty: field(&block, "difficulty")?.unwrap_or(U256::ONE),
        number: required("number")?,
        gas_limit: field::<U64>(&block, "gasLimit")?.unwrap_or_default().to(),
        gas_used: field::<U64>(&block, "gasUsed")?.unwrap_or_default().to(),
        timestamp: required("timestamp")?,
        extra_data: field(&block, "extraData")?.unwrap_or_default(),
        mix_hash: field(&block, "mixHash")?.unwrap_or_default(),
        nonce: field(&block, "nonce")?.unwrap_or_default(),
        base_fee_per_gas: field::<U64>(&block, "baseFeePerGas")?.map(|fee| fee.to()),
        ..Header::default()
    };
    let hash = hash.ok_or_else(|| ForkError::garbage("eth_getBlockByNumber", "the block has no hash"))?;
    Ok(Sealed::new_unchecked(header, hash))
}

fn field<T: DeserializeOwned>(block: &Value, name: &str) -> Result<Option<T>, ForkError> {
    parse("eth_getBlockByNumber", block[name].clone())
}

/// Finds out how the node wants blocks to be named.
fn naming(mut far: Far) -> Result<Far, ForkError> {
    let Err(by_hash) = far.slot(Address::ZERO, U256::ZERO) else { return Ok(far) };
    match by_hash {
        ForkError::Unreachable { .. } | ForkError::RateLimited { .. } | ForkError::NoState { .. } => Err(by_hash),
        _ => {
            far.naming = Naming::Number;
            far.slot(Address::ZERO, U256::ZERO)?;
            Ok(far)
        }
    }
}

/// The constants of the chain, as its state tells them.
fn config(state: &State, block: &Block, chain_id: u64) -> Result<ChainConfig, ForkError> {
    let ledger = Ledger::new(block.clone(), state.clone(), 0);
    let found = FoundChain::read(&mut StateReader { state, ledger: &ledger })?;
    let arbos_version = match found.arbos_version {
        0 => return Err(ForkError::NoArbos(chain_id)),
        version if ARBOS_VERSIONS.contains(&version) => version,
        unknown => return Err(ForkError::UnknownArbosVersion(unknown)),
    };
    // A chain of this node has none, and is one for debugging.
    let json: Value = serde_json::from_slice(&found.config).unwrap_or_default();
    let arbitrum = &json["arbitrum"];
    let usual = ChainConfig::default();
    let size = arbitrum["MaxCodeSize"].as_u64().filter(|size| *size != 0).and_then(|size| usize::try_from(size).ok());
    let debug = arbitrum["AllowDebugPrecompiles"].as_bool().unwrap_or(usual.debug);
    Ok(ChainConfig {
        chain_id,
        arbos_version,
        max_code_size: size.unwrap_or(usual.max_code_size),
        debug,
        l1_hashes: true,
    })
}

/// Gives the accounts their balances. They are fetched at the same time.
fn fund(state: &mut State, origin: &Origin, accounts: &[DevAccount], balance: U256) -> Result<(), ForkError> {
    std::thread::scope(|scope| {
        for account in accounts {
            // Whether that worked shows when it is looked at below.
            scope.spawn(|| origin.account(account.address).is_ok());
        }
    });
    accounts.iter().try_for_each(|account| state.set_balance(account.address, balance))
}
