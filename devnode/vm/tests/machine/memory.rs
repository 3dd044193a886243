//! Memory: what pages cost, and for how long they are open.

use crate::chain::*;
use revm::primitives::{Address, address};
use stylus_vm::revm;

const GROW: &str = r#"(import "vm_hooks" "pay_for_memory_grow" (func $pay (param i32)))"#;

/// A program with one page that grows by `pages` and returns whether that failed.
fn grower(pages: u32) -> String {
    format!(
        r#"(module {GROW} (memory (export "memory") 1)
            (func (export "user_entrypoint") (param i32) (result i32)
                i32.const {pages} memory.grow i32.const -1 i32.eq))"#
    )
}

/// Ink of the program above: two constants, the growth at 8,050, the comparison at 170 and the end.
const GROW_INK: u64 = 2 + 8_050 + 170 + 1 + 2_450;

#[test]
fn pages_beyond_two_cost_gas() {
    let mut chain = Chain::new();
    let program = chain.program(&grower(3));
    let start = chain.start_gas(program);
    // Four pages, two of them free: 2,000. The exponential part floor(1.1445^4) − floor(1.1445^1) is zero.
    assert_eq!(chain.call(program, Vec::new()).gas_used, 21_000 + start + gas(GROW_INK) + 2_000);
}

#[test]
fn growing_by_nothing_costs_ink() {
    let mut chain = Chain::new();
    let program = chain.program(&grower(0));
    let start = chain.start_gas(program);
    assert_eq!(chain.call(program, Vec::new()).gas_used, 21_000 + start + gas(GROW_INK + 8_400));
}

#[test]
fn memory_beyond_the_limit_cannot_be_paid() {
    let mut chain = Chain::new();
    let program = chain.program(&grower(128));
    assert_eq!(chain.call(program, Vec::new()).gas_used, PLENTY);
}

#[test]
fn growth_beyond_sixteen_bits_fails_by_itself() {
    let mut chain = Chain::new();
    // 65,536 pages are zero in 16 bits: they cost nothing, and are not to be had.
    let program = chain.program(&grower(65_536));
    let start = chain.start_gas(program);
    let execution = chain.call(program, Vec::new());
    assert!(!is_success(&execution));
    assert_eq!(execution.gas_used, 21_000 + start + gas(GROW_INK + 8_400));
}

#[test]
fn pages_of_programs_that_ended_are_free_for_the_next() {
    let mut chain = Chain::new();
    let program = chain.program(&grower(3));
    let start = chain.start_gas(program);
    // Calls the program twice: each time 5 pushes at 3, GAS at 2, the address 3, POP 2.
    let contract: Address = address!("0x00000000000000000000000000000000c0ffee01");
    let mut call = [0x60, 0].repeat(5);
    call.push(0x73);
    call.extend(program.as_slice());
    call.extend([0x5a, 0xf1, 0x50]);
    chain.place(contract, &call.repeat(2));
    let execution = chain.call(contract, Vec::new());
    // The pages are closed between the two, so that both pay 2,000; the account is cold once.
    let both = 2 * (start + gas(GROW_INK) + 2_000);
    assert_eq!(execution.gas_used, 21_000 + 2 * (15 + 3 + 2 + 2) + 2_600 + 100 + both);
}
