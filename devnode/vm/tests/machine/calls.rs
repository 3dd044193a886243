//! Calls between programs and contracts.

use crate::chain::*;
use revm::primitives::{Address, Bytes, U256, address};
use stylus_vm::{ExecutionOutcome, revm};

const CONTRACT: Address = address!("0x00000000000000000000000000000000c0ffee01");
const NOBODY: Address = address!("0x00000000000000000000000000000000dead0001");

const IMPORTS: &str = r#"
    (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
    (import "vm_hooks" "delegate_call_contract" (func $delegate (param i32 i32 i32 i64 i32) (result i32)))
    (import "vm_hooks" "static_call_contract" (func $static (param i32 i32 i32 i64 i32) (result i32)))
    (import "vm_hooks" "read_return_data" (func $read (param i32 i32 i32) (result i32)))
    (import "vm_hooks" "read_args" (func $args (param i32)))
    (import "vm_hooks" "write_result" (func $return (param i32 i32)))"#;

/// A call of the address at 0 without input, with the value at 32 and all gas. Its status goes to 96.
const CALL: &str =
    "i32.const 96 i32.const 0 i32.const 0 i32.const 0 i32.const 32 i64.const -1 i32.const 128 call $call i32.store";

/// Returns 64 bytes: the first 32 of the return data, then the word that starts with the status.
const RETURN_BOTH: &str =
    "i32.const 64 i32.const 0 i32.const 32 call $read drop i32.const 64 i32.const 64 call $return";

/// Ink of [`CALL`] and [`RETURN_BOTH`] and the end, for a return data of 32 bytes.
fn call_ink() -> u64 {
    let call = 7 + 3_800 + 2_450 + 83_193 + 2 * 16_381;
    // The store of the status is at the head of the next block; reading costs 68,073 and 5,040 for the word.
    let read = 825 + 3 + 3_800 + 2_450 + 68_073 + 5_040;
    // The drop, then the result at 8,400 and twice 16,381 + 55·32 for its two words.
    let result = 9 + 2 + 3_800 + 2_450 + 8_400 + 2 * (16_381 + 55 * 32);
    call + read + result + 2_452
}

fn address_and_value(address: Address, value: u64) -> String {
    let word = U256::from(value).to_be_bytes::<32>();
    hex(&[address.as_slice(), [0; 12].as_slice(), &word].concat())
}

/// EVM code that calls `target` with an opcode, its value operand if it has one, and all gas, and returns the success
/// word.
fn evm_call(opcode: u8, target: Address) -> Vec<u8> {
    let operands = if opcode == 0xfa { 4 } else { 5 };
    let mut code = [0x60, 0].repeat(operands);
    code.push(0x73);
    code.extend(target.as_slice());
    code.extend([0x5a, opcode, 0x60, 0, 0x52, 0x60, 0x20, 0x60, 0, 0xf3]);
    code
}

#[test]
fn a_program_calls_a_contract() {
    let mut chain = Chain::new();
    chain.place(CONTRACT, &ANSWER);
    let body = format!("{CALL} {RETURN_BOTH}");
    let program = chain.program(&wat(IMPORTS, &address_and_value(CONTRACT, 0), &body, 0));
    let start = chain.start_gas(program);
    let execution = chain.call(program, Vec::new());
    let output = output(&execution);
    assert_eq!(U256::from_be_slice(&output[..32]), U256::from(42));
    assert_eq!(output[32], 0, "the call succeeded");
    // A cold account is 2,600; the contract uses 18.
    assert_eq!(execution.gas_used, 21_000 + start + gas(call_ink()) + 2_600 + 18);
}

#[test]
fn a_callee_gets_63_of_64_parts() {
    let mut chain = Chain::new();
    // GAS, MSTORE, RETURN.
    chain.place(CONTRACT, &[0x5a, 0x60, 0, 0x52, 0x60, 0x20, 0x60, 0, 0xf3]);
    let body = format!("{CALL} {RETURN_BOTH}");
    let program = chain.program(&wat(IMPORTS, &address_and_value(CONTRACT, 0), &body, 0));
    let start = chain.start_gas(program);
    let result = output(&chain.call(program, Vec::new()));
    // Before the call: its block and its own price; then 2,600 for the account; GAS itself takes 2.
    let left = ((PLENTY - 21_000 - start) * 10_000 - (7 + 3_800 + 2_450 + 83_193 + 2 * 16_381)) / 10_000;
    assert_eq!(U256::from_be_slice(&result[..32]), U256::from((left - 2_600) * 63 / 64 - 2));
}

#[test]
fn value_reaches_the_callee_and_pays_its_stipend() {
    let mut chain = Chain::new();
    let body = format!("{CALL} {RETURN_BOTH}");
    let program = chain.program(&wat(IMPORTS, &address_and_value(NOBODY, 5), &body, 0));
    let start = chain.start_gas(program);
    let tx = stylus_vm::Transaction { value: U256::from(9), ..chain.transaction(program, Vec::new()) };
    let execution = chain.send(&tx);
    assert!(is_success(&execution));
    assert_eq!((chain.balance(program), chain.balance(NOBODY)), (U256::from(4), U256::from(5)));
    // No return data: reading is 5,040 all the same. Cold 2,600, a new account 25,000, the transfer 9,000; nobody uses
    // gas.
    assert_eq!(execution.gas_used, 21_000 + start + gas(call_ink()) + 36_600);
}

#[test]
fn a_callee_that_uses_the_stipend_is_paid_for_it() {
    let mut chain = Chain::new();
    chain.place(CONTRACT, &ANSWER);
    let body = format!("{CALL} {RETURN_BOTH}");
    let program = chain.program(&wat(IMPORTS, &address_and_value(CONTRACT, 5), &body, 0));
    let start = chain.start_gas(program);
    let tx = stylus_vm::Transaction { value: U256::from(5), ..chain.transaction(program, Vec::new()) };
    // Unlike in the EVM, where the stipend would cover the 18.
    assert_eq!(chain.send(&tx).gas_used, 21_000 + start + gas(call_ink()) + 2_600 + 9_000 + 18);
}

#[test]
fn too_much_value_fails_the_call_only() {
    let mut chain = Chain::new();
    let body = format!("{CALL} {RETURN_BOTH}");
    let program = chain.program(&wat(IMPORTS, &address_and_value(NOBODY, 5), &body, 0));
    let execution = chain.call(program, Vec::new());
    assert_eq!(output(&execution)[32], 2, "the call failed");
    assert_eq!(chain.balance(NOBODY), U256::ZERO);
}

#[test]
fn a_contract_calls_a_program() {
    let mut chain = Chain::new();
    let imports = r#"(import "vm_hooks" "write_result" (func $return (param i32 i32)))"#;
    let program = chain.program(&wat(imports, &hex(&[7; 32]), "i32.const 0 i32.const 32 call $return", 0));
    // CALL with the return data copied to memory, which is then returned.
    let mut code = vec![0x60, 0x20, 0x60, 0, 0x60, 0, 0x60, 0, 0x60, 0, 0x73];
    code.extend(program.as_slice());
    code.extend([0x5a, 0xf1, 0x50, 0x60, 0x20, 0x60, 0, 0xf3]);
    chain.place(CONTRACT, &code);
    let start = chain.start_gas(program);
    let execution = chain.call(CONTRACT, Vec::new());
    assert_eq!(output(&execution).as_ref(), [7; 32]);
    // Six pushes at 3, GAS 2, memory 3, the call of a cold account 2,600, POP 2, two pushes 6. The result is 8,400 ink
    // and twice 16,381.
    let contract = 6 * 3 + 2 + 3 + 2_600 + 2 + 6;
    assert_eq!(execution.gas_used, 21_000 + contract + start + gas(calls(&[2]) + 8_400 + 2 * 16_381));
}

#[test]
fn a_contract_gives_a_program_arguments_from_its_memory() {
    let mut chain = Chain::new();
    let body = "i32.const 0 call $args i32.const 0 local.get $length call $return";
    let echo = chain.program(&wat(IMPORTS, "", body, 0));
    // MSTORE(32, 42), then a call with the 33 bytes from 31 on, whose result is put at 128 and returned.
    let mut code = vec![0x60, 0x2a, 0x60, 32, 0x52, 0x60, 33, 0x60, 128, 0x60, 33, 0x60, 31, 0x60, 0, 0x73];
    code.extend(echo.as_slice());
    code.extend([0x5a, 0xf1, 0x50, 0x60, 33, 0x60, 128, 0xf3]);
    chain.place(CONTRACT, &code);
    let mut expected = [0; 33];
    expected[32] = 42;
    assert_eq!(output(&chain.call(CONTRACT, Vec::new())).as_ref(), expected);

    // Arguments cost 8,400 ink and 5,040 with 30 for the byte beyond a word; `local.get` is 75.
    let start = chain.start_gas(echo);
    let execution = chain.call(echo, vec![1; 33]);
    let ink = calls(&[1, 1]) + 75 + 8_400 + 5_040 + 30 + 8_400 + 2 * (16_381 + 55);
    assert_eq!(execution.gas_used, intrinsic(&[1; 33]) + start + gas(ink));
}

#[test]
fn revert_data_bubbles() {
    let mut chain = Chain::new();
    let imports = r#"(import "vm_hooks" "write_result" (func $return (param i32 i32)))"#;
    let failing = chain.program(&wat(imports, &hex(&[9; 32]), "i32.const 0 i32.const 32 call $return", 1));
    let body = format!("{CALL} {RETURN_BOTH}");
    let caller = chain.program(&wat(IMPORTS, &address_and_value(failing, 0), &body, 0));
    let result = output(&chain.call(caller, Vec::new()));
    assert_eq!((&result[..32], result[32]), ([9; 32].as_slice(), 2));
    let passing_on = chain.program(&wat(IMPORTS, &address_and_value(failing, 0), &body, 1));
    let outcome = chain.call(passing_on, Vec::new()).outcome;
    assert_eq!(outcome, ExecutionOutcome::Revert { output: result });
}

#[test]
fn a_reverting_callee_takes_its_writes_back() {
    let mut chain = Chain::new();
    let imports = r#"
        (import "vm_hooks" "storage_cache_bytes32" (func $store (param i32 i32)))
        (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))"#;
    let write = "i32.const 0 i32.const 0 call $store i32.const 0 call $flush";
    // Slot 2 of each becomes 2.
    let word = hex(&U256::from(2).to_be_bytes::<32>());
    let failing = chain.program(&wat(imports, &word, write, 1));
    let lasting = chain.program(&wat(imports, &word, write, 0));
    for callee in [failing, lasting] {
        let caller = chain.program(&wat(IMPORTS, &address_and_value(callee, 0), CALL, 0));
        assert!(is_success(&chain.call(caller, Vec::new())));
    }
    assert_eq!((chain.slot(failing, 2), chain.slot(lasting, 2)), (U256::ZERO, U256::from(2)));
}

#[test]
fn a_delegate_call_acts_for_the_caller() {
    let mut chain = Chain::new();
    // SSTORE(1, CALLVALUE), SSTORE(2, CALLER), SSTORE(3, ADDRESS).
    chain.place(CONTRACT, &[0x34, 0x60, 1, 0x55, 0x33, 0x60, 2, 0x55, 0x30, 0x60, 3, 0x55]);
    let body = "i32.const 0 i32.const 0 i32.const 0 i64.const -1 i32.const 128 call $delegate drop";
    let program = chain.program(&wat(IMPORTS, &address_and_value(CONTRACT, 0), body, 0));
    let tx = stylus_vm::Transaction { value: U256::from(5), ..chain.transaction(program, Vec::new()) };
    assert!(is_success(&chain.send(&tx)));
    let number = |address: Address| U256::from_be_slice(address.as_slice());
    assert_eq!(chain.slot(program, 1), U256::from(5));
    assert_eq!(chain.slot(program, 2), number(OWNER));
    assert_eq!(chain.slot(program, 3), number(program));
    assert_eq!(chain.balance(program), U256::from(5), "no value moved");
}

#[test]
fn static_calls_forbid_writes() {
    let mut chain = Chain::new();
    let imports = r#"
        (import "vm_hooks" "storage_cache_bytes32" (func $store (param i32 i32)))
        (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
        (import "vm_hooks" "emit_log" (func $log (param i32 i32 i32)))
        (import "vm_hooks" "transient_store_bytes32" (func $transient (param i32 i32)))
        (import "vm_hooks" "create1" (func $create (param i32 i32 i32 i32 i32)))"#;
    let writes = [
        "i32.const 0 i32.const 0 call $store i32.const 0 call $flush",
        "i32.const 0 i32.const 0 i32.const 0 call $log",
        "i32.const 0 i32.const 0 call $transient",
        "i32.const 0 i32.const 0 i32.const 64 i32.const 96 i32.const 128 call $create",
    ];
    for write in writes {
        let word = hex(&U256::from(2).to_be_bytes::<32>());
        let program = chain.program(&wat(imports, &word, write, 0));
        chain.place(CONTRACT, &evm_call(0xfa, program));
        assert_eq!(output(&chain.call(CONTRACT, Vec::new())).as_ref(), [0; 32], "{write}");
        chain.place(CONTRACT, &evm_call(0xf1, program));
        assert_eq!(output(&chain.call(CONTRACT, Vec::new()))[31], 1, "{write}");
    }
}

#[test]
fn static_calls_stay_static_below() {
    let mut chain = Chain::new();
    // SSTORE(0, 1).
    chain.place(CONTRACT, &[0x60, 1, 0x60, 0, 0x55]);
    let body = format!("{CALL} {RETURN_BOTH}");
    let program = chain.program(&wat(IMPORTS, &address_and_value(CONTRACT, 0), &body, 0));
    assert_eq!(output(&chain.call(program, Vec::new()))[32], 0);
    // A program that calls the contract statically stores the failure, and so does one above it that calls the first.
    let body = "i32.const 96 i32.const 0 i32.const 0 i32.const 0 i64.const -1 i32.const 128 call $static i32.store";
    let direct = wat(IMPORTS, &address_and_value(CONTRACT, 0), &format!("{body} {RETURN_BOTH}"), 0);
    let direct = chain.program(&direct);
    assert_eq!(output(&chain.call(direct, Vec::new()))[32], 2);
    // The first program only reverts if it could not write; with a plain call in between, the contract is still static.
    let strict = format!("{CALL} i32.const 96 i32.load call $exit");
    let imports = format!(r#"{IMPORTS} (import "vm_hooks" "exit_early" (func $exit (param i32)))"#);
    let strict = chain.program(&wat(&imports, &address_and_value(CONTRACT, 0), &strict, 0));
    assert!(is_success(&chain.call(strict, Vec::new())));
    let above = chain.program(&wat(IMPORTS, &address_and_value(strict, 0), &format!("{body} {RETURN_BOTH}"), 0));
    assert_eq!(output(&chain.call(above, Vec::new()))[32], 2);
    let value = chain.program(&wat(IMPORTS, &address_and_value(NOBODY, 1), &format!("{CALL} {RETURN_BOTH}"), 0));
    let mut code = vec![0x60, 0x40, 0x60, 0, 0x60, 0, 0x60, 0, 0x73];
    code.extend(value.as_slice());
    code.extend([0x5a, 0xfa, 0x50, 0x60, 0x40, 0x60, 0, 0xf3]);
    let relay = address!("0x00000000000000000000000000000000c0ffee02");
    chain.place(relay, &code);
    assert_eq!(output(&chain.call(relay, Vec::new()))[32], 2, "no value in a static call");
}

#[test]
fn a_program_knows_when_it_is_entered_again() {
    let mut chain = Chain::new();
    // Calls its caller and returns the first word that it gets.
    let proxy = [0x60, 0x20, 0x60, 0, 0x60, 0, 0x60, 0, 0x60, 0, 0x33, 0x5a, 0xf1, 0x50, 0x60, 0x20, 0x60, 0, 0xf3];
    chain.place(CONTRACT, &proxy);
    let imports = format!(r#"{IMPORTS} (import "vm_hooks" "msg_reentrant" (func $reentrant (result i32)))"#);
    // With arguments it calls the address in them and returns what that returns; without, it returns whether it was
    // entered again.
    let body = "
        local.get $length
        if
            i32.const 0 call $args
            i32.const 0 i32.const 0 i32.const 0 i32.const 32 i64.const -1 i32.const 128 call $call drop
            i32.const 64 i32.const 0 i32.const 32 call $read drop
        else
            i32.const 95 call $reentrant i32.store8
        end
        i32.const 64 i32.const 32 call $return";
    let program = chain.program(&wat(&imports, "", body, 0));
    assert_eq!(output(&chain.call(program, Vec::new()))[31], 0, "directly");
    assert_eq!(output(&chain.call(program, CONTRACT.to_vec()))[31], 1, "through the proxy");
    let other = chain.program(&wat(&imports, "x", body, 0));
    chain.place(CONTRACT, &evm_call(0xf1, other));
    assert_eq!(output(&chain.call(program, other.to_vec()))[31], 0, "another program");
}

#[test]
fn programs_and_contracts_nest_without_native_recursion() {
    let run = || {
        let mut chain = Chain::new();
        let proxy = [0x60, 0, 0x60, 0, 0x60, 0, 0x60, 0, 0x60, 0, 0x33, 0x5a, 0xf1, 0x50, 0];
        chain.place(CONTRACT, &proxy);
        let body = format!("{CALL} {RETURN_BOTH}");
        let program = chain.program(&wat(IMPORTS, &address_and_value(CONTRACT, 0), &body, 0));
        let tx = stylus_vm::Transaction {
            gas_limit: 1 << 40,
            max_fee_per_gas: 0,
            ..chain.transaction(program, Bytes::new())
        };
        let execution = chain.vm.execute(&mut chain.db, &chain.block, &tx, stylus_vm::Checks::Call).unwrap();
        // 128 pages cost 31,999,998 gas: the program nested as deep as memory allows.
        assert!(is_success(&execution));
        assert!(execution.gas_used > 31_999_998);
    };
    std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap().join().unwrap();
}
