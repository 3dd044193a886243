//! Each rule for programs, with a module that breaks only it.

use stylus_program::activation::{ActivationError, ActivationRules};

use crate::support::{RULES, SHELL, activate_free, module, try_activate};

const PRODUCTION: ActivationRules = ActivationRules { debug: false, ..RULES };

/// The error of a program of [`SHELL`] and these fields.
fn refused(fields: &str) -> ActivationError {
    try_activate(&format!("{fields} {SHELL}"), &PRODUCTION).unwrap_err()
}

fn accepted(fields: &str) {
    try_activate(&format!("{fields} {SHELL}"), &PRODUCTION).unwrap();
}

fn names(module: &str, name: &str) -> (String, String) {
    (module.into(), name.into())
}

#[test]
fn the_shell_is_a_program() {
    accepted("");
}

#[test]
fn only_old_and_small_proposals_are_accepted() {
    for fields in [
        "(func (param externref))",
        "(func (param v128))",
        "(table 1 funcref) (table 1 funcref)",
        "(memory 1 1)",
        "(func return_call 0)",
        "(tag)",
        "(func i32.const 0 i32.atomic.load drop)",
        "(global i32 (i32.add (i32.const 1) (i32.const 2)))",
        "(func i32.const 0 i32.const 0 i32.const 0 select (result i32) drop)",
        "(func i32.const 0)",
    ] {
        assert!(matches!(refused(fields), ActivationError::Invalid(_)), "{fields}: {:?}", refused(fields));
    }
    accepted("(func i32.const 0 i32.extend8_s drop) (func i32.const 0 i32.const 0 i32.const 0 memory.copy)");
}

#[test]
fn several_results_end_with_arbos_60() {
    let results = format!("(func (result i32 i32) i32.const 0 i32.const 0) {SHELL}");
    let block = format!("(func i32.const 0 block (param i32) drop end) {SHELL}");
    for fields in [results, block] {
        assert!(try_activate(&fields, &ActivationRules { arbos_version: 51, ..PRODUCTION }).is_ok());
        let error = try_activate(&fields, &ActivationRules { arbos_version: 60, ..PRODUCTION });
        assert!(matches!(error, Err(ActivationError::Invalid(_))));
    }
}

#[test]
fn imports_are_host_ios() {
    let (module, name) = names("vm_hooks", "value");
    assert_eq!(refused(r#"(import "vm_hooks" "value" (global i32))"#), ActivationError::ImportKind(module, name));
    let (module, name) = names("vm_hooks", "read_argz");
    assert_eq!(
        refused(r#"(import "vm_hooks" "read_argz" (func (param i32)))"#),
        ActivationError::UnknownImport(module, name)
    );
    let (module, name) = names("env", "read_args");
    assert_eq!(
        refused(r#"(import "env" "read_args" (func (param i32)))"#),
        ActivationError::UnknownImport(module, name)
    );
    let (module, name) = names("vm_hooks", "read_args");
    assert_eq!(
        refused(r#"(import "vm_hooks" "read_args" (func (param i64)))"#),
        ActivationError::ImportType(module, name)
    );
    let (module, name) = names("vm_hooks", "msg_reentrant");
    assert_eq!(refused(r#"(import "vm_hooks" "msg_reentrant" (func))"#), ActivationError::ImportType(module, name));
    accepted(
        r#"(import "vm_hooks" "read_args" (func (param i32))) (import "vm_hooks" "read_args" (func (param i32)))"#,
    );
}

#[test]
fn debugging_host_ios_are_for_debug_chains() {
    let fields = format!(r#"(import "console" "log_i32" (func (param i32))) {SHELL}"#);
    assert!(try_activate(&fields, &RULES).is_ok());
    let (module, name) = names("console", "log_i32");
    assert_eq!(try_activate(&fields, &PRODUCTION).unwrap_err(), ActivationError::UnknownImport(module, name));
}

#[test]
fn imports_are_limited_from_arbos_32() {
    let import = r#"(import "vm_hooks" "read_args" (func (param i32)))"#;
    accepted(&import.repeat(513));
    let fields = format!("{} {SHELL}", import.repeat(514));
    assert!(try_activate(&fields, &ActivationRules { arbos_version: 31, ..PRODUCTION }).is_ok());
    let error = try_activate(&fields, &PRODUCTION).unwrap_err();
    assert_eq!(error, ActivationError::TooMany { what: "imports", count: 514, limit: 513 });
}

#[test]
fn memory_and_entrypoint_are_exported() {
    let refused = |fields: &str| try_activate(fields, &PRODUCTION).unwrap_err();
    let entrypoint = r#"(func (export "user_entrypoint") (param i32) (result i32) i32.const 0)"#;
    assert_eq!(refused(entrypoint), ActivationError::MissingExport("memory"));
    assert_eq!(refused(&format!("(memory 1 1) {entrypoint}")), ActivationError::MissingExport("memory"));
    let function = format!(r#"(func (export "memory")) (memory 1 1) {entrypoint}"#);
    assert!(matches!(refused(&function), ActivationError::ExportType("memory", _)));

    let memory = r#"(memory (export "memory") 1 1)"#;
    assert_eq!(refused(memory), ActivationError::MissingExport("user_entrypoint"));
    let wrong = format!(r#"{memory} (func (export "user_entrypoint") (result i32) i32.const 0)"#);
    assert!(matches!(refused(&wrong), ActivationError::ExportType("user_entrypoint", _)));
    let global = format!(r#"{memory} (global (export "user_entrypoint") i32 (i32.const 0))"#);
    assert!(matches!(refused(&global), ActivationError::ExportType("user_entrypoint", _)));
}

#[test]
fn export_names_do_not_collide() {
    assert_eq!(
        refused(r#"(func (export "stylus_ink_left"))"#),
        ActivationError::ReservedExport("stylus_ink_left".into())
    );
    assert_eq!(refused(r#"(func (export "a__stylus_x"))"#), ActivationError::ReservedExport("stylus_x".into()));
    accepted(r#"(func (export "stylus__foo"))"#);
    let import = r#"(import "vm_hooks" "read_args" (func (param i32)))"#;
    let error = ActivationError::ExportsImport("read_args".into());
    assert_eq!(refused(&format!(r#"{import} (func (export "read_args"))"#)), error);
    assert_eq!(refused(&format!(r#"{import} (func (export "vm_hooks__read_args"))"#)), error);
    accepted(r#"(func (export "read_args"))"#);
    accepted(&format!(r#"{import} (func (export "read_args__not"))"#));
}

#[test]
fn a_host_io_has_one_type_wherever_it_is_imported() {
    let (one, two) = ("(type $a (func (param i32)))", "(type $b (func (param i32)))");
    let import = |ty| format!(r#"(import "vm_hooks" "read_args" (func (type {ty})))"#);
    let (module, name) = names("vm_hooks", "read_args");
    assert_eq!(
        refused(&format!("{one} {two} {} {}", import("$a"), import("$b"))),
        ActivationError::InconsistentImports(module, name)
    );
    accepted(&format!("{one} {two} {} {}", import("$a"), import("$a")));
}

/// The shell with a section of its own, `section`, before the code.
fn with_section(id: u8, section: &[u8], position: u8) -> Vec<u8> {
    let shell = module(SHELL);
    let header = 8;
    let mut at = header;
    while shell.get(at).is_some_and(|id| *id != position) {
        at += 2 + usize::from(shell[at + 1]);
    }
    let length = u8::try_from(section.len()).unwrap();
    [&shell[..at], &[id, length], section, &shell[at..]].concat()
}

#[test]
fn sections_are_those_of_the_first_wasm() {
    let data_count = with_section(12, &[0], 10);
    let error = ActivationError::Invalid("unsupported section type DataCountSection".into());
    assert_eq!(activate_free(&data_count, &RULES), Err(error));
}

#[test]
fn names_of_functions_are_whole() {
    let names = |subsection: &[u8]| with_section(0, &[b"\x04name", subsection].concat(), 0xff);
    // One name, of function 0, of one byte; then the same, one byte short.
    assert!(activate_free(&names(&[1, 4, 1, 0, 1, b'f']), &RULES).is_ok());
    assert!(matches!(activate_free(&names(&[1, 3, 1, 0, 1]), &RULES), Err(ActivationError::Invalid(_))));
    assert!(matches!(activate_free(&names(&[5, 9, 0x41]), &RULES), Err(ActivationError::Invalid(_))));
    // Names of locals are not read.
    assert!(activate_free(&names(&[2, 1, 9]), &RULES).is_ok());
}

#[test]
fn names_are_limited() {
    let export = |length| format!(r#"(func (export "{}")) {SHELL}"#, "n".repeat(length));
    assert!(try_activate(&export(512), &RULES).is_ok());
    assert_eq!(try_activate(&export(513), &RULES).unwrap_err(), ActivationError::NameTooLong(513));
    // Off debug chains the export is dropped before.
    assert!(try_activate(&export(513), &PRODUCTION).is_ok());
    // The name of the module itself, in the section of names.
    let named = |length| format!("${} {SHELL}", "n".repeat(length));
    for rules in [RULES, PRODUCTION] {
        assert!(try_activate(&named(512), &rules).is_ok());
        assert_eq!(try_activate(&named(513), &rules).unwrap_err(), ActivationError::NameTooLong(513));
    }
}

#[test]
fn start_functions_are_refused() {
    assert_eq!(refused("(func nop) (start 0)"), ActivationError::StartFunction);
}

#[test]
fn memory_fits_in_the_limit() {
    let pages = |pages: u32, page_limit| {
        let fields = format!(
            r#"(memory (export "memory") {pages} {pages})
            (func (export "user_entrypoint") (param i32) (result i32) i32.const 0)"#
        );
        try_activate(&fields, &ActivationRules { page_limit, ..PRODUCTION })
    };
    assert_eq!(pages(128, 128).unwrap().info.footprint, 128);
    assert_eq!(pages(129, 200).unwrap_err(), ActivationError::MemoryLimit { pages: 129, limit: 128 });
    assert_eq!(pages(5, 4).unwrap_err(), ActivationError::MemoryLimit { pages: 5, limit: 4 });
}

#[test]
fn memory_that_can_grow_is_paid_for() {
    let entrypoint = r#"(func (export "user_entrypoint") (param i32) (result i32) i32.const 0)"#;
    let pay = r#"(import "vm_hooks" "pay_for_memory_grow" (func (param i32)))"#;
    for memory in [r#"(memory (export "memory") 1)"#, r#"(memory (export "memory") 1 2)"#] {
        let error = try_activate(&format!("{memory} {entrypoint}"), &PRODUCTION).unwrap_err();
        assert_eq!(error, ActivationError::MissingPayForMemoryGrow);
        assert!(error.to_string().contains("pay_for_memory_grow"));
        assert!(try_activate(&format!("{pay} {memory} {entrypoint}"), &PRODUCTION).is_ok());
    }
}

#[test]
fn segments_lie_within_their_bounds() {
    accepted("(table 2 funcref) (func) (elem (i32.const 1) func 0)");
    assert_eq!(
        refused("(table 2 funcref) (func) (elem (i32.const 1) func 0 0)"),
        ActivationError::SegmentBounds("element")
    );
    assert_eq!(refused("(table 2 funcref) (elem (i32.const -1) func)"), ActivationError::SegmentBounds("element"));
    accepted(r#"(data (i32.const 65535) "x")"#);
    assert_eq!(refused(r#"(data (i32.const 65535) "xy")"#), ActivationError::SegmentBounds("data"));
    assert_eq!(refused(r#"(data (i32.const -1) "")"#), ActivationError::SegmentBounds("data"));
    // Passive segments lie nowhere.
    accepted(r#"(data "xy") (func $f) (elem func $f)"#);
}

#[test]
fn counts_are_limited() {
    let too_many = |fields: &str, what, limit| {
        assert_eq!(refused(fields), ActivationError::TooMany { what, count: limit + 1, limit });
    };
    let data = r#"(data (i32.const 0) "")"#;
    accepted(&data.repeat(128));
    too_many(&data.repeat(129), "data segments", 128);
    let element = "(elem (i32.const 0) func)";
    accepted(&format!("(table 1 funcref) {}", element.repeat(128)));
    too_many(&format!("(table 1 funcref) {}", element.repeat(129)), "element segments", 128);
    // One more function is the entrypoint.
    accepted(&"(func)".repeat(4_095));
    too_many(&"(func)".repeat(4_096), "functions", 4_096);
    accepted("(table 4096 funcref)");
    too_many("(table 4097 funcref)", "table entries", 4_096);
    accepted(&format!("(func (local {}))", "i32 ".repeat(348)));
    too_many(&format!("(func (local {}))", "i32 ".repeat(349)), "locals in a function", 348);
    // Four globals are added.
    let global = "(global i32 (i32.const 0))";
    accepted(&global.repeat(32_764));
    too_many(&global.repeat(32_765), "globals", 32_768);
}

#[test]
fn element_bytes_are_limited() {
    // Flags, `i32.const 0 end`, two bytes of length and one of each index: 4090 indices fill 4096 bytes.
    let fields =
        |indices| format!("(table 4096 funcref) (func $f) (elem (i32.const 0) func {})", "$f ".repeat(indices));
    accepted(&fields(4_090));
    let error = ActivationError::TooMany { what: "bytes of element segments", count: 4_097, limit: 4_096 };
    assert_eq!(refused(&fields(4_091)), error);
}

#[test]
fn operators_are_limited_after_metering() {
    // One block: 12 operators of the header, 12 to take the frame, 5 to give it back and return, one end.
    let around = 12 + 12 + 5 + 1;
    let function = |operators: usize| format!("(func {})", "nop ".repeat(operators));
    accepted(&function(65_536 - around));
    let error = ActivationError::TooMany { what: "operators in a function", count: 65_537, limit: 65_536 };
    assert_eq!(refused(&function(65_537 - around)), error);
}

#[test]
fn exports_are_limited_on_debug_chains() {
    let exports = |count: usize| (0..count).map(|n| format!("(func (export \"e{n}\"))")).collect::<String>();
    // The two of every program and the four of metering come on top.
    let activate = |count, rules| try_activate(&format!("{} {SHELL}", exports(count)), rules);
    assert!(activate(1_018, &RULES).is_ok());
    let error = ActivationError::TooMany { what: "exports", count: 1_025, limit: 1_024 };
    assert_eq!(activate(1_019, &RULES).unwrap_err(), error);
    assert!(activate(1_019, &PRODUCTION).is_ok());
}
