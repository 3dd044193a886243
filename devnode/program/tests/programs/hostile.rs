//! No input makes the crate panic.

use fastrand::Rng;
use stylus_program::activation::{ActivationRules, activate, instrument};
use stylus_program::format::{compress, decompress};
use stylus_program::fragments::{Root, cut, root};
use stylus_program::process::process;

use crate::support::{RULES, SHELL, activate_free, assert_valid, module};

/// One to three changes: a bit, a byte, a varint's worth of 0xff, a removal, a repetition, a cut.
fn mutate(random: &mut Rng, bytes: &mut Vec<u8>) {
    for _ in 0..=random.usize(..3) {
        let at = random.usize(..bytes.len().max(1));
        match random.usize(..12) {
            0..=2 if !bytes.is_empty() => bytes[at] ^= 1 << random.usize(..8),
            3..=7 if !bytes.is_empty() => bytes[at] = random.u8(..),
            8 => drop(bytes.splice(at..at, [0xff, 0xff, 0xff, 0xff, 0x0f])),
            9 if !bytes.is_empty() => drop(bytes.remove(at)),
            10 => {
                let end = (at + random.usize(..32)).min(bytes.len());
                let part = bytes[at.min(end)..end].to_vec();
                drop(bytes.splice(at..at, part));
            }
            _ if random.usize(..8) == 0 => bytes.truncate(at),
            _ => bytes.insert(at, random.u8(..)),
        }
    }
}

/// Programs that between them use every section and most kinds of operators.
fn seeds() -> Vec<Vec<u8>> {
    [
        SHELL.to_owned(),
        r#"
        (type $binary (func (param i32 i32) (result i32)))
        (import "vm_hooks" "pay_for_memory_grow" (func $pay (param i32)))
        (import "vm_hooks" "read_args" (func $read (param i32)))
        (import "console" "tee_i64" (func $tee (param i64) (result i64)))
        (table 4 8 funcref)
        (memory (export "memory") 1 4)
        (global $g (mut i64) (i64.const 5))
        (func $add (type $binary) local.get 0 local.get 1 i32.add)
        (func $start (global.set $g (call $tee (global.get $g))))
        (start $start)
        (func (export "user_entrypoint") (param i32) (result i32) (local i32 i64)
            local.get 0 memory.grow local.set 1
            block $out
                loop $again
                    local.get 1 i32.eqz br_if $out
                    local.get 1 i32.const 1 i32.sub local.tee 1
                    br_table $again $out $again
                end
            end
            i32.const 8 i32.const 0 i32.const 16 memory.copy
            local.get 0 if (result i32)
                i32.const 1 i32.const 2 i32.const 0 call_indirect (type $binary)
            else
                i32.const 3 return
            end)
        (elem (i32.const 0) func $add $add)
        (elem func $add)
        (data (i32.const 16) "some data")
        (data "passive")
        "#
        .to_owned(),
        format!("(func (param f32 f64) (result f64 i32) local.get 1 i32.const 0) {SHELL}"),
        format!("(func {} nop {}) {SHELL}", "block ".repeat(500), "end ".repeat(500)),
    ]
    .iter()
    .map(|fields| module(fields))
    .collect()
}

fn try_everything(wasm: &[u8]) {
    for rules in [RULES, ActivationRules { arbos_version: 60, debug: false, page_limit: 2, ..RULES }] {
        if let Ok(activated) = activate_free(wasm, &rules) {
            assert_valid(&activated.module);
            assert_eq!(instrument(wasm, &rules), Ok(activated.module));
        }
        assert!(activate(wasm, &rules, &mut 1_000).is_err());
    }
    if let Ok(processed) = process(wasm) {
        assert_eq!(process(&processed).as_deref(), Ok(processed.as_slice()));
    }
}

/// How many modules are tried, as `STYLUS_FUZZ_INPUTS` says.
fn inputs() -> usize {
    std::env::var("STYLUS_FUZZ_INPUTS").map_or(6_000, |text| text.parse().expect("STYLUS_FUZZ_INPUTS is a number"))
}

#[test]
fn mutated_modules_are_refused_or_activated() {
    let (mut random, inputs) = (Rng::with_seed(0x5eed), inputs());
    let mut activated = 0;
    for seed in seeds() {
        assert!(activate_free(&seed, &RULES).is_ok());
        for _ in 0..inputs.div_ceil(4) {
            let mut wasm = seed.clone();
            mutate(&mut random, &mut wasm);
            try_everything(&wasm);
            activated += usize::from(activate_free(&wasm, &RULES).is_ok());
        }
    }
    // The mutations are neither all harmless nor all fatal at once.
    assert!((inputs / 60..inputs / 6 * 5).contains(&activated), "{activated} of {inputs}");
}

#[test]
fn noise_is_refused() {
    let mut random = Rng::with_seed(1);
    for length in 0..500 {
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        wasm.extend((0..length).map(|_| random.u8(..)));
        try_everything(&wasm);
        try_everything(&wasm[8..]);
    }
}

#[test]
fn mutated_code_decompresses_or_does_not() {
    let mut random = Rng::with_seed(0xc0de);
    for seed in seeds() {
        let code = compress(&seed).unwrap();
        for _ in 0..500 {
            let mut code = code.clone();
            mutate(&mut random, &mut code);
            if let Ok(wasm) = decompress(&code, 1_000) {
                assert!(wasm.len() <= 1_000);
            }
        }
    }
}

#[test]
fn mutated_fragments_decompress_or_do_not() {
    let mut random = Rng::with_seed(0xf4a6);
    let mut whole = 0_u32;
    for seed in seeds() {
        let fragments = cut(&compress(&seed).unwrap(), 50).unwrap();
        let code = root(seed.len().try_into().unwrap(), &vec![[0x11; 20]; fragments.len()]);
        for _ in 0..500 {
            let (mut code, mut fragments) = (code.clone(), fragments.clone());
            let index = usize::from(random.u8(..)) % (fragments.len() + 1);
            mutate(&mut random, fragments.get_mut(index).unwrap_or(&mut code));
            if let Ok(root) = Root::read(&code)
                && let Ok(wasm) = root.decompress(&fragments)
            {
                assert_eq!(u32::try_from(wasm.len()), Ok(root.wasm_size));
                whole += 1;
            }
        }
    }
    assert!(whole > 0, "nothing is left whole");
}

#[test]
fn deep_nesting_is_not_recursion() {
    // As many blocks as fit in a WASM file: 2 bytes each to open, 1 to close.
    let depth = 40_000;
    let wasm = module(&format!("(func {} {}) {SHELL}", "block ".repeat(depth), "end ".repeat(depth)));
    try_everything(&wasm);
}

#[test]
fn huge_counts_are_only_counts() {
    // A type, function, code section, and so on that claims 2^32 - 1 entries and has none.
    for id in 1..=13 {
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        wasm.extend_from_slice(&[id, 5, 0xff, 0xff, 0xff, 0xff, 0x0f]);
        try_everything(&wasm);
    }
    // A function with 2^32 - 1 locals.
    let mut wasm = b"\0asm\x01\0\0\0\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00\x0a\x0a\x01".to_vec();
    wasm.extend_from_slice(&[8, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0x0b]);
    try_everything(&wasm);
    assert!(activate_free(&wasm, &RULES).is_err());
}
