//! Where blocks begin and end.

use crate::support::block_costs;

/// A block of `cheap` operators that cost one ink each.
fn block(cheap: i64) -> i64 {
    2_450 + cheap
}

#[test]
fn straight_code_is_one_block() {
    // block, nop, end; end: the inner `end` closes, the function's is a block of its own.
    assert_eq!(block_costs("(func block nop end)"), [block(3), block(1)]);
    assert_eq!(block_costs("(func nop nop)"), [block(3)]);
    assert_eq!(block_costs("(func)"), [block(1)]);
}

#[test]
fn entering_a_block_does_not_end_one() {
    // block, nop, block, nop, end | end | end.
    assert_eq!(block_costs("(func block nop block nop end end)"), [block(5), block(1), block(1)]);
}

#[test]
fn unreachable_does_not_end_a_block() {
    // unreachable, nop, end.
    assert_eq!(block_costs("(func unreachable nop)"), [block(3)]);
}

#[test]
fn loops_pay_on_every_turn() {
    // nop, loop | nop, const, br_if | end | end: the header of the second block is inside the loop.
    assert_eq!(
        block_costs("(func nop loop nop i32.const 0 br_if 0 end)"),
        [block(2), block(2 + 765), block(1), block(1)]
    );
}

#[test]
fn both_branches_pay_for_themselves() {
    // const, if | nop, else | nop, nop, end | end.
    let costs = block_costs("(func i32.const 0 if nop else nop nop end)");
    assert_eq!(costs, [block(1 + 765), block(2), block(3), block(1)]);
}

#[test]
fn code_after_a_jump_is_a_block() {
    // nop, return | nop, end.
    assert_eq!(block_costs("(func nop return nop)"), [block(2), block(2)]);
    // block, br | nop, end | end.
    assert_eq!(block_costs("(func block br 0 nop end)"), [block(1 + 765), block(2), block(1)]);
    // block, const, br_table | end | end.
    assert_eq!(block_costs("(func block i32.const 0 br_table 0 end)"), [block(2 + 2_400), block(1), block(1)]);
}

#[test]
fn calls_end_a_block() {
    // nop, call | end.
    assert_eq!(block_costs("(func nop call 0)"), [block(1 + 3_800), block(1)]);
    let costs = block_costs("(table 1 funcref) (func nop i32.const 0 call_indirect)");
    assert_eq!(costs, [block(2 + 13_610), block(1)]);
}
