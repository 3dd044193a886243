//! ArbWasm (0x71): activates programs and answers questions about them.

use super::call::{Answer, Call};
use super::method::{Method, Purity};
use super::{Failure, program_activation};
use crate::arbos::{Inactive, ProgramEntry, Root};
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::primitives::{Address, B256, U256, address};
use stylus_program::params::{ProgramParams, arbos};
use stylus_program::start_cost;

/// Where it is.
pub(crate) const ADDRESS: Address = address!("0x0000000000000000000000000000000000000071");

/// A constant of an older memory model, which is only reported.
const PAGE_RAMP: u64 = 620_674_314;

/// Units of the parameters for the least cost of starting, in gas.
const INIT_GAS_UNIT: u64 = 128;
const CACHED_INIT_GAS_UNIT: u64 = 32;

/// Unit of the cost scalars, in percent.
const SCALAR_PERCENT: u64 = 2;

sol! {
    event ProgramActivated(
        bytes32 indexed codehash,
        bytes32 moduleHash,
        address program,
        uint256 dataFee,
        uint16 version
    );
    event ProgramLifetimeExtended(bytes32 indexed codehash, uint256 dataFee);

    error ProgramNotWasm();
    error ProgramNotActivated();
    error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
    error ProgramExpired(uint64 ageInSeconds);
    error ProgramUpToDate();
    error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
    error ProgramInsufficientValue(uint256 have, uint256 want);

    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
    function codehashKeepalive(bytes32 codehash) external payable;
    function stylusVersion() external view returns (uint16 version);
    function codehashVersion(bytes32 codehash) external view returns (uint16 version);
    function codehashAsmSize(bytes32 codehash) external view returns (uint32 size);
    function programVersion(address program) external view returns (uint16 version);
    function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);
    function programMemoryFootprint(address program) external view returns (uint16 footprint);
    function programTimeLeft(address program) external view returns (uint64 timeLeft);
    function inkPrice() external view returns (uint32 price);
    function maxStackDepth() external view returns (uint32 depth);
    function freePages() external view returns (uint16 pages);
    function pageGas() external view returns (uint16 gas);
    function pageRamp() external view returns (uint64 ramp);
    function pageLimit() external view returns (uint16 limit);
    function minInitGas() external view returns (uint64 gas, uint64 cached);
    function initCostScalar() external view returns (uint64 percent);
    function expiryDays() external view returns (uint16 numberOfDays);
    function keepaliveDays() external view returns (uint16 numberOfDays);
    function blockCacheSize() external view returns (uint16 count);
    function activationGas() external view returns (uint64 gas);
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::{Payable, View};
    match selector {
        activateProgramCall::SELECTOR => Method::new(Payable, |call, args: activateProgramCall| {
            program_activation::activate(call, args.program)
                .map(|(version, fee)| activateProgramReturn { version, dataFee: fee })
        }),
        codehashKeepaliveCall::SELECTOR => Method::new(Payable, |call, args: codehashKeepaliveCall| {
            program_activation::keep_alive(call, args.codehash).map(|()| codehashKeepaliveReturn {})
        }),
        codehashVersionCall::SELECTOR => {
            Method::new(View, |call, args: codehashVersionCall| Ok(active(call, args.codehash)?.1.version))
        }
        codehashAsmSizeCall::SELECTOR => {
            Method::new(View, |call, args: codehashAsmSizeCall| Ok(active(call, args.codehash)?.1.asm_bytes()))
        }
        programVersionCall::SELECTOR => {
            Method::new(View, |call, args: programVersionCall| Ok(active_at(call, args.program)?.1.version))
        }
        programInitGasCall::SELECTOR => Method::new(View, |call, args: programInitGasCall| {
            let (params, entry) = active_at(call, args.program)?;
            Ok(init_gas(&params, &entry))
        }),
        programMemoryFootprintCall::SELECTOR => {
            Method::new(View, |call, args: programMemoryFootprintCall| Ok(active_at(call, args.program)?.1.footprint))
        }
        programTimeLeftCall::SELECTOR => Method::new(View, |call, args: programTimeLeftCall| {
            let (params, entry) = active_at(call, args.program)?;
            Ok(entry.time_left(&params, call.now()))
        }),
        _ => parameter(selector),
    }
}

/// The methods that report the chain's parameters.
fn parameter<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::View;
    match selector {
        stylusVersionCall::SELECTOR => Method::new(View, |call, _: stylusVersionCall| Ok(params(call)?.version)),
        inkPriceCall::SELECTOR => Method::new(View, |call, _: inkPriceCall| Ok(params(call)?.ink_price)),
        maxStackDepthCall::SELECTOR => {
            Method::new(View, |call, _: maxStackDepthCall| Ok(params(call)?.max_stack_depth))
        }
        freePagesCall::SELECTOR => Method::new(View, |call, _: freePagesCall| Ok(params(call)?.free_pages)),
        pageGasCall::SELECTOR => Method::new(View, |call, _: pageGasCall| Ok(params(call)?.page_gas)),
        pageRampCall::SELECTOR => Method::new(View, |call, _: pageRampCall| params(call).map(|_| PAGE_RAMP)),
        pageLimitCall::SELECTOR => Method::new(View, |call, _: pageLimitCall| Ok(params(call)?.page_limit)),
        minInitGasCall::SELECTOR => Method::new(View, |call, _: minInitGasCall| {
            let params = params(call)?;
            Ok(minInitGasReturn {
                gas: u64::from(params.min_init_gas).saturating_mul(INIT_GAS_UNIT),
                cached: u64::from(params.min_cached_init_gas).saturating_mul(CACHED_INIT_GAS_UNIT),
            })
        }),
        initCostScalarCall::SELECTOR => Method::new(View, |call, _: initCostScalarCall| {
            Ok(u64::from(params(call)?.init_cost_scalar).saturating_mul(SCALAR_PERCENT))
        }),
        expiryDaysCall::SELECTOR => Method::new(View, |call, _: expiryDaysCall| Ok(params(call)?.expiry_days)),
        keepaliveDaysCall::SELECTOR => Method::new(View, |call, _: keepaliveDaysCall| Ok(params(call)?.keepalive_days)),
        blockCacheSizeCall::SELECTOR => {
            Method::new(View, |call, _: blockCacheSizeCall| Ok(params(call)?.block_cache_size))
        }
        activationGasCall::SELECTOR => {
            Method::new(View, |call, _: activationGasCall| Root::programs().activation_gas(call))
                .map(|method| method.since(arbos::ACTIVATION_GAS))
        }
        _ => None,
    }
}

/// What the chain asks of programs.
pub(super) fn params<DB: Database>(call: &mut Call<'_, DB>) -> Answer<ProgramParams, DB> {
    let version = call.version();
    Root::programs().params(call, version)
}

/// The active program with this code.
fn active<DB: Database>(call: &mut Call<'_, DB>, code_hash: B256) -> Answer<(ProgramParams, ProgramEntry), DB> {
    let params = params(call)?;
    let entry = Root::programs().entry(call, code_hash)?;
    let entry = entry.active(&params, call.now()).map_err(inactive)?;
    Ok((params, entry))
}

/// The active program at this address.
fn active_at<DB: Database>(call: &mut Call<'_, DB>, program: Address) -> Answer<(ProgramParams, ProgramEntry), DB> {
    let code_hash = call.code_hash(program)?;
    active(call, code_hash)
}

/// What starting costs without memory. Before Stylus 2, the full cost included that of starting from the cache.
fn init_gas(params: &ProgramParams, entry: &ProgramEntry) -> programInitGasReturn {
    let cached = start_cost::cached_gas(params, entry.cached_init_cost);
    let full = start_cost::init_gas(params, entry.init_cost);
    let gas = if entry.version > 1 { full.saturating_add(cached) } else { full };
    programInitGasReturn { gas, gasWhenCached: cached }
}

/// The Solidity error for a program that cannot run.
pub(super) fn inactive<E>(inactive: Inactive) -> Failure<E> {
    match inactive {
        Inactive::NotActivated => Failure::error(ProgramNotActivated {}),
        Inactive::NeedsUpgrade { version, stylus_version } => {
            Failure::error(ProgramNeedsUpgrade { version, stylusVersion: stylus_version })
        }
        Inactive::Expired { age } => Failure::error(ProgramExpired { ageInSeconds: age }),
    }
}

/// The Solidity error for too little value.
pub(super) fn insufficient_value<E>(have: U256, want: U256) -> Failure<E> {
    Failure::error(ProgramInsufficientValue { have, want })
}
