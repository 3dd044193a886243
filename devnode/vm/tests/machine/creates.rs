//! Contracts that programs create.

use crate::chain::*;
use revm::primitives::{Address, B256, Bytes, U256, keccak256};
use stylus_vm::revm;

const IMPORTS: &str = r#"
    (import "vm_hooks" "create1" (func $create1 (param i32 i32 i32 i32 i32)))
    (import "vm_hooks" "create2" (func $create2 (param i32 i32 i32 i32 i32 i32)))
    (import "vm_hooks" "return_data_size" (func $size (result i32)))
    (import "vm_hooks" "write_result" (func $return (param i32 i32)))"#;

/// Init code that returns one zero byte: PUSH1 1, PUSH1 0, RETURN. It costs 6 for the pushes, 3 for memory and 200 for
/// the byte.
const INIT: [u8; 5] = [0x60, 1, 0x60, 0, 0xf3];

/// Init code at 0, the endowment at 32 and the salt, a word of 7, at 64.
fn data(init: &[u8], endowment: u64) -> String {
    let mut bytes = init.to_vec();
    bytes.resize(32, 0);
    bytes.extend(U256::from(endowment).to_be_bytes::<32>());
    bytes.extend([7; 32]);
    hex(&bytes)
}

#[test]
fn create1_uses_the_nonce() {
    let mut chain = Chain::new();
    // The address goes to 108, so that the word at 96 is the result.
    let body = "i32.const 0 i32.const 5 i32.const 32 i32.const 108 i32.const 160 call $create1
        i32.const 96 i32.const 32 call $return";
    let program = chain.program(&wat(IMPORTS, &data(&INIT, 3), body, 0));
    let start = chain.start_gas(program);
    let tx = stylus_vm::Transaction { value: U256::from(4), ..chain.transaction(program, Vec::new()) };
    let execution = chain.send(&tx);
    let created = Address::from_slice(&output(&execution)[12..]);
    assert_eq!(created, program.create(1));
    assert_eq!(chain.code_hash(created), keccak256([0]));
    assert_eq!((chain.balance(program), chain.balance(created)), (U256::from(1), U256::from(3)));
    // 83,193 ink and twice 16,381 to copy the code, then the result; 32,000 gas and the constructor's 209.
    let ink = calls(&[5, 2]) + 83_193 + 2 * 16_381 + 8_400 + 2 * 16_381;
    assert_eq!(execution.gas_used, 21_000 + start + gas(ink) + 32_209);
}

#[test]
fn create2_uses_the_salt() {
    let mut chain = Chain::new();
    let body = "i32.const 0 i32.const 5 i32.const 32 i32.const 64 i32.const 108 i32.const 160 call $create2
        i32.const 96 i32.const 32 call $return";
    let program = chain.program(&wat(IMPORTS, &data(&INIT, 0), body, 0));
    let start = chain.start_gas(program);
    let execution = chain.call(program, Vec::new());
    let created = Address::from_slice(&output(&execution)[12..]);
    assert_eq!(created, program.create2(B256::repeat_byte(7), keccak256(INIT)));
    // 5,040 more ink for the salt, 6 gas for the word that is hashed.
    let ink = calls(&[6, 2]) + 88_233 + 2 * 16_381 + 8_400 + 2 * 16_381;
    assert_eq!(execution.gas_used, 21_000 + start + gas(ink) + 32_006 + 209);
    let again = chain.call(program, Vec::new());
    assert_eq!(output(&again).as_ref(), [0; 32], "the address is taken");
}

#[test]
fn a_failed_constructor_leaves_its_revert_data() {
    let mut chain = Chain::new();
    // Returns the address with the length of the return data behind it.
    let body = "i32.const 0 i32.const 5 i32.const 32 i32.const 108 i32.const 160 call $create1
        i32.const 128 call $size i32.store i32.const 96 i32.const 64 call $return";
    // PUSH1 9, PUSH1 0, REVERT.
    let program = chain.program(&wat(IMPORTS, &data(&[0x60, 9, 0x60, 0, 0xfd], 0), body, 0));
    let result = output(&chain.call(program, Vec::new()));
    assert_eq!((&result[..32], result[32]), ([0; 32].as_slice(), 9));
    let success = chain.program(&wat(IMPORTS, &data(&INIT, 0), body, 0));
    assert_eq!(output(&chain.call(success, Vec::new()))[32], 0);
}

#[test]
fn only_stylus_code_may_start_with_ef() {
    let mut chain = Chain::new();
    // MSTORE8(0, 0xef), MSTORE8(1, 0xf0), then RETURN `length` bytes: with four, they are EF F0 00 00.
    let init = |length: u8| {
        Bytes::from(vec![0x60, 0xef, 0x60, 0, 0x53, 0x60, 0xf0, 0x60, 1, 0x53, 0x60, length, 0x60, 0, 0xf3])
    };
    for (length, allowed) in [(1, false), (2, false), (3, false), (4, true)] {
        let tx = chain.transaction(revm::primitives::TxKind::Create, init(length));
        let execution = chain.send(&tx);
        assert_eq!(is_success(&execution), allowed, "{length}");
        if !allowed {
            let reason = stylus_vm::HaltReason::CodeStartsWithEf;
            assert_eq!(execution.outcome, stylus_vm::ExecutionOutcome::Halt { reason });
        }
    }
}
