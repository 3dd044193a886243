//! What activation reports and charges for a whole program.

use stylus_program::activation::{ActivationError, ActivationRules, activate};

use crate::support::{RULES, SHELL, activate_free, assert_valid, module, try_activate};

/// A program with something of everything that costs.
fn sample() -> Vec<u8> {
    let data = "x".repeat(1_000);
    module(&format!(
        r#"
        (table 10 funcref)
        (memory (export "memory") 3 3)
        (global (mut i32) (i32.const 0))
        (func (export "user_entrypoint") (param i32) (result i32) i32.const 0)
        (func (param i64 i64 i64) (result i64) i64.const 0)
        (elem (i32.const 0) func 0 1 0 1)
        (data (i32.const 0) "{data}")
        "#
    ))
}

#[test]
fn a_program_is_estimated_and_charged_by_its_sizes() {
    let wasm = sample();
    // Data segment: a payload of 1,000, flags, `i32.const 0 end`, and two bytes of length.
    // Element segment: flags, offset, length, and 4 indices.
    let (data, elements) = (1_000 + 1 + 3 + 2, 1 + 3 + 1 + 4);
    let length = u64::try_from(wasm.len()).unwrap();
    let (functions, type_slots, globals, pages) = (2, 2 + 4, 1 + 4, 3);
    let cached = functions * 13_420 / 100_000
        + type_slots * 89 / 100_000
        + length * 122 / 100_000
        + globals * 1_628 / 1_000
        + (data + elements) * 75_244 / 100_000
        + pages * 5;
    let init = functions * 8_252 / 1_000 + type_slots * 1_059 / 1_000 + length * 1_286 / 10_000;
    let asm = 512_000 + functions * 996_829 / 1_000 + type_slots * 11_416 / 1_000 + length * 62_628 / 10_000;
    // A header, a constant and the end; taking the frame; giving it back and returning.
    let operators = functions * (12 + 2 + 12 + 5);
    // Payload: 1000 * 0.17376 = 173.
    let microseconds = length * 31_733 / 100_000
        + functions * 17_263 / 100_000
        + 173
        + elements * 17_376 / 100_000
        + pages * 2_217
        + operators * 535 / 1_000;

    let mut gas = 1_000_000;
    let activated = activate(&wasm, &RULES, &mut gas).unwrap();
    let info = activated.info;
    assert_eq!(u64::from(info.init_cost), init);
    assert_eq!(u64::from(info.cached_init_cost), cached);
    assert_eq!(info.footprint, 3);
    assert_eq!(u64::from(info.asm_estimate), asm);
    assert_eq!(1_000_000 - gas, 28 * microseconds);
    assert_valid(&activated.module);

    // One gas less than needed is not enough.
    assert_eq!(activate(&wasm, &RULES, &mut (28 * microseconds)).map(|activated| activated.info), Ok(activated.info));
    assert_eq!(activate(&wasm, &RULES, &mut (28 * microseconds - 1)), Err(ActivationError::OutOfGas));
}

#[test]
fn production_chains_keep_two_exports() {
    let wasm = module(&format!("(func (export \"other\")) {SHELL}"));
    let exports = |debug| {
        let rules = ActivationRules { debug, ..RULES };
        let module = activate_free(&wasm, &rules).unwrap().module;
        assert_valid(&module);
        let engine = wasmi::Engine::default();
        let module = wasmi::Module::new(&engine, &module[..]).unwrap();
        module.exports().map(|export| export.name().to_owned()).collect::<Vec<_>>()
    };
    let added = ["stylus_ink_left", "stylus_ink_status", "stylus_scratch_global", "stylus_stack_left"];
    // In the order of names, which is the engine's.
    assert_eq!(exports(false), [&["memory"][..], &added, &["user_entrypoint"]].concat());
    assert_eq!(exports(true), [&["memory", "other"][..], &added, &["user_entrypoint"]].concat());
}

#[test]
fn start_functions_become_exports_on_debug_chains() {
    let activated = try_activate(&format!("(func nop) (start 0) {SHELL}"), &RULES).unwrap();
    let engine = wasmi::Engine::default();
    let module = wasmi::Module::new(&engine, &activated.module[..]).unwrap();
    assert!(module.exports().any(|export| export.name() == "stylus_start"));
    // It is no longer run at instantiation.
    let mut store = wasmi::Store::new(&engine, ());
    let instance = wasmi::Linker::new(&engine).instantiate_and_start(&mut store, &module);
    assert!(instance.is_ok());
}
