//! What a WASM module must be to be a program, before it is metered.

use std::collections::{HashMap, HashSet};

use wasmparser::{ElementItems, ElementKind, ExternalKind, Operator, RefType, TypeRef, Validator, WasmFeatures};

use crate::error::ActivationError;
use crate::hostio::{self, PAY_FOR_MEMORY_GROW, Signature, VM_HOOKS, ValType};
use crate::module::{Module, length, range_length};
use crate::pages::MAX_PAGES;
use crate::params::arbos_versions;
use crate::rules::ActivationRules;

/// The export that a call of the program runs: from the number of argument bytes to the status.
pub const ENTRYPOINT: &str = "user_entrypoint";

/// The export of the program's memory.
pub const MEMORY: &str = "memory";

/// The names that only the metering pass may export begin like this.
const RESERVED_PREFIX: &str = "stylus";

/// Bytes in a page of WASM memory.
const PAGE_SIZE: u64 = 65_536;

/// Limits on what a module may have. Globals, exports and operators are counted after metering, which adds and drops
/// some.
pub(crate) const MAX_EXPORTS: u64 = 1_024;
pub(crate) const MAX_GLOBALS: u64 = 32_768;
pub(crate) const MAX_OPERATORS: u64 = 65_536;
/// Words of operands that a function may have at a time.
pub(crate) const MAX_CONTENTION: u64 = 4_096;
/// Words of stack that a function may take.
pub(crate) const MAX_FRAME: u64 = 10_240;
const MAX_IMPORTS: u64 = 513;
const MAX_SEGMENTS: u64 = 128;
const MAX_FUNCTIONS: u64 = 4_096;
const MAX_LOCALS: u64 = 348;
const MAX_TABLE_ENTRIES: u64 = 4_096;
const MAX_ELEMENT_BYTES: u64 = 4_096;
const MAX_NAME: usize = 512;

/// Fails with [`ActivationError::TooMany`] if `count` is above `limit`.
pub(crate) fn limit(what: &'static str, count: u64, limit: u64) -> Result<(), ActivationError> {
    if count > limit { Err(ActivationError::TooMany { what, count, limit }) } else { Ok(()) }
}

/// The module's name and those of its exports may not be too long.
pub(crate) fn check_names(module: &Module<'_>) -> Result<(), ActivationError> {
    let names = module.exports.iter().map(|export| export.name).chain(module.name);
    match names.map(str::len).find(|length| *length > MAX_NAME) {
        Some(length) => Err(ActivationError::NameTooLong(length)),
        None => Ok(()),
    }
}

/// The proposals that programs may use: WASM 1.0 with mutable globals, sign extension, saturating conversions and bulk
/// memory; before ArbOS 60, also several results. Floats are allowed here; the metering pass refuses their operators.
fn features(arbos_version: u64) -> WasmFeatures {
    let features = WasmFeatures::WASM1
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::BULK_MEMORY;
    if arbos_version < arbos_versions::FRAGMENTS { features | WasmFeatures::MULTI_VALUE } else { features }
}

/// Reads `wasm` and checks every rule that does not depend on metering.
///
/// # Errors
/// The first rule that is broken.
pub(crate) fn read<'a>(wasm: &'a [u8], rules: &ActivationRules) -> Result<Module<'a>, ActivationError> {
    let features = features(rules.arbos_version);
    Validator::new_with_features(features)
        .validate_all(wasm)
        .map_err(|error| ActivationError::Invalid(error.to_string()))?;
    let mut module = Module::parse(wasm, features)?;
    if let Some(flaw) = module.flaw.take() {
        return Err(flaw.into());
    }
    check_imports(&module, rules)?;
    check_exports(&module)?;
    check_memory(&module, rules)?;
    check_elements(&module)?;
    check_data(&module)?;
    check_sizes(&module)?;
    if module.start.is_some() && !rules.debug {
        return Err(ActivationError::StartFunction);
    }
    Ok(module)
}

/// Only host I/Os, with the right types, and a host I/O that comes twice with the same index of its type.
fn check_imports(module: &Module<'_>, rules: &ActivationRules) -> Result<(), ActivationError> {
    if rules.arbos_version >= arbos_versions::CHARGING_FIXES {
        limit("imports", length(module.imports.len()), MAX_IMPORTS)?;
    }
    let mut types = HashMap::new();
    for import in &module.imports {
        let names = || (import.module.to_owned(), import.name.to_owned());
        let TypeRef::Func(type_index) = import.ty else {
            let (module, name) = names();
            return Err(ActivationError::ImportKind(module, name));
        };
        let signature =
            hostio::find(import.module, import.name).filter(|signature| rules.debug || !signature.debug_only);
        let Some(signature) = signature else {
            let (module, name) = names();
            return Err(ActivationError::UnknownImport(module, name));
        };
        if !has_type(module, type_index, signature) {
            let (module, name) = names();
            return Err(ActivationError::ImportType(module, name));
        }
        if types.insert((import.module, import.name), type_index).is_some_and(|other| other != type_index) {
            let (module, name) = names();
            return Err(ActivationError::InconsistentImports(module, name));
        }
    }
    Ok(())
}

fn has_type(module: &Module<'_>, type_index: u32, signature: &Signature) -> bool {
    let same = |types: &[wasmparser::ValType], expected: &[ValType]| {
        types.iter().copied().eq(expected.iter().map(|ty| ty.parsed()))
    };
    module
        .func_type(type_index)
        .is_some_and(|ty| same(ty.params(), signature.params) && same(ty.results(), signature.results))
}

fn check_exports(module: &Module<'_>) -> Result<(), ActivationError> {
    let imported: HashSet<_> = module.imports.iter().map(|import| import.name).collect();
    for export in &module.exports {
        // Nitro links host I/Os under names of the form module__name.
        let unqualified = export.name.rsplit("__").next().unwrap_or(export.name);
        if imported.contains(unqualified) {
            return Err(ActivationError::ExportsImport(unqualified.to_owned()));
        }
        if unqualified.starts_with(RESERVED_PREFIX) {
            return Err(ActivationError::ReservedExport(unqualified.to_owned()));
        }
    }
    let find = |name| module.exports.iter().find(|export| export.name == name);

    let memory = find(MEMORY).ok_or(ActivationError::MissingExport(MEMORY))?;
    if (memory.kind, memory.index) != (ExternalKind::Memory, 0) {
        return Err(ActivationError::ExportType(MEMORY, "the module's memory"));
    }
    let entrypoint = find(ENTRYPOINT).ok_or(ActivationError::MissingExport(ENTRYPOINT))?;
    let i32 = [wasmparser::ValType::I32];
    let ty = module.function_type(entrypoint.index).filter(|_| entrypoint.kind == ExternalKind::Func);
    if !ty.is_some_and(|ty| ty.params() == i32 && ty.results() == i32) {
        return Err(ActivationError::ExportType(ENTRYPOINT, "a function from i32 to i32"));
    }
    Ok(())
}

/// One memory that fits in the limit; a memory that can grow must be paid for.
fn check_memory(module: &Module<'_>, rules: &ActivationRules) -> Result<(), ActivationError> {
    let [memory] = module.memories.as_slice() else {
        return Err(ActivationError::MissingExport(MEMORY));
    };
    let limit = u64::from(rules.page_limit.min(MAX_PAGES));
    if memory.initial > limit {
        return Err(ActivationError::MemoryLimit { pages: memory.initial, limit });
    }
    let pays = module.imports.iter().any(|import| (import.module, import.name) == (VM_HOOKS, PAY_FOR_MEMORY_GROW));
    if memory.maximum != Some(memory.initial) && !pays {
        return Err(ActivationError::MissingPayForMemoryGrow);
    }
    Ok(())
}

fn check_elements(module: &Module<'_>) -> Result<(), ActivationError> {
    if module.tables.iter().any(|table| table.ty.element_type != RefType::FUNCREF) {
        return Err(ActivationError::ElementType);
    }
    for segment in &module.elements {
        // Passive segments are never used: the operators that would are refused.
        let ElementKind::Active { table_index, offset_expr } = &segment.kind else { continue };
        let ElementItems::Functions(functions) = &segment.items else {
            return Err(ActivationError::ElementType);
        };
        let table = usize::try_from(table_index.unwrap_or(0)).ok().and_then(|index| module.tables.get(index));
        let size = table.map_or(0, |table| table.ty.initial);
        if offset(offset_expr)? + u64::from(functions.count()) > size {
            return Err(ActivationError::SegmentBounds("element"));
        }
    }
    Ok(())
}

fn check_data(module: &Module<'_>) -> Result<(), ActivationError> {
    let size = module.memories.first().map_or(0, |memory| memory.initial.saturating_mul(PAGE_SIZE));
    for segment in &module.data {
        let wasmparser::DataKind::Active { offset_expr, .. } = &segment.kind else { continue };
        if offset(offset_expr)? + length(segment.data.len()) > size {
            return Err(ActivationError::SegmentBounds("data"));
        }
    }
    Ok(())
}

/// The value of a segment's offset expression, a number of 32 bits.
fn offset(expression: &wasmparser::ConstExpr<'_>) -> Result<u64, ActivationError> {
    match expression.get_operators_reader().read() {
        Ok(Operator::I32Const { value }) => Ok(u64::from(value.cast_unsigned())),
        _ => Err(ActivationError::SegmentOffset),
    }
}

fn check_sizes(module: &Module<'_>) -> Result<(), ActivationError> {
    limit("data segments", length(module.data.len()), MAX_SEGMENTS)?;
    limit("element segments", length(module.elements.len()), MAX_SEGMENTS)?;
    limit("functions", length(module.functions.len()), MAX_FUNCTIONS)?;
    limit("table entries", module.tables.iter().map(|table| table.ty.initial).sum(), MAX_TABLE_ENTRIES)?;
    let element_bytes = module.elements.iter().map(|segment| range_length(&segment.range)).sum();
    limit("bytes of element segments", element_bytes, MAX_ELEMENT_BYTES)?;
    for body in &module.bodies {
        limit("locals in a function", body.local_count(), MAX_LOCALS)?;
    }
    Ok(())
}
