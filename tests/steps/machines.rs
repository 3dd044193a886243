//! Random programs of the register machine.

use crate::judged::Judged;
use crate::random::Random;
use eyre::Result;
use register_machine::{Instruction, Machine};
use restake_computation::Tree;
use step::State;

/// How many instructions a program has.
const LENGTH: u64 = 40;
/// After so many steps another program begins.
const LONGEST: u32 = 400;

/// Takes the steps of a random program until it halts, one more, or many.
pub(crate) fn play(random: &mut Random, judged: &mut Judged) -> Result<()> {
    let begin = if random.one_in(8) { u32::MAX - 20 } else { small(random, 10) };
    let code: Tree = (0..LENGTH).map(|at| (begin.wrapping_add(narrow(at)), instruction(random, begin))).collect();
    let memory: Tree = (0..20).map(|_| (narrow(address(random)), random.next().to_be_bytes())).collect();
    let registers = std::array::from_fn(|_| word(random));
    let mut machine = Machine { code, memory, counter: begin, registers };
    for _ in 0..LONGEST {
        let before = machine.hash();
        judged.take(&mut machine, random)?;
        if machine.hash() == before {
            break;
        }
    }
    Ok(())
}

/// An instruction that is mostly defined, and mostly goes on inside the program.
fn instruction(random: &mut Random, begin: u32) -> [u8; 8] {
    let code = match random.below(60) {
        0 => small(random, 256),
        1 => 0,
        _ => 1 + small(random, 20),
    };
    let byte = |number: u32| u8::try_from(number & 0xff).unwrap_or(0);
    let [d, a, b] = std::array::from_fn(|_| byte(narrow(random.next())));
    let code = byte(code);
    // Where it jumps to is a register and a number: some of them end outside of the code.
    let n = match code {
        20 => begin.wrapping_add(small(random, LENGTH)),
        _ => narrow(word(random)),
    };
    let [n0, n1, n2, n3] = n.to_be_bytes();
    let bytes = [code, d, a, b, n0, n1, n2, n3];
    debug_assert!(Instruction::decode(bytes).d == d);
    bytes
}

/// Numbers at edges, small ones, and any.
fn word(random: &mut Random) -> u64 {
    match random.below(4) {
        0 => random.pick(&[0, 1, 63, 64, u64::MAX, 1 << 63, (1 << 63) - 1, 1 << 32, (1 << 32) - 1]).unwrap_or(0),
        1 => random.next(),
        _ => random.below(40),
    }
}

/// Addresses that are met again.
fn address(random: &mut Random) -> u64 {
    if random.one_in(2) { random.below(64) } else { word(random) }
}

fn small(random: &mut Random, limit: u64) -> u32 {
    narrow(random.below(limit))
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number & 0xffff_ffff).unwrap_or(0)
}
