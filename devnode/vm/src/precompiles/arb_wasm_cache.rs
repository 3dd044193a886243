//! ArbWasmCache (0x72): keeps programs in the cache, which makes them cheaper to start.

use super::Failure;
use super::arb_wasm_abi::{ProgramExpired, ProgramNeedsUpgrade, params};
use super::call::{Answer, Call};
use super::method::{Method, Purity};
use crate::arbos::Root;
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::primitives::{Address, B256, address};

/// Where it is.
pub(crate) const ADDRESS: Address = address!("0x0000000000000000000000000000000000000072");

/// Programs are cached by address from this ArbOS version on.
const BY_ADDRESS: u64 = 31;

/// The most managers that are listed.
const MAX_MANAGERS: u64 = 65_536;

sol! {
    event UpdateProgramCache(address indexed manager, bytes32 indexed codehash, bool cached);

    function isCacheManager(address manager) external view returns (bool);
    function allCacheManagers() external view returns (address[] managers);
    function cacheProgram(address program) external;
    function evictCodehash(bytes32 codehash) external;
    function codehashIsCached(bytes32 codehash) external view returns (bool);
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::{View, Write};
    match selector {
        isCacheManagerCall::SELECTOR => Method::new(View, |call, args: isCacheManagerCall| {
            Root::programs().cache_managers().contains(call, args.manager)
        }),
        allCacheManagersCall::SELECTOR => Method::new(View, |call, _: allCacheManagersCall| {
            Root::programs().cache_managers().members(call, MAX_MANAGERS)
        }),
        cacheProgramCall::SELECTOR => Method::new(Write, |call, args: cacheProgramCall| {
            let code_hash = call.code_hash(args.program)?;
            set_cached(call, code_hash, true).map(|()| cacheProgramReturn {})
        })
        .map(|method| method.since(BY_ADDRESS)),
        evictCodehashCall::SELECTOR => Method::new(Write, |call, args: evictCodehashCall| {
            set_cached(call, args.codehash, false).map(|()| evictCodehashReturn {})
        }),
        codehashIsCachedCall::SELECTOR => Method::new(View, |call, args: codehashIsCachedCall| {
            Ok(Root::programs().entry(call, args.codehash)?.cached)
        }),
        _ => None,
    }
}

/// Puts a program into the cache or takes it out. Either costs what starting it costs.
fn set_cached<DB: Database>(call: &mut Call<'_, DB>, code_hash: B256, cached: bool) -> Answer<(), DB> {
    if !is_manager(call)? {
        return Err(Failure::AllGas);
    }
    let params = params(call)?;
    let now = call.now();
    let mut entry = Root::programs().entry(call, code_hash)?;
    if cached && entry.version != params.version {
        return Err(Failure::error(ProgramNeedsUpgrade { version: entry.version, stylusVersion: params.version }));
    }
    if cached && entry.is_expired(&params, now) {
        return Err(Failure::error(ProgramExpired { ageInSeconds: entry.age(now) }));
    }
    if entry.cached == cached {
        return Ok(());
    }
    let manager = call.caller;
    call.emit(&UpdateProgramCache { manager, codehash: code_hash, cached })?;
    call.burn(u64::from(entry.init_cost))?;
    // The cache is of modules: their hash is looked up, and paid for.
    Root::programs().module_hash(call, code_hash)?;
    entry.cached = cached;
    Root::programs().set_entry(call, code_hash, &entry)
}

/// Cache managers and chain owners manage the cache.
fn is_manager<DB: Database>(call: &mut Call<'_, DB>) -> Answer<bool, DB> {
    let caller = call.caller;
    Ok(Root::programs().cache_managers().contains(call, caller)? || Root::chain_owners().contains(call, caller)?)
}
