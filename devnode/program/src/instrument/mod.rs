//! The metering pass: it rewrites a program so that it counts its own ink and stack.
//!
//! Four passes over each function, in this order: `meter` charges each block of operators in advance, `dynamic` charges
//! bulk operations by length, `depth` counts stack words, and `heap` asks the chain before memory grows. The passes
//! share four globals, exported so that the engine can set and read them. Indices of the program never change.

mod depth;
mod dynamic;
mod heap;
mod meter;
mod prices;

use wasmparser::{BinaryReader, ConstExpr, Export, ExternalKind, Global, GlobalType, ValType};

use crate::error::ActivationError;
use crate::hostio::{PAY_FOR_MEMORY_GROW, VM_HOOKS};
use crate::module::{Module, length};
use crate::pages::MAX_PAGES;
use crate::rules::ActivationRules;
use crate::validate::{self, ENTRYPOINT, MEMORY};

/// Export of the mutable i64 global that holds the ink left (as an unsigned number). The engine sets it before a call.
pub const INK_LEFT: &str = "stylus_ink_left";

/// Export of the mutable i32 global that is 1 once the ink did not suffice.
pub const INK_STATUS: &str = "stylus_ink_status";

/// Export of a mutable i32 global that the added code uses in between.
pub const SCRATCH: &str = "stylus_scratch_global";

/// Export of the mutable i32 global that holds the stack words left. The engine sets the global before a call; zero
/// after a trap means that the stack did not suffice.
pub const STACK_LEFT: &str = "stylus_stack_left";

/// Export of the start function on debug chains. Nobody calls it.
pub const START: &str = "stylus_start";

/// `i64.const 0 end` and `i32.const 0 end`, the globals' initial values.
const ZERO_I64: &[u8] = &[0x42, 0x00, 0x0b];
const ZERO_I32: &[u8] = &[0x41, 0x00, 0x0b];

/// The added globals, in the order in which they are added.
const ADDED: [(&str, ValType, &[u8]); 4] = [
    (INK_LEFT, ValType::I64, ZERO_I64),
    (INK_STATUS, ValType::I32, ZERO_I32),
    (SCRATCH, ValType::I32, ZERO_I32),
    (STACK_LEFT, ValType::I32, ZERO_I32),
];

/// Indices of the added globals.
#[derive(Clone, Copy)]
struct Globals {
    ink_left: u32,
    ink_status: u32,
    scratch: u32,
    stack_left: u32,
}

/// What the pass did.
pub(crate) struct Metered {
    /// Operators of all functions, the added ones included.
    pub(crate) operators: u64,
    /// Globals added.
    pub(crate) globals: u64,
}

/// Meters a valid `module` in place.
///
/// # Errors
/// An operator without a price; a function that is too long or needs too much stack; a module with too long a name, or
/// with too many exports or globals after metering.
pub(crate) fn meter_module(module: &mut Module<'_>, rules: &ActivationRules) -> Result<Metered, ActivationError> {
    prepare_exports(module, rules.debug);
    let globals = add_globals(module);
    let pay = pay_for_memory_grow(module);
    limit_memory(module);

    let mut operators = 0;
    let mut bodies = std::mem::take(&mut module.bodies);
    for body in &mut bodies {
        let metered = meter::apply(&body.operators, module, globals)?;
        let metered = dynamic::apply(&metered, globals);
        let metered = depth::apply(&metered, body.local_count(), module, globals)?;
        body.operators = heap::apply(&metered, pay, globals);
        validate::limit("operators in a function", length(body.operators.len()), validate::MAX_OPERATORS)?;
        operators += length(body.operators.len());
    }
    module.bodies = bodies;

    validate::check_names(module)?;
    validate::limit("exports", length(module.exports.len()), validate::MAX_EXPORTS)?;
    validate::limit("globals", length(module.globals.len()), validate::MAX_GLOBALS)?;
    Ok(Metered { operators, globals: length(ADDED.len()) })
}

/// Keeps only the two exports that the chain uses, unless this is a debug chain. The start function, which only debug
/// chains let through, becomes an export.
fn prepare_exports(module: &mut Module<'_>, debug: bool) {
    if !debug {
        module.exports.retain(|export| [MEMORY, ENTRYPOINT].contains(&export.name));
    }
    if let Some(index) = module.start.take() {
        module.exports.push(Export { name: START, kind: ExternalKind::Func, index });
    }
}

fn add_globals(module: &mut Module<'_>) -> Globals {
    let [ink_left, ink_status, scratch, stack_left] = ADDED.map(|(name, content_type, zero)| {
        // Validation bounds the number of globals far below 2^32; none is imported.
        let index = u32::try_from(module.globals.len()).unwrap_or(u32::MAX);
        let init_expr = ConstExpr::new(BinaryReader::new(zero, 0));
        module.globals.push(Global { ty: GlobalType { content_type, mutable: true, shared: false }, init_expr });
        module.exports.push(Export { name, kind: ExternalKind::Global, index });
        index
    });
    Globals { ink_left, ink_status, scratch, stack_left }
}

/// Index of the host I/O that charges for memory, if the memory can grow and the host I/O is imported.
fn pay_for_memory_grow(module: &Module<'_>) -> Option<u32> {
    if module.memories.iter().all(|memory| memory.maximum == Some(memory.initial)) {
        return None;
    }
    let index =
        module.imports.iter().position(|import| (import.module, import.name) == (VM_HOOKS, PAY_FOR_MEMORY_GROW))?;
    u32::try_from(index).ok()
}

/// Caps the memory's maximum. The host I/O sees only 16 bits of a request, so the price alone would not stop a program
/// from growing by 65,536 pages.
fn limit_memory(module: &mut Module<'_>) {
    for memory in &mut module.memories {
        let limit = u64::from(MAX_PAGES);
        memory.maximum = Some(memory.maximum.map_or(limit, |maximum| maximum.min(limit)));
    }
}
