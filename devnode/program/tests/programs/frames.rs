//! How much stack a function takes.
//!
//! A frame is its locals, the most operands at a time, and 4 words. Every block's header puts two operands on top of
//! the program's own, so that no function has fewer than 2.

use stylus_program::activation::ActivationError;
use wasmparser::Operator;

use crate::support::{RULES, SHELL, first_function, frame_size, metered, program, try_activate};

#[test]
fn an_empty_function_takes_six_words() {
    assert_eq!(frame_size("(func)"), 2 + 4);
}

#[test]
fn declared_locals_count_and_parameters_do_not() {
    assert_eq!(frame_size("(func (param i32 i64) (local i32 i64 i32))"), 2 + 3 + 4);
}

#[test]
fn operands_count_at_their_highest() {
    assert_eq!(frame_size("(func i32.const 0 i32.const 0 i32.const 0 i32.add i32.add drop)"), 3 + 4);
    // A store pops two, a load one and pushes one.
    assert_eq!(frame_size("(func i32.const 0 i32.const 0 i64.load i64.store i32.const 0 drop)"), 2 + 4);
    assert_eq!(
        frame_size("(func i32.const 0 i32.const 0 i32.const 0 select i32.const 0 i32.const 0 select drop)"),
        3 + 4
    );
}

#[test]
fn headers_count_on_top_of_the_operands() {
    // Two operands wait while the block after the call is paid for.
    assert_eq!(frame_size("(func i32.const 0 i32.const 0 call 0 drop drop)"), 2 + 2 + 4);
}

#[test]
fn calls_hold_results_and_arguments_together() {
    // 3 arguments and 2 results; afterwards 2 results and the header.
    let function = "(func (param i32 i32 i32) (result i32 i32) i32.const 0 i32.const 0 i32.const 0 call 0)";
    assert_eq!(frame_size(function), 5 + 4);
    // Indirectly: the index too, since results are added before it is removed.
    let function = "(type $t (func (param i32 i32 i32) (result i32 i32))) (table 1 funcref)
        (func (type $t) i32.const 0 i32.const 0 i32.const 0 i32.const 0 call_indirect (type $t))";
    assert_eq!(frame_size(function), 6 + 4);
}

#[test]
fn block_results_count_from_the_start() {
    // The block's result, then two operands inside: 3 before the addition.
    assert_eq!(frame_size("(func block (result i32) i32.const 0 i32.const 0 i32.add end drop)"), 3 + 4);
    // The end cuts the height to the one result, so the header after it stands on 1: 3 again.
    assert_eq!(frame_size("(func block (result i32) i32.const 0 end drop)"), 3 + 4);
}

#[test]
fn block_parameters_make_room_for_the_results() {
    // Three operands become the block's and count no more: the two inside it are the only ones there.
    let function = "(func i64.const 0 i64.const 0 i64.const 0 block (param i64 i64 i64)
        i64.const 0 i64.const 0 drop drop drop drop drop end)";
    assert_eq!(frame_size(function), 3 + 4);
}

#[test]
fn branches_of_an_if_start_at_the_same_height() {
    // The result counts from the start of both, so the second header stands on 1.
    let function = "(func i32.const 0 if (result i32) i32.const 0 else i32.const 0 end drop)";
    assert_eq!(frame_size(function), 3 + 4);
    // What dead code leaves on the stack is gone in the other branch: 3, not 3 + 3.
    let function = "(func i32.const 0 if i32.const 0 i32.const 0 i32.const 0 unreachable else
        i32.const 0 i32.const 0 i32.const 0 drop drop drop end)";
    assert_eq!(frame_size(function), 3 + 4);
}

#[test]
fn bulk_charges_count() {
    // Three operands; the charge takes the length away and adds up to four words: 3 - 1 + 4.
    assert_eq!(frame_size("(func i32.const 0 i32.const 0 i32.const 0 memory.fill)"), 6 + 4);
}

/// Operands left after this text, in the model: eight more make the most, whatever came before.
fn height_after(text: &str) -> i32 {
    let function = format!(
        "(type $two_to_one (func (param i32 i64) (result i32))) (table 1 funcref) (global (mut i32) (i32.const 0))
        (func (local i32) {text} {} unreachable)",
        "i32.const 0 ".repeat(8)
    );
    // One local.
    frame_size(&function) - 8 - 1 - 4
}

#[test]
fn operators_change_the_height() {
    let (one, two) = ("i32.const 0", "i32.const 0 i32.const 0");
    let three = "i32.const 0 i32.const 0 i32.const 0";
    let long = "i64.const 0";
    for (text, height) in [
        // Values.
        (one.to_owned(), 1),
        (long.to_owned(), 1),
        ("local.get 0".to_owned(), 1),
        ("global.get 0".to_owned(), 1),
        ("memory.size".to_owned(), 1),
        // One for one, or none for none.
        ("nop".to_owned(), 0),
        (format!("{one} local.tee 0"), 1),
        (format!("{one} i32.load16_u"), 1),
        (format!("{one} i64.load32_s"), 1),
        (format!("{one} i32.eqz"), 1),
        (format!("{long} i64.eqz"), 1),
        (format!("{long} i32.wrap_i64"), 1),
        (format!("{one} i32.popcnt"), 1),
        (format!("{one} memory.grow"), 1),
        // Two for one.
        (format!("{two} i32.sub"), 1),
        (format!("{two} i32.rotr"), 1),
        (format!("{two} i32.ge_u"), 1),
        (format!("{long} {long} i64.rem_u"), 1),
        (format!("{long} {long} i64.shl"), 1),
        (format!("{long} {long} i64.lt_s"), 1),
        // Taken away.
        (format!("{two} drop"), 1),
        (format!("{two} local.set 0"), 1),
        (format!("{two} global.set 0"), 1),
        (format!("{two} br_if 0"), 1),
        (format!("{two} br_table 0 0"), 1),
        (format!("{three} i32.store8"), 1),
        (format!("{two} {long} i64.store"), 1),
        (format!("{three} select"), 1),
        (format!("{one} {three} memory.copy"), 1),
        (format!("{one} {three} memory.fill"), 1),
        (format!("{one} call_indirect"), 0),
        (format!("{one} {long} {one} call_indirect (type $two_to_one)"), 1),
        // Blocks end at the height of their results; jumps leave it as it is.
        (format!("block {two} br 0 end"), 0),
        (format!("loop (result i32) {one} end"), 1),
        (format!("{one} if (result i32) {one} else {one} end"), 1),
        (format!("{two} return"), 2),
    ] {
        assert_eq!(height_after(&text), height, "{text}");
    }
}

/// Checks that each operator of `names` leaves this many of the words before it, and of what it pushes.
fn check(names: &str, operands: &[&str], height: i32) {
    for name in names.split(',').map(str::trim) {
        assert_eq!(height_after(&format!("{} {name}", operands.join(" "))), height, "{name}");
    }
}

#[test]
fn all_operators_of_a_kind_change_the_height_alike() {
    let (short, long) = ("i32.const 0", "i64.const 0");
    let arithmetic = "add, sub, mul, div_s, div_u, rem_s, rem_u, and, or, xor, shl, shr_s, shr_u, rotl, rotr, eq, ne, \
        lt_s, lt_u, gt_s, gt_u, le_s, le_u, ge_s, ge_u";
    let of = |ty: &str, names: &str| {
        names.split(',').map(|name| format!("{ty}.{}", name.trim())).collect::<Vec<_>>().join(",")
    };
    // Two for one, on top of another.
    check(&of("i32", arithmetic), &[short, short, short], 2);
    check(&of("i64", arithmetic), &[short, long, long], 2);
    // One for one.
    check(&of("i32", "eqz, clz, ctz, popcnt, extend8_s, extend16_s"), &[short, short], 2);
    check(&of("i64", "extend_i32_s, extend_i32_u"), &[short, short], 2);
    check(&of("i64", "eqz, clz, ctz, popcnt, extend8_s, extend16_s, extend32_s"), &[short, long], 2);
    check("i32.wrap_i64", &[short, long], 2);
    check(&of("i32", "load, load8_s, load8_u, load16_s, load16_u"), &[short, short], 2);
    check(&of("i64", "load, load8_s, load8_u, load16_s, load16_u, load32_s, load32_u"), &[short, short], 2);
    // Two for none.
    check(&of("i32", "store, store8, store16"), &[short, short, short], 1);
    check(&of("i64", "store, store8, store16, store32"), &[short, short, long], 1);
}

#[test]
fn every_return_gives_the_frame_back() {
    let metered = metered(&program("(func i32.const 0 br_if 0 i32.const 0 if return end)"));
    let operators = first_function(&metered);
    let stack_left = 3;
    let restored = operators.windows(5).filter(|window| {
        matches!(window, [
            Operator::GlobalGet { global_index: from },
            Operator::I32Const { value: 6 },
            Operator::I32Add,
            Operator::GlobalSet { global_index: to },
            Operator::Return,
        ] if (*from, *to) == (stack_left, stack_left))
    });
    // The explicit one and the end; not the branch.
    assert_eq!(restored.count(), 2);
    assert!(matches!(operators[operators.len() - 2..], [Operator::Return, Operator::End]));
}

#[test]
fn operands_have_a_limit() {
    // 4096 constants are allowed, and no header comes on top of them.
    let function = |operands: usize| format!("(func {} unreachable) {SHELL}", "i32.const 0 ".repeat(operands));
    assert!(try_activate(&function(4_096), &RULES).is_ok());
    let error = try_activate(&function(4_097), &RULES).unwrap_err();
    assert_eq!(
        error,
        ActivationError::TooMany { what: "operand stack words in a function", count: 4_097, limit: 4_096 }
    );
}
