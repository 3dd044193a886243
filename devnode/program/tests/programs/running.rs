//! Metered programs in an engine: the counters count, and stop the program.

use stylus_program::instrument::{INK_LEFT, INK_STATUS, STACK_LEFT};
use wasmi::{Caller, Engine, Instance, Linker, Module, Store, Val};

use crate::support::{metered, module};

/// A metered program in an engine, with counters set.
struct Running {
    store: Store<Vec<u32>>,
    instance: Instance,
}

impl Running {
    fn new(fields: &str, ink: u64, stack: u32) -> Self {
        let engine = Engine::default();
        let module = Module::new(&engine, &metered(&module(fields))[..]).unwrap();
        let mut store = Store::new(&engine, Vec::new());
        let mut linker = Linker::new(&engine);
        let pay = |mut caller: Caller<'_, Vec<u32>>, pages: u32| caller.data_mut().push(pages);
        linker.func_wrap("vm_hooks", "pay_for_memory_grow", pay).unwrap();
        let instance = linker.instantiate_and_start(&mut store, &module).unwrap();
        let mut running = Self { store, instance };
        running.set(INK_LEFT, Val::I64(ink.cast_signed()));
        running.set(STACK_LEFT, Val::I32(stack.cast_signed()));
        running
    }

    fn set(&mut self, name: &str, value: Val) {
        self.instance.get_global(&self.store, name).unwrap().set(&mut self.store, value).unwrap();
    }

    fn get(&self, name: &str) -> i64 {
        match self.instance.get_global(&self.store, name).unwrap().get(&self.store) {
            Val::I32(value) => value.into(),
            Val::I64(value) => value,
            other => panic!("{name} is {other:?}"),
        }
    }

    /// Calls the entrypoint; `None` is a trap.
    fn call(&mut self, argument: i32) -> Option<i32> {
        let entrypoint = self.instance.get_typed_func::<i32, i32>(&self.store, "user_entrypoint").unwrap();
        entrypoint.call(&mut self.store, argument).ok()
    }
}

/// Counts its argument down to zero.
const LOOP: &str = r#"
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32)
        loop
            local.get 0 i32.const 1 i32.sub local.tee 0
            br_if 0
        end
        local.get 0)
"#;

/// Ink of [`LOOP`]: once `loop`, `end`, and `local.get end`, each a block.
const AROUND: u64 = (2_450 + 1) + (2_450 + 1) + (2_450 + 75 + 1);
/// Ink of each turn: header, `local.get`, `i32.const`, `i32.sub`, `local.tee`, `br_if`.
const TURN: u64 = 2_450 + 75 + 1 + 70 + 75 + 765;

#[test]
fn memory_of_a_fixed_size_grows_without_a_word() {
    let program = |maximum| {
        format!(
            r#"(import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
            (memory (export "memory") 1 {maximum})
            (func (export "user_entrypoint") (param i32) (result i32) local.get 0 memory.grow)"#
        )
    };
    for (maximum, asked) in [(1, vec![]), (2, vec![1])] {
        let mut running = Running::new(&program(maximum), 1_000_000, 1_000);
        running.call(1);
        assert_eq!(running.store.data(), &asked);
    }
}

#[test]
fn ink_falls_by_the_blocks_that_ran() {
    let mut running = Running::new(LOOP, 1_000_000, 1_000);
    assert_eq!(running.call(10), Some(0));
    assert_eq!(running.get(INK_LEFT).cast_unsigned(), 1_000_000 - AROUND - 10 * TURN);
    assert_eq!((running.get(INK_STATUS), running.get(STACK_LEFT)), (0, 1_000));
}

#[test]
fn the_last_ink_can_be_spent() {
    let mut running = Running::new(LOOP, AROUND + 10 * TURN, 1_000);
    assert_eq!((running.call(10), running.get(INK_LEFT), running.get(INK_STATUS)), (Some(0), 0, 0));
}

#[test]
fn a_block_that_cannot_be_paid_does_not_run() {
    let mut running = Running::new(LOOP, AROUND + 10 * TURN - 1, 1_000);
    assert_eq!((running.call(10), running.get(INK_STATUS)), (None, 1));
    // The last block, `local.get end`, was not paid.
    assert_eq!(running.get(INK_LEFT), 2_450 + 75 + 1 - 1);
}

#[test]
fn ink_is_unsigned() {
    let mut running = Running::new(LOOP, u64::MAX, 1_000);
    assert_eq!(running.call(1), Some(0));
    assert_eq!(running.get(INK_LEFT).cast_unsigned(), u64::MAX - AROUND - TURN);
}

/// Fills as many bytes as its argument says.
const FILL: &str = r#"
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32)
        i32.const 0 i32.const 7 local.get 0 memory.fill
        i32.const 255 i32.load8_u)
"#;

/// Ink of [`FILL`] without the bytes.
const FILL_BASE: u64 = 2_450 + 1 + 1 + 75 + 950 + 1 + 670 + 1;

#[test]
fn bulk_operations_pay_by_the_byte() {
    let mut running = Running::new(FILL, 1_000_000, 1_000);
    assert_eq!(running.call(256), Some(7));
    assert_eq!(running.get(INK_LEFT).cast_unsigned(), 1_000_000 - FILL_BASE - 25_600);
    assert_eq!(running.call(0), Some(7));
    assert_eq!(running.get(INK_LEFT).cast_unsigned(), 1_000_000 - 2 * FILL_BASE - 25_600);
}

#[test]
fn bulk_operations_that_cannot_be_paid_do_not_run() {
    let mut running = Running::new(FILL, FILL_BASE + 25_599, 1_000);
    assert_eq!((running.call(256), running.get(INK_STATUS)), (None, 1));
    // Paid, but out of bounds: an ordinary trap. All of the block is paid before.
    let mut running = Running::new(FILL, FILL_BASE + 6_553_700, 1_000);
    assert_eq!((running.call(65_537), running.get(INK_STATUS), running.get(INK_LEFT)), (None, 0, 0));
    // Lengths are unsigned: 2^32 - 1 bytes.
    let mut running = Running::new(FILL, FILL_BASE + 429_496_729_500, 1_000);
    assert_eq!((running.call(-1), running.get(INK_STATUS), running.get(INK_LEFT)), (None, 0, 0));
}

/// Copies as many bytes as its argument says.
const COPY: &str = r#"
    (memory (export "memory") 1 1)
    (data (i32.const 0) "\01\02\03")
    (func (export "user_entrypoint") (param i32) (result i32)
        i32.const 8 i32.const 0 local.get 0 memory.copy
        i32.const 8 i32.load)
"#;

#[test]
fn copies_pay_like_fills() {
    // The same operators, a load of 32 bits instead of 8 at the same price.
    let mut running = Running::new(COPY, FILL_BASE + 300, 1_000);
    assert_eq!((running.call(3), running.get(INK_LEFT), running.get(INK_STATUS)), (Some(0x0003_0201), 0, 0));
    let mut running = Running::new(COPY, FILL_BASE + 299, 1_000);
    assert_eq!((running.call(3), running.get(INK_STATUS)), (None, 1));
}

/// Calls itself as often as its argument says.
const RECURSION: &str = r#"
    (memory (export "memory") 1 1)
    (func $again (export "user_entrypoint") (param i32) (result i32)
        local.get 0 i32.eqz if i32.const 0 return end
        local.get 0 i32.const 1 i32.sub call $again)
"#;

/// Operands of [`RECURSION`]: at most 3, the last block's header on top of the result; 4 for the frame.
const RECURSION_FRAME: u32 = 3 + 4;

#[test]
fn frames_are_given_back() {
    let mut running = Running::new(RECURSION, 100_000_000, 1_000);
    assert_eq!((running.call(100), running.get(STACK_LEFT)), (Some(0), 1_000));
}

#[test]
fn a_frame_that_does_not_fit_traps_with_nothing_left() {
    // Eleven frames; the last word can never be taken.
    let mut running = Running::new(RECURSION, 100_000_000, 11 * RECURSION_FRAME + 1);
    assert_eq!((running.call(10), running.get(STACK_LEFT)), (Some(0), i64::from(11 * RECURSION_FRAME + 1)));
    let mut running = Running::new(RECURSION, 100_000_000, 11 * RECURSION_FRAME);
    assert_eq!((running.call(10), running.get(STACK_LEFT), running.get(INK_STATUS)), (None, 0, 0));
}

/// Grows by as many pages as its argument says.
const GROW: &str = r#"
    (import "vm_hooks" "pay_for_memory_grow" (func (param i32)))
    (memory (export "memory") 1)
    (func (export "user_entrypoint") (param i32) (result i32) local.get 0 memory.grow)
"#;

#[test]
fn growing_asks_first() {
    let mut running = Running::new(GROW, 1_000_000, 1_000);
    assert_eq!(running.call(2), Some(1));
    assert_eq!(running.call(0), Some(3));
    assert_eq!(running.store.data()[..], [2, 0]);
    // The charge for the host I/O's call is not metered: header, `local.get`, `memory.grow`, `end`, twice.
    assert_eq!(running.get(INK_LEFT), 1_000_000 - 2 * (2_450 + 75 + 8_050 + 1));
}

#[test]
fn memory_has_a_maximum() {
    let mut running = Running::new(GROW, 1_000_000, 1_000);
    assert_eq!(running.call(127), Some(1));
    assert_eq!(running.call(1), Some(-1));
    // What the host I/O would see as no pages at all.
    assert_eq!(running.call(0x1_0000), Some(-1));
}
