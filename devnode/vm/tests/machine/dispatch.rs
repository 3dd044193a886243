//! Loops are loops in the interpreter too: how long a program runs says nothing about the native stack.
//!
//! In optimised builds the interpreter goes from one operator to the next by a call at the end of a function, which the
//! compiler turns into a jump. Were one of them a call after all, its loop would overflow the stack of the thread, and
//! end the process.

use crate::chain::*;
use stylus_vm::{ExecutionOutcome, HaltReason};

/// Gas of each: most of it is about a million operators, whose return addresses alone would be more than the stack.
const GAS: u64 = 60_000;

/// Bytes of the thread's stack.
const STACK: usize = 1 << 20;

const BINARY: &str = "add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr \
    eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u";

/// What goes into a loop, each leaving the operands as they were.
fn bodies() -> Vec<String> {
    let mut bodies = Vec::new();
    for (ty, local, extensions) in [("i32", "$a", "8 16"), ("i64", "$b", "8 16 32")] {
        let (get, set) = (format!("local.get {local}"), format!("local.set {local}"));
        for name in BINARY.split_whitespace() {
            // Operands in locals and constants have operators of their own in the interpreter, and so have branches
            // that compare.
            let is_comparison = name.len() <= 4 && ["eq", "ne", "lt", "gt", "le", "ge"].contains(&&name[..2]);
            let (ty_of_result, back) = if is_comparison { ("i32", "drop") } else { (ty, set.as_str()) };
            for other in [format!("{get} {ty}.const 3 {ty}.or"), format!("{ty}.const 3")] {
                bodies.push(format!("{get} {other} {ty}.{name} {back}"));
            }
            if ty_of_result == "i32" {
                bodies.push(format!("{get} {ty}.const 3 {ty}.{name} if nop else nop end"));
            }
        }
        for name in ["clz", "ctz", "popcnt", "extend8_s", "extend16_s"] {
            bodies.push(format!("{get} {ty}.{name} {set}"));
        }
        bodies.push(format!("{get} {ty}.eqz drop"));
        bodies.push(format!("i32.const 64 {ty}.load {set} i32.const 64 {get} {ty}.store"));
        bodies.push(format!("local.get $a i32.const 255 i32.and {ty}.load offset=3 {set}"));
        bodies.push(format!("local.get $a i32.const 255 i32.and {get} {ty}.store offset=3"));
        for width in extensions.split(' ') {
            bodies.push(format!("local.get $p {ty}.load{width}_s {set}"));
            bodies.push(format!("local.get $p {ty}.load{width}_u {set}"));
            bodies.push(format!("local.get $p {get} {ty}.store{width}"));
        }
        bodies.push(format!("{get} {ty}.const 7 local.get $a select {set}"));
        bodies.push(format!("global.get {local} global.set {local}"));
    }
    let others = [
        "",
        "local.get $b i32.wrap_i64 local.set $a",
        "local.get $a i64.extend_i32_s local.set $b",
        "local.get $a i64.extend_i32_u i64.extend32_s local.set $b",
        "local.get $a local.tee $p i32.const 0 i32.and local.set $p",
        "call $nothing",
        "local.get $a i32.const 0 i32.and call_indirect",
        "local.get $a call $same local.set $a",
        "memory.size drop",
        "i32.const 0 memory.grow drop",
        "i32.const 0 i32.const 64 i32.const 32 memory.copy",
        "i32.const 0 i32.const 1 i32.const 32 memory.fill",
        "block block block local.get $a br_table 0 1 2 end end end",
        "block br 0 end",
        "block local.get $a br_if 0 end",
    ];
    bodies.extend(others.map(str::to_owned));
    bodies
}

#[test]
fn endless_loops_of_every_operator_end_with_their_gas_and_need_no_stack() {
    let run = || {
        let mut chain = Chain::new();
        for body in bodies() {
            let program = format!(
                r#"(module (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
                    (memory (export "memory") 1) (table 1 funcref) (elem (i32.const 0) $nothing)
                    (global $a (mut i32) (i32.const 5)) (global $b (mut i64) (i64.const 5))
                    (func $nothing) (func $same (param i32) (result i32) local.get 0)
                    (func (export "user_entrypoint") (param i32) (result i32)
                        (local $a i32) (local $b i64) (local $p i32)
                        (loop $again {body} (br $again)) unreachable))"#
            );
            let wasm = wat::parse_str(&program).unwrap_or_else(|error| panic!("{body}: {error}"));
            let address = chain.deploy_program(&wasm);
            assert!(is_success(&chain.activate(address)), "{body}");
            let mut call = chain.transaction(address, Vec::new());
            call.gas_limit = GAS;
            let outcome = chain.send(&call).outcome;
            assert_eq!(outcome, ExecutionOutcome::Halt { reason: HaltReason::OutOfGas }, "{body}");
        }
    };
    std::thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
}
