//! What Ethereum's rules would not suggest, and what is therefore easily lost: each was seen on a running Nitro.

use crate::chain::*;
use alloy_sol_types::{SolCall, sol};
use revm::context_interface::transaction::{Authorization, RecoveredAuthority, RecoveredAuthorization};
use revm::primitives::{Address, B256, KECCAK_EMPTY, U256, address};
use stylus_vm::{Checks, ExecutionOutcome, HaltReason, Transaction, revm};

const ARB_SYS: Address = address!("0x0000000000000000000000000000000000000064");
const ARB_DEBUG: Address = address!("0x00000000000000000000000000000000000000ff");
const ARB_WASM_CACHE: Address = address!("0x0000000000000000000000000000000000000072");
const CONTRACT: Address = address!("0x00000000000000000000000000000000c0de0001");
const NOBODY: Address = address!("0x00000000000000000000000000000000dead0009");
const STRANGER: Address = address!("0x00000000000000000000000000000000dead0001");

sol! {
    function setL1PricePerUnit(uint256 price) external;
    function becomeChainOwner() external;
    function setWasmExpiryDays(uint16 count) external;
    function setWasmFreePages(uint16 pages) external;
    function cacheProgram(address program) external;
}

fn revert() -> ExecutionOutcome {
    ExecutionOutcome::Revert { output: Vec::new().into() }
}

/// A transaction of type 4 to a stranger whose account delegates to `code`.
fn delegated(chain: &mut Chain, code: Address) -> Transaction {
    let authorization = Authorization { chain_id: U256::from(412_346), address: code, nonce: 0 };
    let signed = RecoveredAuthorization::new_unchecked(authorization, RecoveredAuthority::Valid(STRANGER));
    Transaction { tx_type: 4, authorization_list: vec![signed], ..chain.transaction(STRANGER, Vec::new()) }
}

#[test]
fn blobs_have_hashes_of_zero_and_no_base_fee() {
    let mut chain = Chain::new();
    // PUSH0, the instruction, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN.
    chain.place(CONTRACT, &[0x5f, 0x49, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3]);
    let hash = chain.call(CONTRACT, Vec::new());
    assert_eq!(output(&hash).as_ref(), [0; 32]);
    // Three times PUSH0 at 2, BLOBHASH, MSTORE with a word of memory 6, PUSH1.
    assert_eq!(hash.gas_used, 21_000 + 3 * 2 + 3 + 6 + 3);
    chain.place(CONTRACT, &[0x4a, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3]);
    let fee = chain.call(CONTRACT, Vec::new());
    assert!(matches!(fee.outcome, ExecutionOutcome::Halt { .. }), "{:?}", fee.outcome);
    assert_eq!(fee.gas_used, PLENTY);
}

#[test]
fn an_owners_call_needs_its_gas_and_gets_it_back() {
    let mut chain = Chain::new();
    let input = setL1PricePerUnitCall { price: U256::from(1) }.abi_encode();
    let base = intrinsic(&input);
    // To look whether the caller owns the chain is free, but a write needs 20,000 to be there.
    let short = Transaction { gas_limit: 25_000, ..chain.transaction(ARB_OWNER, input.clone()) };
    let execution = chain.send(&short);
    assert_eq!((execution.outcome, execution.gas_used), (revert(), base));
    let execution = chain.call(ARB_OWNER, input);
    assert!(is_success(&execution));
    assert_eq!(execution.gas_used, base);
}

#[test]
fn who_cannot_pay_for_a_code_has_not_looked_at_it() {
    let mut chain = Chain::new();
    chain.place(CONTRACT, &ANSWER);
    let imports = r#"(import "vm_hooks" "account_code_size" (func $size (param i32) (result i32)))"#;
    let program = chain.program(&wat(imports, &hex(CONTRACT.as_slice()), "i32.const 0 call $size drop", 0));
    let needed = chain.call(program, Vec::new()).gas_used;
    // The account is cold for 2,600 and its code another 700. Who has only the first is out of gas: the size is not 0.
    for missing in [1, 100, 350, 699, 701] {
        let tx = Transaction { gas_limit: needed - missing, ..chain.transaction(program, Vec::new()) };
        let execution = chain.send(&tx);
        let out_of_gas = ExecutionOutcome::Halt { reason: HaltReason::OutOfGas };
        assert_eq!((execution.outcome, execution.gas_used), (out_of_gas, needed - missing));
    }
}

#[test]
fn to_activate_what_is_cached_looks_up_its_module() {
    let mut chain = Chain::new();
    let programs = [7, 9].map(|status| chain.program(&wat("", "", "", status)));
    assert!(is_success(&chain.call(ARB_WASM_CACHE, cacheProgramCall { program: programs[0] }.abi_encode())));
    assert!(is_success(&chain.call(ARB_OWNER, setWasmExpiryDaysCall { count: 0 }.abi_encode())));
    chain.block.timestamp += 1;
    let [cached, other] = programs.map(|program| {
        let activation = chain.activate(program);
        assert!(is_success(&activation), "{:?}", activation.outcome);
        activation.gas_used - intrinsic(&activateProgramCall { program }.abi_encode())
    });
    assert_eq!(cached, other + 800);
}

#[test]
fn an_account_that_delegates_to_a_precompile_does_nothing() {
    let mut chain = Chain::new();
    let tx = delegated(&mut chain, ARB_SYS);
    let execution = chain.send(&tx);
    assert_eq!(output(&execution).len(), 0);
    assert_eq!(execution.gas_used, 21_000 + 25_000, "the code of ArbSys, an invalid instruction, does not run");

    let imports = r#"(import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))"#;
    let arguments = "i32.const 0 i32.const 0 i32.const 0 i32.const 64 i64.const -1 i32.const 96";
    let body = format!("{arguments} call $call (if (then unreachable))");
    let program = chain.program(&wat(imports, &hex(STRANGER.as_slice()), &body, 0));
    assert!(is_success(&chain.call(program, Vec::new())), "nor for a program");
}

#[test]
fn an_empty_account_has_a_code_hash_once_it_was_touched() {
    let mut chain = Chain::new();
    let imports = r#"
        (import "vm_hooks" "static_call_contract" (func $call (param i32 i32 i32 i64 i32) (result i32)))
        (import "vm_hooks" "account_codehash" (func $hash (param i32 i32)))
        (import "vm_hooks" "write_result" (func $return (param i32 i32)))"#;
    let touch = "i32.const 0 i32.const 0 i32.const 0 i64.const -1 i32.const 96 call $call drop";
    for (touch, hash) in [("", B256::ZERO), (touch, KECCAK_EMPTY)] {
        let body = format!("{touch} i32.const 0 i32.const 32 call $hash i32.const 32 i32.const 32 call $return");
        let program = chain.program(&wat(imports, &hex(NOBODY.as_slice()), &body, 0));
        assert_eq!(output(&chain.call(program, Vec::new())).as_ref(), hash.as_slice());
    }
}

#[test]
fn programs_do_not_let_others_destroy_them() {
    let mut chain = Chain::new();
    // CALLER, SELFDESTRUCT.
    chain.place(CONTRACT, &[0x33, 0xff]);
    let imports = r#"
        (import "vm_hooks" "delegate_call_contract" (func $call (param i32 i32 i32 i64 i32) (result i32)))
        (import "vm_hooks" "write_result" (func $return (param i32 i32)))"#;
    let body = "i32.const 32 i32.const 0 i32.const 0 i32.const 0 i64.const 1000000 i32.const 96 call $call
        i32.store i32.const 32 i32.const 4 call $return";
    let program = chain.program(&wat(imports, &hex(CONTRACT.as_slice()), body, 0));
    let tx = Transaction { value: U256::from(1), ..chain.transaction(program, Vec::new()) };
    assert_eq!(output(&chain.send(&tx)).as_ref(), [2, 0, 0, 0], "the call failed");
    assert_eq!(chain.balance(program), U256::from(1));
}

#[test]
fn numbers_have_clean_upper_bytes() {
    let mut chain = Chain::new();
    let mut input = setWasmFreePagesCall { pages: 2 }.abi_encode();
    input[4 + 29] = 1;
    let execution = chain.call(ARB_OWNER, input);
    assert!(!is_success(&execution), "65,538 is no number of pages");
}

#[test]
fn no_code_has_its_place_all_the_same() {
    let mut chain = Chain::new();
    let imports = r#"(import "vm_hooks" "account_code" (func $code (param i32 i32 i32 i32) (result i32)))"#;
    for (place, outcome) in [("65536", true), ("-1", false)] {
        let body = format!("i32.const 0 i32.const 0 i32.const 0 i32.const {place} call $code drop");
        let program = chain.program(&wat(imports, &hex(NOBODY.as_slice()), &body, 0));
        assert_eq!(is_success(&chain.call(program, Vec::new())), outcome, "{place}");
    }
}

#[test]
fn a_write_below_a_static_call_costs_the_limit_of_a_transaction() {
    let mut chain = Chain::new();
    // Calls ArbDebug.becomeChainOwner() with all gas and returns whether it could.
    let mut writer = vec![0x63];
    writer.extend(becomeChainOwnerCall::SELECTOR);
    writer.extend([0x5f, 0x52, 0x5f, 0x5f, 0x60, 4, 0x60, 28, 0x5f, 0x73]);
    writer.extend(ARB_DEBUG.as_slice());
    writer.extend([0x5a, 0xf1, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3]);
    chain.place(STRANGER, &writer);
    // Calls that statically and returns its answer.
    let mut relay = vec![0x60, 0x20, 0x5f, 0x5f, 0x5f, 0x73];
    relay.extend(STRANGER.as_slice());
    relay.extend([0x5a, 0xfa, 0x50, 0x60, 0x20, 0x5f, 0xf3]);
    chain.place(CONTRACT, &relay);
    // Only a call has more than the 32 million that a transaction computes with.
    for (gas_limit, could) in [(30_000_000, 0), (50_000_000, 1)] {
        let call = Transaction { gas_limit, max_fee_per_gas: 0, ..chain.transaction(CONTRACT, Vec::new()) };
        let execution = chain.vm.execute(&mut chain.db, &chain.block, &call, Checks::Call).expect("a valid call");
        assert_eq!(output(&execution)[31], could, "with {gas_limit} gas");
        // Without enough of it, all but two 64ths are gone.
        assert!((29_000_000..34_000_000).contains(&execution.gas_used), "{}", execution.gas_used);
    }
}
