//! The price of every operator.

use stylus_program::activation::ActivationError;

use crate::support::{RULES, SHELL, block_costs, try_activate};

/// Ink of the code at the head of a block.
const HEADER: i64 = 2_450;
/// Ink of `end`, of constants and of other operators that compile to nothing.
const FREE: i64 = 1;
/// Ink of `drop`.
const DROP: i64 = 9;

const I32: &str = "i32.const 0";
const I64: &str = "i64.const 0";

/// Checks that each operator of `names`, after `operands` (one constant each) and before `drops`, costs `price`.
fn check(names: &str, operands: &[&str], drops: i64, price: i64) {
    for name in names.split(',').map(str::trim) {
        let drop = if drops == 1 { "drop" } else { "" };
        let function = format!("(func (local i32) {} {name} {drop})", operands.join(" "));
        let setup = FREE * i64::try_from(operands.len()).unwrap();
        assert_eq!(block_costs(&function), [HEADER + setup + price + DROP * drops + FREE], "{name}");
    }
}

#[test]
fn bare_operators() {
    check("nop, unreachable", &[], 0, 1);
    check("i32.const 7, i64.const 7", &[], 1, 1);
    check("drop", &[I32], 0, 9);
    check("select", &[I32, I32, I32], 1, 1_250);
}

#[test]
fn variables() {
    check("local.get 0", &[], 1, 75);
    check("local.tee 0", &[I32], 1, 75);
    check("local.set 0", &[I32], 0, 210);
    // The program's own global.
    let costs = block_costs("(global (mut i32) (i32.const 0)) (func global.get 0 global.set 0)");
    assert_eq!(costs, [HEADER + 225 + 575 + FREE]);
}

#[test]
fn arithmetic_of_32_bits() {
    let names = "i32.add, i32.sub, i32.and, i32.or, i32.xor, i32.shl, i32.shr_s, i32.shr_u, i32.rotl, i32.rotr";
    check(names, &[I32, I32], 1, 70);
    check("i32.mul", &[I32, I32], 1, 160);
    check("i32.div_s, i32.div_u, i32.rem_s, i32.rem_u", &[I32, I32], 1, 1_120);
    check("i32.clz, i32.ctz", &[I32], 1, 210);
    check("i32.popcnt", &[I32], 1, 2_650);
    check("i32.eqz", &[I32], 1, 170);
    let names = "i32.eq, i32.ne, i32.lt_s, i32.lt_u, i32.gt_s, i32.gt_u, i32.le_s, i32.le_u, i32.ge_s, i32.ge_u";
    check(names, &[I32, I32], 1, 170);
}

#[test]
fn arithmetic_of_64_bits() {
    let names = "i64.add, i64.sub, i64.and, i64.or, i64.xor, i64.shl, i64.shr_s, i64.shr_u, i64.rotl, i64.rotr";
    check(names, &[I64, I64], 1, 100);
    check("i64.mul", &[I64, I64], 1, 160);
    check("i64.div_s, i64.div_u, i64.rem_s, i64.rem_u", &[I64, I64], 1, 1_270);
    check("i64.clz, i64.ctz", &[I64], 1, 210);
    check("i64.popcnt", &[I64], 1, 6_000);
    check("i64.eqz", &[I64], 1, 225);
    let names = "i64.eq, i64.ne, i64.lt_s, i64.lt_u, i64.gt_s, i64.gt_u, i64.le_s, i64.le_u, i64.ge_s, i64.ge_u";
    check(names, &[I64, I64], 1, 225);
}

#[test]
fn conversions() {
    check("i32.wrap_i64", &[I64], 1, 100);
    check("i64.extend_i32_s, i64.extend_i32_u, i32.extend8_s, i32.extend16_s", &[I32], 1, 100);
    check("i64.extend8_s, i64.extend16_s, i64.extend32_s", &[I64], 1, 100);
}

#[test]
fn memory() {
    check("i32.load, i32.load8_s, i32.load8_u, i32.load16_s, i32.load16_u", &[I32], 1, 670);
    let names = "i64.load, i64.load8_s, i64.load8_u, i64.load16_s, i64.load16_u, i64.load32_s, i64.load32_u";
    check(names, &[I32], 1, 680);
    check("i32.store, i32.store8, i32.store16", &[I32, I32], 0, 825);
    check("i64.store, i64.store8, i64.store16, i64.store32", &[I32, I64], 0, 950);
    check("memory.copy, memory.fill", &[I32, I32, I32], 0, 950);
    check("memory.size", &[], 1, 3_000);
    check("memory.grow", &[I32], 1, 8_050);
}

#[test]
fn control() {
    // The block under test is the first; it ends with the operator, or, for `block`, one later.
    let first = |body: &str| block_costs(&format!("(func (local i32) {body})"))[0] - HEADER;
    assert_eq!(first("block end"), FREE + FREE);
    assert_eq!(first("loop end"), FREE);
    assert_eq!(first("return"), FREE);
    assert_eq!(first("br 0"), 765);
    assert_eq!(first("i32.const 0 br_if 0"), FREE + 765);
    assert_eq!(first("i32.const 0 if end"), FREE + 765);
    assert_eq!(first("i32.const 0 br_table 0"), FREE + 2_400);
    // Three targets and the default.
    assert_eq!(first("i32.const 0 br_table 0 0 0 0"), FREE + 2_400 + 325 * 3);
    assert_eq!(first("call 0"), 3_800);
    // `nop` and `else`, after the block of the `if`.
    assert_eq!(block_costs("(func i32.const 0 if nop else end)")[1], HEADER + FREE + FREE);
}

#[test]
fn indirect_calls_pay_for_parameters() {
    let call = |types: &str, operands: &str| {
        let function =
            format!("(type $t (func {types})) (table 1 funcref) (func {operands} i32.const 0 call_indirect (type $t))");
        block_costs(&function)[0] - HEADER
    };
    assert_eq!(call("", ""), FREE + 13_610);
    assert_eq!(call("(param i32 i64)", "i32.const 0 i64.const 0"), 3 * FREE + 13_610 + 2 * 650);
}

#[test]
fn computing_with_floats_has_no_price() {
    for (body, name) in [
        ("(local f64) local.get 0 local.get 0 f64.add drop", "F64Add"),
        ("(local f32) local.get 0 local.get 0 f32.lt drop", "F32Lt"),
        ("i32.const 0 f64.convert_i32_s drop", "F64ConvertI32S"),
        ("(local f64) local.get 0 i64.trunc_sat_f64_u drop", "I64TruncSatF64U"),
    ] {
        let error = try_activate(&format!("(func {body}) {SHELL}"), &RULES).unwrap_err();
        assert_eq!(error, ActivationError::FloatOperator(name.into()));
    }
    // A float that is only passed on is fine.
    assert!(try_activate(&format!("(func (param f64) (result f64) local.get 0) {SHELL}"), &RULES).is_ok());
}

/// Their block may stand in a program and never runs: nobody has so much ink.
#[test]
fn moving_floats_costs_more_than_anybody_has() {
    for body in [
        "f32.const 0 drop",
        "f64.const 0 drop",
        "i32.const 0 f32.load drop",
        "i32.const 0 f64.load drop",
        "(local f32) i32.const 0 local.get 0 f32.store",
        "(local f64) i32.const 0 local.get 0 f64.store",
        "(local f32) local.get 0 i32.reinterpret_f32 drop",
        "(local f64) local.get 0 i64.reinterpret_f64 drop",
        "i32.const 0 f32.reinterpret_i32 drop",
        "i64.const 0 f64.reinterpret_i64 drop",
    ] {
        assert_eq!(block_costs(&format!("(func {body})"))[0], u64::MAX.cast_signed(), "{body}");
    }
}

#[test]
fn other_bulk_operators_have_no_price() {
    let refused = |fields| try_activate(&format!("{fields} {SHELL}"), &RULES).unwrap_err();
    let error = refused("(table 1 funcref) (func i32.const 0 i32.const 0 i32.const 0 table.copy)");
    assert_eq!(error, ActivationError::UnsupportedOperator("TableCopy".into()));
    // These need a section that is refused by itself.
    for fields in [
        "(data $d \"x\") (func i32.const 0 i32.const 0 i32.const 0 memory.init $d)",
        "(data $d \"x\") (func data.drop $d)",
    ] {
        assert!(matches!(refused(fields), ActivationError::Invalid(_)), "{fields}");
    }
}
