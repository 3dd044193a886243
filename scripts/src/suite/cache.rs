//! The chain's cache of programs: one that is in it starts for an eighth of the gas.
//!
//! On a development chain the suite is put into it, so that what transactions cost is what they would cost its users.
//! On other chains places in it are auctioned, by the chain's CacheManager.

use crate::chain::Chain;
use alloy::primitives::{Address, U256, address};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol;
use eyre::{Result, WrapErr};
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

/// The chain, with the key of the first development account, if that owns it.
async fn owned(url: &str) -> Result<Option<(Chain, Address)>> {
    let Some(account) = DEV_ACCOUNTS.first() else { return Ok(None) };
    let chain = Chain::connect(url, [PrivateKeySigner::from_bytes(&account.key)?])?;
    let question = ArbOwnerPublic::isChainOwnerCall { account: account.address };
    let owns = chain.view(ARB_OWNER_PUBLIC, &question).await?;
    Ok(owns.then_some((chain, account.address)))
}
