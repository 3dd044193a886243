//! Random programs, and what became of them, with a digest of everything that a chain or a tracer sees. It must be the
//! same with the features `portable-dispatch` and `fast`: see the README of the node.

use arbitrary::Unstructured;
use fastrand::Rng;
use serde_json::{Value, json};
use std::collections::{BTreeMap, hash_map::DefaultHasher};
use std::convert::Infallible;
use std::error::Error;
use std::hash::{Hash, Hasher};
use stylus_devnode::Devnode;
use stylus_program::activation::{ActivationRules, activate};
use wasm_encoder::reencode::{Error as Unread, Reencode, utils};
use wasm_encoder::{ExportKind, ExportSection, Module as Encoded};
use wasm_smith::{Config, Module};
use wasmparser::{ExportSectionReader, Parser};

/// How many programs are run if the command does not say another number.
const PROGRAMS: usize = 100_000;

/// The gas of the two calls of each program.
const GAS: [u32; 2] = [30_000, 100_000];

/// What a program has to export, beside its memory, and may import.
const SHAPE: &str = r#"(module
    (import "vm_hooks" "read_args" (func (param i32)))
    (import "vm_hooks" "write_result" (func (param i32 i32)))
    (import "vm_hooks" "storage_load_bytes32" (func (param i32 i32)))
    (import "vm_hooks" "storage_cache_bytes32" (func (param i32 i32)))
    (import "vm_hooks" "storage_flush_cache" (func (param i32)))
    (import "vm_hooks" "native_keccak256" (func (param i32 i32 i32)))
    (import "vm_hooks" "evm_ink_left" (func (result i64)))
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (func (export "user_entrypoint") (param i32) (result i32) (i32.const 0)))"#;

const RULES: ActivationRules = ActivationRules { arbos_version: 51, stylus_version: 2, page_limit: 128, debug: false };

fn main() -> Result<(), Box<dyn Error>> {
    let wanted = std::env::args().nth(1).map_or(Ok(PROGRAMS), |text| text.parse())?;
    let shape = wat::parse_str(SHAPE)?;
    let node = Devnode::builder().timestamp(1_000_000).manual_time(true).spawn_blocking()?;
    let before = node.request("evm_snapshot", json!([]))?;
    let (mut random, mut digest, mut became) = (Rng::with_seed(0xd15_7a7c4), DefaultHasher::new(), BTreeMap::new());
    let (mut snapshot, mut programs) = (before, 0);
    while programs < wanted {
        let mut bytes = vec![0; random.usize(200..1_500)];
        random.fill(&mut bytes);
        let Ok(module) = Module::new(config(&mut random, &shape), &mut Unstructured::new(&bytes)) else { continue };
        let wasm = with_memory(&module.to_bytes())?;
        if let Err(refusal) = activate(&wasm, &RULES, &mut u64::MAX.clone()) {
            *became.entry(format!("refused: {refusal}")).or_insert(0_usize) += 1;
            continue;
        }
        programs += 1;
        let program = node.deploy_program(&wasm)?;
        for gas in GAS {
            let call = json!({ "to": program, "gas": format!("{gas:#x}"), "data": "0x0102030405060708" });
            let both = json!({ "tracer": "muxTracer", "tracerConfig": { "callTracer": {}, "stylusTracer": {} } });
            // A trace of very many host I/Os is refused, with either.
            let traced = node.request("debug_traceCall", json!([call, "latest", both]));
            let (text, end) = match traced {
                Ok(traced) => (traced.to_string(), ending(&traced)),
                Err(refusal) => (refusal.to_string(), refusal.to_string()),
            };
            text.hash(&mut digest);
            *became.entry(end).or_insert(0) += 1;
        }
        node.request("evm_revert", json!([snapshot]))?;
        snapshot = node.request("evm_snapshot", json!([]))?;
        if programs % 10_000 == 0 {
            eprintln!("{programs} programs");
        }
    }
    for (what, count) in became {
        println!("{count:>9} {what}");
    }
    println!("{programs} programs, two calls each: digest {:016x}", digest.finish());
    Ok(())
}

/// Programs as Stylus has them: no floats, no values beside each other, no reference types.
fn config(random: &mut Rng, shape: &[u8]) -> Config {
    Config {
        allow_floats: false,
        allow_start_export: false,
        // With it most modules count their data in a section of its own, which activation refuses.
        bulk_memory_enabled: random.u8(..4) == 0,
        available_imports: Some(shape.to_vec()),
        exports: Some(shape.to_vec()),
        disallow_traps: random.bool(),
        exceptions_enabled: false,
        extended_const_enabled: false,
        gc_enabled: false,
        max_data_segments: 4,
        max_funcs: 6,
        max_globals: 8,
        max_imports: 8,
        max_instructions: random.usize(10..200),
        max_memory32_bytes: 4 << 16,
        max_table_elements: 16,
        min_memories: 1,
        memory64_enabled: false,
        memory_max_size_required: true,
        min_funcs: 2,
        min_imports: 6,
        multi_value_enabled: false,
        reference_types_enabled: false,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: false,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        ..Config::default()
    }
}

/// Exports the memory of modules, as programs must.
struct ExportsMemory;

impl Reencode for ExportsMemory {
    type Error = Infallible;

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Unread> {
        utils::parse_export_section(self, exports, section)?;
        exports.export("memory", ExportKind::Memory, 0);
        Ok(())
    }
}

fn with_memory(wasm: &[u8]) -> Result<Vec<u8>, Unread> {
    let mut encoded = Encoded::new();
    ExportsMemory.parse_core_module(&mut encoded, Parser::new(0), wasm)?;
    Ok(encoded.finish())
}

/// How a call ended, in a word.
fn ending(traced: &Value) -> String {
    let call = &traced["callTracer"];
    match call["error"].as_str() {
        Some(error) => error.to_owned(),
        None if call["output"].as_str().is_some_and(|output| output.len() > 2) => "returned bytes".to_owned(),
        None => "returned".to_owned(),
    }
}
