//! Programs from text, and what metering put into them.

use stylus_program::activation::{Activated, ActivationError, ActivationRules, activate, instrument};
use wasmparser::{Operator, Parser, Payload, Validator, WasmFeatures};

/// A debug chain of today.
pub(crate) const RULES: ActivationRules =
    ActivationRules { arbos_version: 51, stylus_version: 2, page_limit: 128, debug: true };

/// The least that a program needs: one page of memory that cannot grow, and an entrypoint.
pub(crate) const SHELL: &str = r#"
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32) i32.const 0)
"#;

/// A module of these fields.
pub(crate) fn module(fields: &str) -> Vec<u8> {
    wat::parse_str(format!("(module {fields})")).unwrap()
}

/// A program whose first function (after its imports) has this text, followed by [`SHELL`].
pub(crate) fn program(function: &str) -> Vec<u8> {
    module(&format!("{function} {SHELL}"))
}

/// Activates a module with more than enough gas.
pub(crate) fn activate_free(wasm: &[u8], rules: &ActivationRules) -> Result<Activated, ActivationError> {
    let mut gas = u64::MAX;
    activate(wasm, rules, &mut gas)
}

/// Activates a module of these fields with more than enough gas.
pub(crate) fn try_activate(fields: &str, rules: &ActivationRules) -> Result<Activated, ActivationError> {
    activate_free(&module(fields), rules)
}

/// The metered form of a program, checked to be valid.
pub(crate) fn metered(wasm: &[u8]) -> Vec<u8> {
    let metered = instrument(wasm, &RULES).unwrap();
    assert_valid(&metered);
    metered
}

pub(crate) fn assert_valid(wasm: &[u8]) {
    let features = WasmFeatures::WASM1
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::BULK_MEMORY;
    Validator::new_with_features(features).validate_all(wasm).unwrap();
}

/// The operators of the first local function.
pub(crate) fn first_function(wasm: &[u8]) -> Vec<Operator<'_>> {
    let body = Parser::new(0)
        .parse_all(wasm)
        .find_map(|payload| match payload.unwrap() {
            Payload::CodeSectionEntry(body) => Some(body),
            _ => None,
        })
        .unwrap();
    body.get_operators_reader().unwrap().into_iter().collect::<Result<_, _>>().unwrap()
}

/// What each block of the program's first function costs: the constants that the ink left is compared with.
pub(crate) fn block_costs(function: &str) -> Vec<i64> {
    let metered = metered(&program(function));
    let operators = first_function(&metered);
    let charges = operators.windows(3).filter_map(|window| match window {
        [Operator::I64Const { value }, Operator::I64LtU, Operator::If { .. }] => Some(*value),
        _ => None,
    });
    charges.collect()
}

/// Words that the program's first function takes from the stack: the constant that the stack left is compared with.
pub(crate) fn frame_size(function: &str) -> i32 {
    let metered = metered(&program(function));
    let operators = first_function(&metered);
    let [Operator::GlobalGet { .. }, Operator::I32Const { value }, Operator::I32LeU, ..] = operators[..] else {
        panic!("no check on entry: {operators:?}");
    };
    value
}
