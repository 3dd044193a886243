//! What programs can ask, compute and say.

use crate::chain::*;
use revm::primitives::{Address, B256, U256, address, keccak256};
use stylus_vm::{Checks, Transaction, revm};

const CONTRACT: Address = address!("0x00000000000000000000000000000000c0ffee01");

/// Imports of `names` with this type, and `write_result`.
fn imports(names: &[&str], ty: &str) -> String {
    let import = |name: &&str| format!(r#"(import "vm_hooks" "{name}" (func ${name} {ty}))"#);
    let names: String = names.iter().map(import).collect();
    format!(r#"{names} (import "vm_hooks" "write_result" (func $return (param i32 i32)))"#)
}

#[test]
fn numbers_of_block_and_transaction() {
    let names = ["chainid", "block_number", "block_timestamp", "block_gas_limit", "evm_gas_left", "evm_ink_left"];
    let store = |(index, name): (usize, &&str)| format!("i32.const {} call ${name} i64.store ", index * 8);
    let body: String = names.iter().enumerate().map(store).collect();
    let body = format!("{body} i32.const 0 i32.const 48 call $return");
    let mut chain = Chain::new();
    let program = chain.program(&wat(&imports(&names, "(result i64)"), "", &body, 0));
    let start = chain.start_gas(program);
    let result = output(&chain.call(program, Vec::new()));
    let number = |index: usize| u64::from_le_bytes(result[index * 8..][..8].try_into().unwrap());
    assert_eq!([0, 1, 2, 3].map(number), [412_346, 5, 1_800_000_000, 1 << 50]);
    // The gas limit without the intrinsic gas and the start, in ink, without the calls so far: five blocks of a
    // constant and a call, a store at 950 in all but the first, and five times 8,400.
    let ink_at_fifth = 5 * (1 + 3_800 + 2_450 + 8_400) + 4 * 950;
    let left = (PLENTY - 21_000 - start) * 10_000 - ink_at_fifth;
    assert_eq!(number(4), left / 10_000);
    assert_eq!(number(5), left - (950 + 1 + 3_800 + 2_450 + 8_400));
}

#[test]
fn addresses_and_values() {
    let names =
        ["msg_sender", "contract_address", "tx_origin", "block_coinbase", "msg_value", "tx_gas_price", "block_basefee"];
    let body: String =
        names.iter().enumerate().map(|(index, name)| format!("i32.const {} call ${name} ", index * 32)).collect();
    let body = format!("{body} i32.const 0 i32.const 224 call $return");
    let mut chain = Chain::new();
    let program = chain.program(&wat(&imports(&names, "(param i32)"), "", &body, 0));
    // A contract that passes value and the first 224 bytes on.
    let mut code = vec![0x60, 0xe0, 0x60, 0, 0x60, 0, 0x60, 0, 0x34, 0x73];
    code.extend(program.as_slice());
    code.extend([0x5a, 0xf1, 0x50, 0x60, 0xe0, 0x60, 0, 0xf3]);
    chain.place(CONTRACT, &code);
    let tx = Transaction { value: U256::from(5), max_fee_per_gas: 1 << 40, ..chain.transaction(CONTRACT, Vec::new()) };
    let result = output(&chain.send(&tx));
    let address = |index: usize| Address::from_slice(&result[index * 32..][..20]);
    let number = |index: usize| U256::from_be_slice(&result[index * 32..][..32]);
    let sequencer = address!("0xA4B000000000000000000073657175656e636572");
    assert_eq!([0, 1, 2, 3].map(address), [CONTRACT, program, OWNER, sequencer]);
    // The price is what was offered, although no more than the base fee is paid.
    assert_eq!([4, 5, 6].map(number), [5, 1 << 40, BASE_FEE].map(U256::from));
    let tx = Transaction { tx_type: 2, max_priority_fee_per_gas: Some(7), ..tx };
    let result = output(&chain.send(&Transaction { nonce: tx.nonce + 1, ..tx }));
    assert_eq!(U256::from_be_slice(&result[5 * 32..][..32]), U256::from(BASE_FEE + 7), "the tip counts");
}

#[test]
fn arithmetic() {
    let names = ["math_div", "math_mod", "math_pow"];
    let names3 = ["math_add_mod", "math_mul_mod"];
    let both = format!(
        "{}{}",
        imports(&names, "(param i32 i32)"),
        names3.map(|name| { format!(r#"(import "vm_hooks" "{name}" (func ${name} (param i32 i32 i32)))"#) }).concat()
    );
    let words = |numbers: &[U256]| hex(&numbers.iter().flat_map(|n| n.to_be_bytes::<32>()).collect::<Vec<_>>());
    let (a, b, m) = (U256::MAX, U256::from(1_000), U256::from(12_345));
    let cases = [
        ("math_div", 43_520, vec![a, b], a / b),
        ("math_div", 43_520, vec![a, U256::ZERO], U256::ZERO),
        ("math_mod", 43_520, vec![a, b], a % b),
        ("math_mod", 43_520, vec![a, U256::ZERO], U256::ZERO),
        // An exponent of two bytes: 3,000 + 17,500·(33 − 30).
        ("math_pow", 23_520 + 55_500, vec![U256::from(3), b], U256::from(3).wrapping_pow(b)),
        ("math_add_mod", 49_560, vec![a, b, m], a.add_mod(b, m)),
        ("math_mul_mod", 52_660, vec![a, a, m], a.mul_mod(a, m)),
        ("math_mul_mod", 52_660, vec![a, a, U256::ZERO], U256::ZERO),
    ];
    let mut chain = Chain::new();
    for (name, ink, operands, expected) in cases {
        let pointers: String = (0..operands.len()).map(|index| format!("i32.const {} ", index * 32)).collect();
        let body = format!("{pointers} call ${name} i32.const 0 i32.const 32 call $return");
        let program = chain.program(&wat(&both, &words(&operands), &body, 0));
        let start = chain.start_gas(program);
        let execution = chain.call(program, Vec::new());
        assert_eq!(U256::from_be_slice(&output(&execution)), expected, "{name}");
        let arguments = u64::try_from(operands.len()).unwrap();
        let total = calls(&[arguments, 2]) + ink + 8_400 + 2 * 16_381;
        assert_eq!(execution.gas_used, 21_000 + start + gas(total), "{name}");
    }
}

#[test]
fn hashing() {
    let mut chain = Chain::new();
    let body = "i32.const 0 i32.const 65 i32.const 96 call $native_keccak256 i32.const 96 i32.const 32 call $return";
    let program = chain.program(&wat(&imports(&["native_keccak256"], "(param i32 i32 i32)"), &hex(&[5; 65]), body, 0));
    let start = chain.start_gas(program);
    let execution = chain.call(program, Vec::new());
    assert_eq!(B256::from_slice(&output(&execution)), keccak256([5; 65]));
    // Three words: 121,800 + 21,000.
    let ink = calls(&[3, 2]) + 142_800 + 8_400 + 2 * 16_381;
    assert_eq!(execution.gas_used, 21_000 + start + gas(ink));
}

#[test]
fn events() {
    let mut chain = Chain::new();
    let imports = imports(&["emit_log"], "(param i32 i32 i32)");
    let bytes = [[1; 32], [2; 32], [3; 32]].concat();
    let program = chain.program(&wat(&imports, &hex(&bytes), "i32.const 0 i32.const 70 i32.const 2 call $emit_log", 0));
    let start = chain.start_gas(program);
    let execution = chain.call(program, Vec::new());
    let [log] = execution.logs.as_slice() else { panic!("{:?}", execution.logs) };
    assert_eq!(log.address, program);
    assert_eq!(log.topics(), [B256::repeat_byte(1), B256::repeat_byte(2)]);
    assert_eq!(log.data.data.as_ref(), [3; 6]);
    // Copying 70 bytes: 16,381 + 55·38; gas: 375·(1 + 2) + 8·6.
    let ink = calls(&[3]) + 68_073 + 16_381 + 55 * 38;
    assert_eq!(execution.gas_used, 21_000 + start + gas(ink) + 1_173);
    for bad in
        ["i32.const 0 i32.const 160 i32.const 5 call $emit_log", "i32.const 0 i32.const 31 i32.const 1 call $emit_log"]
    {
        let program = chain.program(&wat(&imports, "", bad, 0));
        assert!(!is_success(&chain.call(program, Vec::new())), "{bad}");
    }
}

#[test]
fn other_accounts() {
    let mut chain = Chain::new();
    let imports = r#"
        (import "vm_hooks" "account_balance" (func $balance (param i32 i32)))
        (import "vm_hooks" "account_codehash" (func $hash (param i32 i32)))
        (import "vm_hooks" "account_code_size" (func $size (param i32) (result i32)))
        (import "vm_hooks" "account_code" (func $code (param i32 i32 i32 i32) (result i32)))
        (import "vm_hooks" "write_result" (func $return (param i32 i32)))"#;
    chain.place(CONTRACT, &ANSWER);
    let tx = Transaction { value: U256::from(77), ..chain.transaction(CONTRACT, Vec::new()) };
    chain.send(&tx);
    // Balance at 32, hash at 64, size at 96, four bytes of code from the third on at 128.
    let body = "i32.const 0 i32.const 32 call $balance i32.const 0 i32.const 64 call $hash
        i32.const 96 i32.const 0 call $size i32.store
        i32.const 0 i32.const 2 i32.const 4 i32.const 128 call $code drop
        i32.const 32 i32.const 100 call $return";
    let program = chain.program(&wat(imports, &hex(CONTRACT.as_slice()), body, 0));
    let start = chain.start_gas(program);
    let execution = chain.call(program, Vec::new());
    let result = output(&execution);
    assert_eq!(U256::from_be_slice(&result[..32]), U256::from(77));
    assert_eq!(B256::from_slice(&result[32..64]), keccak256(ANSWER));
    assert_eq!((result[64], &result[96..100]), (10, &ANSWER[2..6]));
    // Twice 78,153 and twice 68,073; the store 825 and the drop 9; copying the ten bytes of code 5,040; the result of
    // 100 bytes.
    let ink = calls(&[2, 2, 2, 4, 2]) + 2 * 78_153 + 2 * 68_073 + 825 + 9 + 5_040 + 8_400 + 2 * (16_381 + 55 * 68);
    // Cold once, then warm; the code is looked up once for 700 and 100, and the second time it is the last code.
    assert_eq!(execution.gas_used, 21_000 + start + gas(ink) + 2_600 + 100 + 800);
}

#[test]
fn printing_is_free() {
    let mut chain = Chain::new();
    let imports = r#"
        (import "console" "log_txt" (func $print (param i32 i32)))
        (import "console" "tee_i32" (func $tee (param i32) (result i32)))"#;
    let program =
        chain.program(&wat(imports, "hello", "i32.const 0 i32.const 5 call $print i32.const -3 call $tee drop", 0));
    let start = chain.start_gas(program);
    let execution = chain.call(program, Vec::new());
    assert_eq!(execution.console, ["hello", "-3"]);
    assert_eq!(execution.gas_used, 21_000 + start + gas(calls(&[2, 1]) + 9));
}

#[test]
fn a_call_without_a_price_runs_without_a_base_fee() {
    let mut chain = Chain::new();
    let body = "i32.const 0 call $block_basefee i32.const 0 i32.const 32 call $return";
    let program = chain.program(&wat(&imports(&["block_basefee"], "(param i32)"), "", body, 0));
    let tx = Transaction { from: CONTRACT, max_fee_per_gas: 0, nonce: 99, ..chain.transaction(program, Vec::new()) };
    let execution = chain.vm.execute(&mut chain.db, &chain.block, &tx, Checks::Call).unwrap();
    assert_eq!(output(&execution).as_ref(), [0; 32]);
}
