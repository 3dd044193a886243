//! Activating programs, and keeping them active.

use super::Failure;
use super::arb_wasm::{
    ProgramActivated, ProgramKeepaliveTooSoon, ProgramLifetimeExtended, ProgramNotWasm, ProgramUpToDate, inactive,
    insufficient_value, params,
};
use super::call::{Answer, Call};
use crate::arbos::{ProgramEntry, Root};
use revm::Database;
use revm::context_interface::{ContextTr, JournalTr};
use revm::primitives::{Address, B256, U256, keccak256};
use stylus_program::activation::{self, ActivationRules, ProgramInfo};
use stylus_program::format;
use stylus_program::params::{ProgramParams, arbos};
use stylus_program::start_cost::ProgramCosts;

/// Gas that every activation costs, before anything is looked at.
const ACTIVATION_GAS: u64 = 1_659_168;

/// Activates the program at `program` and returns the Stylus version and the data fee in wei.
pub(super) fn activate<DB: Database>(call: &mut Call<'_, DB>, program: Address) -> Answer<(u16, U256), DB> {
    call.burn(ACTIVATION_GAS)?;
    let (account, code) = call.account(program)?;
    let code_hash = account.code_hash;
    if is_self_destructed(call, program) {
        return Err(Failure::Plain);
    }
    let params = params(call)?;
    let now = call.now();
    let old = Root::programs().entry(call, code_hash)?;
    if old.version == params.version && !old.is_expired(&params, now) {
        return Err(Failure::error(ProgramUpToDate {}));
    }
    if !format::is_classic(code.original_byte_slice()) {
        return Err(not_a_program(call.version()));
    }
    let wasm = format::decompress(code.original_byte_slice(), params.max_wasm_size).map_err(|_| Failure::Plain)?;
    let info = check(call, &params, &wasm)?;

    let module_hash = module_hash(code_hash, params.version);
    Root::programs().set_module_hash(call, code_hash, module_hash)?;
    let fee = Root::programs().price_data(call, info.asm_estimate, now)?;
    let costs = ProgramCosts {
        version: params.version,
        init_cost: info.init_cost,
        cached_init_cost: info.cached_init_cost,
        footprint: info.footprint,
    };
    let entry = ProgramEntry::new(costs, info.asm_estimate, now, old.cached);
    Root::programs().set_entry(call, code_hash, &entry)?;
    pay_data_fee(call, fee)?;
    call.emit(&ProgramActivated {
        codehash: code_hash,
        moduleHash: module_hash,
        program,
        dataFee: fee,
        version: params.version,
    })?;
    Ok((params.version, fee))
}

/// Starts a new life for the active program with this code.
pub(super) fn keep_alive<DB: Database>(call: &mut Call<'_, DB>, code_hash: B256) -> Answer<(), DB> {
    let params = params(call)?;
    let now = call.now();
    let mut entry = Root::programs().entry(call, code_hash)?.active(&params, now).map_err(inactive)?;
    if entry.is_young(&params, now) {
        return Err(Failure::error(ProgramKeepaliveTooSoon { ageInSeconds: entry.age(now) }));
    }
    let fee = Root::programs().price_data(call, entry.asm_bytes(), now)?;
    entry.renew(now);
    Root::programs().set_entry(call, code_hash, &entry)?;
    pay_data_fee(call, fee)?;
    call.emit(&ProgramLifetimeExtended { codehash: code_hash, dataFee: fee })
}

/// The error for an account without a program, which got a name together with fragments.
fn not_a_program<E>(arbos_version: u64) -> Failure<E> {
    if arbos_version >= arbos::FRAGMENTS { Failure::error(ProgramNotWasm {}) } else { Failure::Plain }
}

/// Checks the WASM and pays for it. A program that does not pass takes all gas with it.
fn check<DB: Database>(call: &mut Call<'_, DB>, params: &ProgramParams, wasm: &[u8]) -> Answer<ProgramInfo, DB> {
    let rules = ActivationRules {
        arbos_version: call.version(),
        stylus_version: params.version,
        page_limit: params.page_limit.saturating_sub(call.context.chain.open_pages),
        debug: call.config().debug,
    };
    match activation::activate(wasm, &rules, &mut call.gas_left) {
        Ok(activated) => Ok(activated.info),
        Err(error) => {
            call.gas_left = 0;
            Err(Failure::Halt(format!("program activation failed: {error}")))
        }
    }
}

/// Passes the fee on to the network and the rest of the value back to the caller.
fn pay_data_fee<DB: Database>(call: &mut Call<'_, DB>, fee: U256) -> Answer<(), DB> {
    let Some(rest) = call.value.checked_sub(fee) else {
        return Err(insufficient_value(call.value, fee));
    };
    let network = Root::network_fee_account(call)?;
    call.pay(network, fee)?;
    call.pay(call.caller, rest)
}

/// Whether the account was destroyed in this transaction.
fn is_self_destructed<DB: Database>(call: &mut Call<'_, DB>, address: Address) -> bool {
    call.context.journal().evm_state().get(&address).is_some_and(|account| account.is_selfdestructed_locally())
}

/// A name for the instrumented module. On Arbitrum it is the Merkle root that fraud proofs start from; this chain has
/// none.
fn module_hash(code_hash: B256, version: u16) -> B256 {
    keccak256([b"stylus module".as_slice(), code_hash.as_slice(), &version.to_be_bytes()].concat())
}
