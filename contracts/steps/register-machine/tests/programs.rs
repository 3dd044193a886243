//! Programs, step by step.

use register_machine::{Instruction, Machine, Operation, RegisterMachine};
use restake_computation::{advance, witness, Execution, Tree};
use step::{State, Step};

fn run(code: &[Instruction], memory: Tree, steps: u64) -> Machine<Tree> {
    run_at(0, code, memory, steps)
}

/// The machine after so many steps of a program that begins at `counter`, each taken by its witness as well.
fn run_at(counter: u32, code: &[Instruction], memory: Tree, steps: u64) -> Machine<Tree> {
    let code = (0..).zip(code).map(|(at, instruction)| (counter.wrapping_add(at), instruction.encode())).collect();
    let mut machine = Machine { code, memory, counter, registers: [0; 16] };
    for step in 0..steps {
        let (state, witness) = (machine.hash(), witness(&machine).expect("well formed"));
        advance(&mut machine).expect("well formed");
        assert_eq!(RegisterMachine::step(state, &witness), Ok(machine.hash()), "step {step}");
    }
    machine
}

fn of(operation: Operation, [d, a, b]: [u8; 3], n: u32) -> Instruction {
    Instruction { operation, d, a, b, n }
}

fn word(memory: &Tree, at: u32) -> u64 {
    memory.get(at).map_or(0, |bytes| u64::from_be_bytes(bytes.try_into().expect("a word")))
}

/// The Fibonacci numbers, one after the other into memory from address 100.
#[test]
fn a_program_with_a_loop_computes_and_halts() {
    let code = [
        of(Operation::Set, [1, 0, 0], 0),
        of(Operation::Set, [2, 0, 0], 1),
        of(Operation::Set, [3, 0, 0], 90),
        // The loop: what is there, the next one, and one to go less.
        of(Operation::Store, [0, 4, 1], 100),
        of(Operation::Add, [5, 1, 2], 0),
        of(Operation::Add, [1, 2, 0], 0),
        of(Operation::Add, [2, 5, 0], 0),
        of(Operation::Add, [4, 4, 0], 1),
        of(Operation::Below, [6, 4, 3], 0),
        of(Operation::Branch, [0, 6, 0], 3),
        of(Operation::Halt, [0, 0, 0], 0),
    ];
    let end = run(&code, Tree::default(), 1_000);
    let (mut one, mut two) = (0u64, 1u64);
    for at in 100..190 {
        assert_eq!(word(&end.memory, at), one);
        (one, two) = (two, one + two);
    }
    assert_eq!((end.counter, end.registers[4]), (10, 90));
}

#[test]
fn what_is_not_defined_halts_and_a_halted_machine_stays() {
    let undefined = Machine {
        code: [(0, [99, 1, 1, 1, 0, 0, 0, 1])].into_iter().collect(),
        memory: Tree::default(),
        counter: 0,
        registers: [5; 16],
    };
    let execution = Execution::run(undefined.clone(), u64::MAX).expect("well formed");
    assert_eq!(execution.hash_at(u64::MAX), Ok(undefined.hash()));
    // The end of the code.
    let end = run(&[of(Operation::Set, [1, 0, 0], 8)], Tree::default(), 3);
    assert_eq!((end.counter, end.registers[1]), (1, 8));
}

#[test]
fn memory_gives_back_what_was_stored_and_has_no_history() {
    let code = [
        of(Operation::Load, [1, 0, 0], 7),
        of(Operation::Store, [0, 0, 1], 8),
        of(Operation::Store, [0, 0, 2], 7),
        of(Operation::Load, [3, 0, 0], 8),
        of(Operation::Load, [4, 0, 0], 7),
    ];
    let end = run(&code, [(7, 42u64.to_be_bytes())].into_iter().collect(), 5);
    assert_eq!((end.registers[1], end.registers[3], end.registers[4]), (42, 42, 0));
    // The zero left an empty leaf.
    let expected: Tree = [(8, 42u64.to_be_bytes())].into_iter().collect();
    assert_eq!(step::Rooted::root(&end.memory), step::Rooted::root(&expected));
}

#[test]
fn addresses_and_the_counter_wrap() {
    let code = [
        of(Operation::Set, [1, 0, 0], u32::MAX),
        of(Operation::Extend, [1, 0, 0], u32::MAX),
        of(Operation::Store, [0, 1, 1], 3),
        of(Operation::Jump, [2, 1, 0], 2),
    ];
    // The second instruction is at the last counter, the third at 0, and the jump leads to 1.
    let end = run_at(u32::MAX - 1, &code, Tree::default(), 4);
    assert_eq!((word(&end.memory, 2), end.registers[2], end.counter), (u64::MAX, 2, 1));
}

/// A register's number counts modulo sixteen.
#[test]
fn there_are_sixteen_registers() {
    let end = run(&[of(Operation::Set, [0x1f, 0, 0], 3), of(Operation::Add, [0xf0, 0xff, 15], 0)], Tree::default(), 2);
    assert_eq!((end.registers[15], end.registers[0]), (3, 6));
}
