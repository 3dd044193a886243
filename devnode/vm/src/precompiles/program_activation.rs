//! Activating programs, and keeping them active.

use super::Failure;
use super::arb_wasm_abi::{
    ProgramActivated, ProgramKeepaliveTooSoon, ProgramLifetimeExtended, ProgramNotWasm, ProgramUpToDate, inactive,
    insufficient_value, params,
};
use super::call::{Answer, Call};
use crate::HaltReason;
use crate::arbos::{ProgramEntry, Root};
use crate::evm::ProgramCode;
use revm::Database;
use revm::context_interface::{ContextTr, JournalTr};
use revm::primitives::{Address, B256, Bytes, U256, keccak256};
use stylus_program::activation::{self, ActivationRules, ProgramInfo};
use stylus_program::params::{ProgramParams, arbos_versions};
use stylus_program::start_cost::ProgramCosts;
use stylus_program::{format, fragments};

/// Gas that every activation costs, before anything is looked at.
const ACTIVATION_GAS: u64 = 1_659_168;

/// Activates the program at `program` and returns the Stylus version and the data fee in wei.
pub(super) fn activate<DB: Database>(call: &mut Call<'_, DB>, program: Address) -> Answer<(u16, U256), DB> {
    if call.version() >= arbos_versions::ACTIVATION_GAS {
        let extra = Root::programs().activation_gas(call)?;
        call.burn(extra)?;
    }
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
    let code = read(call, &params, code.original_bytes())?;
    let wasm = code.wasm(params.max_wasm_size).map_err(|_| Failure::Plain)?;
    let info = check(call, &params, &wasm)?;
    if old.cached {
        // The cached module is dropped by its hash, which is looked up, and paid for.
        Root::programs().module_hash(call, code_hash)?;
    }
    let module_hash = module_hash(code.key(code_hash), params.version);
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

/// The program with this code. Its fragments are paid for, one after the other.
fn read<DB: Database>(call: &mut Call<'_, DB>, params: &ProgramParams, code: Bytes) -> Answer<ProgramCode, DB> {
    if format::is_classic(&code) {
        return Ok(ProgramCode::Classic(code));
    }
    if code.is_empty() {
        return Err(Failure::error(ProgramNotWasm {}));
    }
    if call.version() < arbos_versions::FRAGMENTS || fragments::is_fragment(&code) {
        return Err(Failure::Plain);
    }
    if !fragments::is_root(&code) {
        return Err(Failure::error(ProgramNotWasm {}));
    }
    let root = fragments::Root::read(&code).map_err(|_| Failure::Plain)?;
    if root.wasm_size > params.max_wasm_size || root.addresses.len() > usize::from(params.max_fragment_count) {
        return Err(Failure::Plain);
    }
    let mut codes = Vec::new();
    for address in &root.addresses {
        let code = call.code_for_copy(Address::from(address))?;
        fragments::payload(&code).map_err(|_| Failure::Plain)?;
        codes.push(code);
    }
    Ok(ProgramCode::Fragmented(root, codes))
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
            Err(Failure::Halt(HaltReason::Precompile(format!("program activation failed: {error}"))))
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
fn module_hash(code: B256, version: u16) -> B256 {
    keccak256([b"stylus module".as_slice(), code.as_slice(), &version.to_be_bytes()].concat())
}
