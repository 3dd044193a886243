//! The chain's cache of programs: one that is in it starts for an eighth of the gas.
//!
//! On a development chain the suite is put into it, so that what transactions cost is what they would cost its users.
//! On other chains places in it are auctioned, by the chain's CacheManager: who bids the least makes room for others.

use super::stylus_deployer::ARB_WASM;
use crate::chain::Chain;
use alloy::primitives::{Address, U256, address};
use alloy::providers::Provider;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol;
use eyre::{OptionExt, Result, WrapErr};
use stylus_devnode::DEV_ACCOUNTS;

/// The precompile that says who owns the chain.
const ARB_OWNER_PUBLIC: Address = address!("000000000000000000000000000000000000006b");

/// The precompile that keeps programs in the cache.
const ARB_WASM_CACHE: Address = address!("0000000000000000000000000000000000000072");

sol! {
    /// The part of ArbOwnerPublic that is used here.
    interface ArbOwnerPublic {
        /// Whether `account` owns the chain.
        function isChainOwner(address account) external view returns (bool);
    }

    /// The part of ArbWasmCache that is used here.
    interface ArbWasmCache {
        /// Chain owners and cache managers: keeps the code of `program` in the cache.
        function cacheProgram(address program) external;
        /// Chain owners and cache managers: puts code out of the cache.
        function evictCodehash(bytes32 codehash) external;
        /// Whether code is in the cache.
        function codehashIsCached(bytes32 codehash) external view returns (bool);
        /// Who may put programs into it.
        function allCacheManagers() external view returns (address[] managers);
    }

    /// The part of a CacheManager that is used here.
    interface CacheManager {
        /// What a place for this program costs now (wei).
        function getMinBid(address program) external view returns (uint192 min);
        /// Buys a place for it.
        function placeBid(address program) external payable;
    }

    /// The part of ArbWasm that is used here.
    interface ArbWasmCosts {
        /// What starting a program costs, and what it costs from the cache.
        function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);
    }
}

/// The programs of a suite on a development chain come into its cache. Returns whether they did: on a chain that the
/// first development account does not own they do not.
///
/// # Errors
/// If the chain cannot be asked, or something is no program.
pub async fn cache_programs(url: &str, programs: &[Address]) -> Result<bool> {
    let Some((chain, owner)) = owned(url).await? else { return Ok(false) };
    for program in programs.iter().copied() {
        let call = ArbWasmCache::cacheProgramCall { program };
        let sent = chain.send(owner, ARB_WASM_CACHE, &call, U256::ZERO).await;
        sent.wrap_err_with(|| format!("cannot cache {program}"))?;
    }
    Ok(true)
}

/// The same programs leave the cache. Returns whether they did.
///
/// # Errors
/// If the chain cannot be asked.
pub async fn evict_programs(url: &str, programs: &[Address]) -> Result<bool> {
    let Some((chain, owner)) = owned(url).await? else { return Ok(false) };
    for program in programs.iter().copied() {
        let call = ArbWasmCache::evictCodehashCall { codehash: chain.code_hash(program).await? };
        let sent = chain.send(owner, ARB_WASM_CACHE, &call, U256::ZERO).await;
        sent.wrap_err_with(|| format!("cannot evict {program}"))?;
    }
    Ok(true)
}

/// What a place in the cache cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bid {
    /// What was paid (wei): nothing for what is in the cache already.
    pub wei: U256,
    /// How much less gas each start of the program costs.
    pub saves: u64,
}

/// `from` buys a place in the chain's cache for a program, for the least that it costs now.
///
/// # Errors
/// If the chain has no CacheManager, or that refuses.
pub async fn bid(chain: &Chain, from: Address, program: Address) -> Result<Bid> {
    let costs = chain.view(ARB_WASM, &ArbWasmCosts::programInitGasCall { program }).await?;
    let saves = costs.gas.saturating_sub(costs.gasWhenCached);
    let Some(Place { manager, wei }) = place(chain, program).await? else { return Ok(Bid { wei: U256::ZERO, saves }) };
    chain.send(from, manager, &CacheManager::placeBidCall { program }, wei).await?;
    Ok(Bid { wei, saves })
}

/// A place in the cache that can be bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The CacheManager that sells it.
    pub manager: Address,
    /// What it costs now (wei).
    pub wei: U256,
}

/// A place for a program, unless it is in the cache.
///
/// # Errors
/// If the chain has no CacheManager, or cannot be asked.
pub async fn place(chain: &Chain, program: Address) -> Result<Option<Place>> {
    let codehash = chain.code_hash(program).await?;
    if chain.view(ARB_WASM_CACHE, &ArbWasmCache::codehashIsCachedCall { codehash }).await? {
        return Ok(None);
    }
    let managers = chain.view(ARB_WASM_CACHE, &ArbWasmCache::allCacheManagersCall {}).await?;
    let mut manager = None;
    for account in managers {
        // Some are accounts of people, who take no bids.
        if !chain.provider().get_code_at(account).await?.is_empty() {
            manager = Some(account);
        }
    }
    let manager = manager.ok_or_eyre("this chain has no CacheManager: nobody can bid")?;
    let wei = U256::from(chain.view(manager, &CacheManager::getMinBidCall { program }).await?);
    Ok(Some(Place { manager, wei }))
}

/// The chain, with the key of the first development account, if that owns it.
async fn owned(url: &str) -> Result<Option<(Chain, Address)>> {
    let Some(account) = DEV_ACCOUNTS.first() else { return Ok(None) };
    let chain = Chain::connect(url, [PrivateKeySigner::from_bytes(&account.key)?])?;
    let question = ArbOwnerPublic::isChainOwnerCall { account: account.address };
    let owns = chain.view(ARB_OWNER_PUBLIC, &question).await?;
    Ok(owns.then_some((chain, account.address)))
}
