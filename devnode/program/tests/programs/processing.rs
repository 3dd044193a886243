//! Linker output becomes what a chain accepts.

use stylus_program::activation::{ActivationError, instrument};
use stylus_program::process::{ProcessError, process};

use crate::support::{RULES, SHELL, module};

/// A module whose only function is `i32.const 0 call_indirect`, with `index` as the encoded table index.
fn indirect_call(index: &[u8]) -> Vec<u8> {
    let mut body = vec![0x00, 0x41, 0x00, 0x11, 0x00];
    body.extend_from_slice(index);
    body.push(0x0b);
    let size = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
    let mut code = vec![0x01, size(&body)];
    code.extend_from_slice(&body);
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    // One type () -> (), one function of it, a table of one function.
    for (id, section) in [(1, &[1, 0x60, 0, 0][..]), (3, &[1, 0]), (4, &[1, 0x70, 0, 1]), (10, &code)] {
        wasm.extend_from_slice(&[id, size(section)]);
        wasm.extend_from_slice(section);
    }
    wasm
}

#[test]
fn padded_table_indices_become_one_byte() {
    let padded = indirect_call(&[0x80, 0x80, 0x80, 0x80, 0x00]);
    let error = instrument(&padded, &RULES).unwrap_err();
    assert!(matches!(&error, ActivationError::Invalid(text) if text.contains("zero byte expected")), "{error}");

    let canonical = process(&padded).unwrap();
    assert_eq!(canonical, indirect_call(&[0x00]));
    // Now it is only its missing exports that are wrong.
    assert_eq!(instrument(&canonical, &RULES), Err(ActivationError::MissingExport("memory")));
}

#[test]
fn custom_sections_go() {
    let plain = module(SHELL);
    let mut tagged = plain.clone();
    // Section 0 of 5 bytes: a name of 3 bytes and one byte of content.
    tagged.extend_from_slice(&[0, 5, 3, b'a', b'b', b'c', 0xff]);
    assert_eq!(process(&tagged).unwrap(), plain);
    let named = module("(func $with_a_name (local $local i32))");
    let unnamed = module("(func (local i32))");
    assert_ne!(named, unnamed);
    assert_eq!(process(&named).unwrap(), unnamed);
}

#[test]
fn data_counts_go_unless_needed() {
    let plain = module("(memory 1) (data (i32.const 0) \"x\") (func)");
    // The count section, id 12, belongs before the code section, id 10.
    let code = plain.windows(3).position(|window| window == [10, 4, 1]).unwrap();
    let mut counted = plain.clone();
    counted.splice(code..code, [12, 1, 1]);
    assert_eq!(process(&counted).unwrap(), plain);
    let needed = module("(memory 1) (data \"x\") (func data.drop 0)");
    assert_eq!(process(&needed).unwrap(), needed);
}

#[test]
fn locals_are_declared_in_the_fewest_runs() {
    let plain = module("(func (local i32 i32 i32 i64))");
    // Code section of 8 bytes: one body of 6, with two runs, (3, i32) and (1, i64), and `end`.
    let (start, canonical) = plain.split_at(plain.len() - 10);
    assert_eq!(canonical, [10, 8, 1, 6, 2, 3, 0x7f, 1, 0x7e, 0x0b]);
    // The same locals as (1, i32), (0, i64), (2, i32), (1, i64).
    let runs = [10, 12, 1, 10, 4, 1, 0x7f, 0, 0x7e, 2, 0x7f, 1, 0x7e, 0x0b];
    assert_eq!(process(&[start, &runs].concat()).unwrap(), plain);
}

#[test]
fn everything_else_stays() {
    let fields = r#"
        (type (func (param i32 i64) (result i32)))
        (import "vm_hooks" "msg_sender" (func (param i32)))
        (table 3 5 funcref)
        (memory (export "memory") 1 7)
        (global (mut i64) (i64.const -1))
        (global (export "constant") i32 (i32.const 7))
        (func (export "f") (type 0) (local i64 i64 i32) block (result i32) local.get 0 br 0 end)
        (start 2)
        (func)
        (elem (i32.const 1) func 1 2)
        (data (i32.const 16) "payload")
    "#;
    let wasm = module(fields);
    assert_eq!(process(&wasm).unwrap(), wasm);
}

#[test]
fn what_is_not_a_module_is_refused() {
    for wasm in [&b""[..], b"\0asm", b"\0asm\x0d\0\x01\0", b"#!/bin/sh\n"] {
        assert!(matches!(process(wasm), Err(ProcessError::Malformed(_))), "{wasm:?}");
    }
    let mut truncated = module(SHELL);
    truncated.pop();
    assert!(process(&truncated).is_err());
}
