//! Storage, its cache, and transient storage.

use crate::chain::*;
use revm::primitives::U256;
use stylus_vm::{ExecutionOutcome, revm};

const LOAD: &str = r#"(import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))"#;
const STORE: &str = r#"
    (import "vm_hooks" "storage_cache_bytes32" (func $store (param i32 i32)))
    (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))"#;

/// Two words of data: the key 1 and the value 7.
fn key_and_value() -> String {
    let words = [1_u64, 7].map(|word| U256::from(word).to_be_bytes::<32>());
    hex(&words.concat())
}

/// The gas of running `program` beyond its start, without refunds.
fn body_gas(chain: &mut Chain, program: revm::primitives::Address) -> u64 {
    let start = chain.start_gas(program);
    let execution = chain.call(program, Vec::new());
    assert!(is_success(&execution), "{:?}", execution.outcome);
    execution.gas_used - 21_000 - start
}

#[test]
fn the_first_load_of_a_slot_is_cold() {
    let mut chain = Chain::new();
    let body = "i32.const 0 i32.const 64 call $load";
    let program = chain.program(&wat(LOAD, &key_and_value(), body, 0));
    // The import at 18,480 ink, and in gas 2,100 for the cold slot and 5 for the trip.
    assert_eq!(body_gas(&mut chain, program), gas(calls(&[2]) + 18_480) + 2_105);
}

#[test]
fn the_second_load_comes_from_the_cache() {
    let mut chain = Chain::new();
    let body = "i32.const 0 i32.const 64 call $load i32.const 0 i32.const 64 call $load";
    let program = chain.program(&wat(LOAD, &key_and_value(), body, 0));
    assert_eq!(body_gas(&mut chain, program), gas(calls(&[2, 2]) + 2 * 18_480) + 2_105);
}

#[test]
fn a_load_after_a_clear_is_warm() {
    let mut chain = Chain::new();
    let body = "i32.const 0 i32.const 64 call $load i32.const 1 call $flush i32.const 0 i32.const 64 call $load";
    let program = chain.program(&wat(&format!("{LOAD}{STORE}"), &key_and_value(), body, 0));
    // The flush at 68,073 has nothing to write and drops the cache; the slot is warm for 100, again with the trip of 5.
    let ink = calls(&[2, 1, 2]) + 2 * 18_480 + 68_073;
    assert_eq!(body_gas(&mut chain, program), gas(ink) + 2_105 + 105);
}

#[test]
fn the_thirty_third_load_costs_gas() {
    let mut chain = Chain::new();
    let body = "i32.const 0 i32.const 64 call $load ".repeat(33);
    let program = chain.program(&wat(LOAD, &key_and_value(), &body, 0));
    assert_eq!(body_gas(&mut chain, program), gas(calls(&[2; 33]) + 33 * 18_480) + 2_105 + 2);
}

#[test]
fn a_flush_pays_for_sstore() {
    let mut chain = Chain::new();
    let body = "i32.const 0 i32.const 32 call $store i32.const 0 call $flush";
    let program = chain.program(&wat(STORE, &key_and_value(), body, 0));
    let ink = gas(calls(&[2, 1]) + 18_480 + 68_073);
    // Zero to seven in a cold slot: 2,100 + 20,000.
    assert_eq!(body_gas(&mut chain, program), ink + 22_100);
    assert_eq!(chain.slot(program, 1), U256::from(7));
    // Seven to seven, blind: 2,100 + 100.
    assert_eq!(body_gas(&mut chain, program), ink + 2_200);
    // Nine to seven: 2,100 + 2,900.
    chain.db.insert_account_storage(program, U256::from(1), U256::from(9)).unwrap();
    assert_eq!(body_gas(&mut chain, program), ink + 5_000);
}

#[test]
fn clearing_a_slot_is_refunded() {
    let mut chain = Chain::new();
    let body = "i32.const 0 i32.const 64 call $store i32.const 0 call $flush";
    let program = chain.program(&wat(STORE, &key_and_value(), body, 0));
    chain.db.insert_account_storage(program, U256::from(1), U256::from(9)).unwrap();
    let start = chain.start_gas(program);
    let execution = chain.call(program, Vec::new());
    // 4,800 back: less than a fifth of all that was used.
    let used = 21_000 + start + gas(calls(&[2, 1]) + 18_480 + 68_073) + 5_000;
    assert!(used / 5 > 4_800);
    assert_eq!(execution.gas_used, used - 4_800);
    assert_eq!(chain.slot(program, 1), U256::ZERO);
}

#[test]
fn loading_first_makes_the_flush_warm() {
    let mut chain = Chain::new();
    let body = "i32.const 0 i32.const 64 call $load i32.const 0 i32.const 32 call $store i32.const 0 call $flush";
    let program = chain.program(&wat(&format!("{LOAD}{STORE}"), &key_and_value(), body, 0));
    let ink = gas(calls(&[2, 2, 1]) + 2 * 18_480 + 68_073);
    assert_eq!(body_gas(&mut chain, program), ink + 2_105 + 20_000);
    // The value is known to be the same now, so that nothing is written.
    assert_eq!(body_gas(&mut chain, program), ink + 2_105);
}

#[test]
fn what_is_not_flushed_is_lost() {
    let mut chain = Chain::new();
    let program = chain.program(&wat(STORE, &key_and_value(), "i32.const 0 i32.const 32 call $store", 0));
    assert_eq!(body_gas(&mut chain, program), gas(calls(&[2]) + 18_480));
    assert_eq!(chain.slot(program, 1), U256::ZERO);
}

#[test]
fn transient_storage_lasts_for_the_transaction() {
    let mut chain = Chain::new();
    let imports = r#"
        (import "vm_hooks" "transient_load_bytes32" (func $load (param i32 i32)))
        (import "vm_hooks" "transient_store_bytes32" (func $store (param i32 i32)))
        (import "vm_hooks" "write_result" (func $return (param i32 i32)))"#;
    // Writes seven, reads it back to another place and returns that.
    let body = "i32.const 0 i32.const 32 call $store i32.const 0 i32.const 64 call $load
        i32.const 64 i32.const 32 call $return";
    let program = chain.program(&wat(imports, &key_and_value(), body, 0));
    let start = chain.start_gas(program);
    let execution = chain.call(program, Vec::new());
    assert_eq!(U256::from_be_slice(&output(&execution)), U256::from(7));
    // Each access at 78,153 ink and 100 gas; the result at 8,400 and twice 16,381 for its word.
    let ink = calls(&[2, 2, 2]) + 2 * 78_153 + 8_400 + 2 * 16_381;
    assert_eq!(execution.gas_used, 21_000 + start + gas(ink) + 200);
    assert_eq!(chain.slot(program, 1), U256::ZERO);

    let reader = "i32.const 0 i32.const 64 call $load i32.const 64 i32.const 32 call $return";
    let reader = chain.program(&wat(imports, &key_and_value(), reader, 0));
    assert_eq!(output(&chain.call(reader, Vec::new())).as_ref(), [0; 32], "another account, another transaction");
}

#[test]
fn a_failing_program_writes_nothing() {
    let mut chain = Chain::new();
    let body = "i32.const 0 i32.const 32 call $store i32.const 0 call $flush";
    let program = chain.program(&wat(STORE, &key_and_value(), body, 1));
    let start = chain.start_gas(program);
    let execution = chain.call(program, Vec::new());
    assert!(matches!(execution.outcome, ExecutionOutcome::Revert { .. }));
    assert_eq!(execution.gas_used, 21_000 + start + gas(calls(&[2, 1]) + 18_480 + 68_073) + 22_100);
    assert_eq!(chain.slot(program, 1), U256::ZERO);
}
