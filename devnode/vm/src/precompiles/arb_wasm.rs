//! ArbWasm (0x71): activates programs and answers questions about them.

use super::arb_wasm_abi::*;
use super::call::{Answer, Call};
use super::method::{Method, Purity};
use super::program_activation;
use crate::arbos::{ProgramEntry, Root};
use alloy_sol_types::SolCall;
use revm::Database;
use revm::primitives::{Address, B256};
use stylus_program::params::{ProgramParams, arbos_versions};
use stylus_program::start_cost;

/// A constant of an older memory model, which is only reported.
const PAGE_RAMP: u64 = 620_674_314;

/// Units of the parameters for the least cost of starting, in gas.
const INIT_GAS_UNIT: u64 = 128;
const CACHED_INIT_GAS_UNIT: u64 = 32;

/// Unit of the cost scalars, in percent.
const SCALAR_PERCENT: u64 = 2;

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
                .map(|method| method.since(arbos_versions::ACTIVATION_GAS))
        }
        _ => None,
    }
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
