//! Programs that try to break the machine: whatever they do, a transaction ends with an outcome.

use crate::chain::*;
use revm::primitives::{Address, keccak256};
use stylus_program::hostio::{SIGNATURES, ValType};
use stylus_vm::{ExecutionOutcome, revm};

fn text(ty: &ValType) -> &'static str {
    match ty {
        ValType::I32 => "i32",
        ValType::I64 => "i64",
        ValType::F32 => "f32",
        ValType::F64 => "f64",
    }
}

#[test]
fn every_import_survives_every_argument() {
    let mut chain = Chain::new();
    for host_io in SIGNATURES {
        let params: Vec<_> = host_io.params.iter().map(text).collect();
        let result = host_io.results.first().map(|ty| format!("(result {})", text(ty))).unwrap_or_default();
        let import = format!(
            r#"(import "{}" "{}" (func $host_io (param {}) {result}))"#,
            host_io.module,
            host_io.name,
            params.join(" ")
        );
        // Floats cannot be written down: an unset local is the only one there is.
        for value in ["0", "1", "32", "65504", "65536", "2147483647", "-1"] {
            let arguments: String = host_io
                .params
                .iter()
                .map(|ty| match ty {
                    ValType::I32 => format!("i32.const {value} "),
                    ValType::I64 => format!("i64.const {value} "),
                    ValType::F32 => "local.get $f32 ".into(),
                    ValType::F64 => "local.get $f64 ".into(),
                })
                .collect();
            let drop = if host_io.results.is_empty() { "" } else { "drop" };
            let program = format!(
                r#"(module {import} (memory (export "memory") 1 1) (data (i32.const 0) "{value}")
                    (func (export "user_entrypoint") (param i32) (result i32) (local $f32 f32) (local $f64 f64)
                        {arguments} call $host_io {drop} i32.const 0))"#
            );
            let wasm = wat::parse_str(program).unwrap();
            let address = chain.deploy_program(&wasm);
            assert!(is_success(&chain.activate(address)), "{}", host_io.name);
            let execution = chain.call(address, vec![1, 2, 3]);
            assert!(execution.gas_used <= PLENTY, "{}({value}): {:?}", host_io.name, execution.outcome);
        }
    }
}

#[test]
fn code_that_only_looks_like_a_program_is_harmless() {
    let mut chain = Chain::new();
    for code in [
        vec![0xef, 0xf0, 0x00, 0x00],
        vec![0xef, 0xf0, 0x00, 0x01, 0xff],
        vec![0xef, 0xf0, 0x00, 0x00, 0xff, 0xff, 0xff],
        [vec![0xef, 0xf0, 0x00, 0x00], vec![0; 5_000]].concat(),
    ] {
        let address = chain.deploy(&code);
        assert!(!is_success(&chain.activate(address)));
        assert!(matches!(chain.call(address, Vec::new()).outcome, ExecutionOutcome::Halt { .. }));
    }
}

#[test]
fn init_code_is_never_a_program() {
    let mut chain = Chain::new();
    let wasm = wat::parse_str(wat("", "", "", 0)).unwrap();
    let code = stylus_program::format::compress(&wasm).unwrap();
    let tx = chain.transaction(stylus_vm::revm::primitives::TxKind::Create, code);
    // Nitro takes it for a program whose code has no hash.
    let reason = stylus_vm::HaltReason::Program("error ProgramNotActivated()".into());
    assert_eq!(chain.send(&tx).outcome, ExecutionOutcome::Halt { reason });
}

#[test]
fn precompiles_survive_garbage() {
    let fresh = Chain::new();
    // Methods of several precompiles, and one that nobody has.
    let selectors: Vec<[u8; 4]> = [
        "activateProgram(address)",
        "codehashVersion(bytes32)",
        "codehashKeepalive(bytes32)",
        "cacheProgram(address)",
        "evictCodehash(bytes32)",
        "arbBlockHash(uint256)",
        "getCode(address)",
        "setInkPrice(uint32)",
        "setL1PricePerUnit(uint256)",
        "setMinimumL2BaseFee(uint256)",
        "scheduleArbOSUpgrade(uint64,uint64)",
        "becomeChainOwner()",
        "nothing()",
    ]
    .iter()
    .filter_map(|signature| keccak256(signature).first_chunk().copied())
    .collect();
    for last in (0x64..=0x73).chain([0xff]) {
        for selector in &selectors {
            for (length, byte) in [(0, 0), (31, 1), (32, 0xff), (64, 0xff), (100, 0xff)] {
                let input = [selector.as_slice(), &vec![byte; length]].concat();
                // On a new chain each: the owner can set a price of L1 data that nobody can pay.
                let mut chain = Chain { vm: fresh.vm.clone(), db: fresh.db.clone(), block: fresh.block };
                let execution = chain.call(Address::with_last_byte(last), input);
                assert!(execution.gas_used <= PLENTY);
            }
        }
    }
}
