//! How programs fail.

use crate::chain::*;
use alloy_sol_types::{SolCall, sol};
use revm::primitives::{Address, address};
use stylus_vm::{Execution, ExecutionOutcome, HaltReason, Transaction, revm};

sol! {
    function setWasmMaxStackDepth(uint32 depth) external;
}

fn halt(reason: HaltReason) -> ExecutionOutcome {
    ExecutionOutcome::Halt { reason }
}

/// Calls `program` with this much gas.
fn call_with(chain: &mut Chain, program: Address, gas_limit: u64) -> Execution {
    let tx = Transaction { gas_limit, ..chain.transaction(program, Vec::new()) };
    chain.send(&tx)
}

#[test]
fn out_of_ink() {
    let mut chain = Chain::new();
    let program = chain.program(&wat("", "", "loop br 0 end", 0));
    let execution = call_with(&mut chain, program, 100_000);
    assert_eq!((execution.outcome, execution.gas_used), (halt(HaltReason::OutOfGas), 100_000));
}

#[test]
fn out_of_ink_in_a_host_io() {
    let mut chain = Chain::new();
    let imports = r#"(import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))"#;
    let program = chain.program(&wat(imports, "", "i32.const 0 i32.const 64 call $load", 0));
    // The load needs 2,115 gas to be there, though it would cost 2,105: with its ink, 2.71 gas more.
    let needed = 21_000 + chain.start_gas(program) + gas(calls(&[2]) - 2_452 + 18_480) + 2_115;
    assert!(is_success(&call_with(&mut chain, program, needed)));
    let execution = call_with(&mut chain, program, needed - 1);
    assert_eq!((execution.outcome, execution.gas_used), (halt(HaltReason::OutOfGas), needed - 1));
}

#[test]
fn too_little_gas_to_start() {
    let mut chain = Chain::new();
    let program = chain.program(&wat("", "", "", 0));
    let gas_limit = 21_000 + chain.start_gas(program);
    let execution = call_with(&mut chain, program, gas_limit - 1);
    assert_eq!((execution.outcome, execution.gas_used), (halt(HaltReason::OutOfGas), gas_limit - 1));
    // One gas is 10,000 ink, and the body needs 2,452.
    assert!(is_success(&call_with(&mut chain, program, gas_limit + 1)));
}

#[test]
fn out_of_stack() {
    let mut chain = Chain::new();
    let text = r#"(module (memory (export "memory") 1 1)
        (func $deeper (call $deeper))
        (func (export "user_entrypoint") (param i32) (result i32) call $deeper i32.const 0))"#;
    let program = chain.program(text);
    let execution = chain.call(program, Vec::new());
    assert_eq!((execution.outcome, execution.gas_used), (halt(HaltReason::CallDepth), PLENTY));
}

#[test]
fn narrow_frames_overflow_the_machines_stack_and_keep_the_gas() {
    let mut chain = Chain::new();
    // As it was before ArbOS 50: the 22,000 words of today are always met first.
    let depth = setWasmMaxStackDepthCall { depth: 262_144 }.abi_encode();
    assert!(is_success(&chain.call(ARB_OWNER, depth)));
    let text = r#"(module (memory (export "memory") 1 1)
        (func $deeper (param i32)
            (if (local.get 0) (then (call $deeper (i32.sub (local.get 0) (i32.const 1))))))
        (func (export "user_entrypoint") (param i32) (result i32) (call $deeper (local.get 0)) (i32.const 0)))"#;
    let program = chain.program(text);
    // One level for the zero, one for each byte of call data.
    assert!(is_success(&chain.call(program, vec![0; 16_378])));
    let execution = chain.call(program, vec![0; 16_379]);
    assert_eq!(execution.outcome, ExecutionOutcome::Revert { output: Vec::new().into() });
    assert!(execution.gas_used < PLENTY / 2, "{}", execution.gas_used);
}

#[test]
fn a_stack_without_limit_still_ends() {
    let mut chain = Chain::new();
    let depth = setWasmMaxStackDepthCall { depth: u32::MAX }.abi_encode();
    assert!(is_success(&chain.call(ARB_OWNER, depth)));
    let text = r#"(module (memory (export "memory") 1 1)
        (func $deeper (call $deeper))
        (func (export "user_entrypoint") (param i32) (result i32) call $deeper i32.const 0))"#;
    let program = chain.program(text);
    let start = chain.start_gas(program);
    let execution = chain.call(program, Vec::new());
    assert_eq!(execution.outcome, ExecutionOutcome::Revert { output: Vec::new().into() });
    // Every level costs 6,252 ink.
    let gas_of_levels = execution.gas_used - 21_000 - start;
    assert!((16_370 * 6_252..16_390 * 6_252).contains(&(gas_of_levels * 10_000)), "{gas_of_levels}");
}

#[test]
fn traps_revert_without_data_and_keep_the_gas() {
    let mut chain = Chain::new();
    let imports = r#"(import "vm_hooks" "write_result" (func $return (param i32 i32)))"#;
    let program = chain.program(&wat(imports, "data", "i32.const 0 i32.const 4 call $return unreachable", 0));
    let start = chain.start_gas(program);
    let execution = chain.call(program, Vec::new());
    assert_eq!(execution.outcome, ExecutionOutcome::Revert { output: Vec::new().into() });
    // The block of the trap holds `unreachable`, the constant and the end, and is paid as a whole.
    let ink = calls(&[2]) + 1 + 8_400 + 2 * 16_381;
    assert_eq!(execution.gas_used, 21_000 + start + gas(ink));
}

#[test]
fn memory_out_of_bounds_is_a_trap() {
    let mut chain = Chain::new();
    let imports = r#"(import "vm_hooks" "write_result" (func $return (param i32 i32)))"#;
    let program = chain.program(&wat(imports, "", "i32.const 65535 i32.const 2 call $return", 0));
    let execution = chain.call(program, Vec::new());
    assert_eq!(execution.outcome, ExecutionOutcome::Revert { output: Vec::new().into() });
    assert!(execution.gas_used < 100_000);
}

#[test]
fn early_exits_end_the_program() {
    let mut chain = Chain::new();
    let imports = r#"
        (import "vm_hooks" "exit_early" (func $exit (param i32)))
        (import "vm_hooks" "write_result" (func $return (param i32 i32)))"#;
    let body = |status: u32| format!("i32.const 0 i32.const 4 call $return i32.const {status} call $exit unreachable");
    let ok = chain.program(&wat(imports, "data", &body(0), 0));
    assert_eq!(output(&chain.call(ok, Vec::new())).as_ref(), b"data");
    let failing = chain.program(&wat(imports, "data", &body(3), 0));
    assert_eq!(chain.call(failing, Vec::new()).outcome, ExecutionOutcome::Revert { output: b"data".to_vec().into() });
}

#[test]
fn long_results_cost_what_memory_costs() {
    let mut chain = Chain::new();
    let imports = r#"(import "vm_hooks" "write_result" (func $return (param i32 i32)))"#;
    let program = chain.program(&wat(imports, "", "i32.const 0 i32.const 65536 call $return", 0));
    let start = chain.start_gas(program);
    // The start and two copies of 65,536 bytes are less than what 2,048 words of memory cost in the EVM: 6,144 +
    // 2,048²/512 = 14,336. That is due instead.
    let used = gas(calls(&[2]) + 8_400 + 2 * (16_381 + 55 * 65_504));
    let execution = chain.call(program, Vec::new());
    assert!(start + used < 14_336);
    assert_eq!(execution.gas_used, 21_000 + 14_336);
}

#[test]
fn an_inactive_callee_takes_the_gas_it_was_given() {
    let mut chain = Chain::new();
    let sleeping = chain.deploy_program(&wat::parse_str(wat("", "", "", 0)).unwrap());
    let imports = r#"
        (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
        (import "vm_hooks" "write_result" (func $return (param i32 i32)))"#;
    let body = "i32.const 32
        i32.const 0 i32.const 0 i32.const 0 i32.const 64 i64.const 50000 i32.const 96 call $call i32.store
        i32.const 32 i32.const 1 call $return";
    let program = chain.program(&wat(imports, &hex(sleeping.as_slice()), body, 0));
    let start = chain.start_gas(program);
    let execution = chain.call(program, Vec::new());
    assert_eq!(output(&execution).as_ref(), [2]);
    let ink = calls(&[7, 2]) + 825 + 83_193 + 2 * 16_381 + 8_400 + 2 * 16_381;
    assert_eq!(execution.gas_used, 21_000 + start + gas(ink) + 2_600 + 50_000);
}

#[test]
fn traces_say_why_in_the_words_of_the_outcome() {
    let mut chain = Chain::new();
    let deeper = r#"(module (memory (export "memory") 1 1)
        (func $deeper (call $deeper))
        (func (export "user_entrypoint") (param i32) (result i32) call $deeper i32.const 0))"#;
    let relay = address!("0x00000000000000000000000000000000c0ffee01");
    let callees = [
        ("out of gas", chain.program(&wat("", "", "loop br 0 end", 0))),
        ("max call depth exceeded", chain.program(deeper)),
        ("error ProgramNotActivated()", chain.deploy_program(&wat::parse_str(wat("", "x", "", 0)).unwrap())),
        // Only owners may call it, and the relay is none.
        ("unauthorized caller to access-controlled method", ARB_OWNER),
    ];
    for (words, callee) in callees {
        // CALL without arguments, then INVALID.
        let call = [[0x60, 0].repeat(5), vec![0x73], callee.to_vec(), vec![0x61, 0xff, 0xff, 0xf1, 0xfe]].concat();
        chain.place(relay, &call);
        let tx = chain.transaction(relay, Vec::new());
        let (execution, trace) = chain.trace(&tx);
        let outer = trace.call.unwrap();
        assert_eq!(outer.calls[0].error.as_deref(), Some(words));
        // What a callee died of is not what its caller dies of.
        assert_eq!(execution.outcome, halt(HaltReason::InvalidOpcode(0xfe)));
        assert_eq!(outer.error, Some(HaltReason::InvalidOpcode(0xfe).to_string()));
        if callee != ARB_OWNER {
            let tx = chain.transaction(callee, Vec::new());
            let (execution, trace) = chain.trace(&tx);
            let ExecutionOutcome::Halt { reason } = execution.outcome else {
                panic!("{words}: {:?}", execution.outcome)
            };
            assert_eq!((reason.to_string(), trace.call.unwrap().error), (words.to_owned(), Some(words.to_owned())));
        }
    }
}
