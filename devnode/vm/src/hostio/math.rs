//! 256-bit arithmetic. The result replaces the first operand; dividing by zero gives zero, as in the EVM.

use super::row::{How, Part, Row};
use super::{Arguments, Program, Returned};
use revm::primitives::U256;
use stylus_program::ink;

/// The host I/Os of this topic.
pub(super) const ROWS: &[Row] = &[
    Row::new("math_div", How::Immediate(div), &[Part::Word(0), Part::Word(1)], &[Part::Word(0)]),
    Row::new("math_mod", How::Immediate(modulo), &[Part::Word(0), Part::Word(1)], &[Part::Word(0)]),
    Row::new("math_pow", How::Immediate(pow), &[Part::Word(0), Part::Word(1)], &[Part::Word(0)]),
    Row::new("math_add_mod", How::Immediate(add_mod), &[Part::Word(0), Part::Word(1), Part::Word(2)], &[Part::Word(0)]),
    Row::new("math_mul_mod", How::Immediate(mul_mod), &[Part::Word(0), Part::Word(1), Part::Word(2)], &[Part::Word(0)]),
];

/// `math_div(value, divisor)`.
pub(super) fn div(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    binary(program, args, |value, divisor| value.checked_div(divisor).unwrap_or_default())
}

/// `math_mod(value, modulus)`.
pub(super) fn modulo(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    binary(program, args, |value, modulus| value.checked_rem(modulus).unwrap_or_default())
}

/// `math_pow(value, exponent)`, modulo 2^256.
pub(super) fn pow(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    // The base is read before the exponent is paid for: who points outside of the memory does not pay.
    program.read_word(args.u32(0))?;
    let exponent = program.read_word(args.u32(1))?;
    program.buy_ink(ink::pow(&exponent.0))?;
    binary(program, args, |value, exponent| value.wrapping_pow(exponent))
}

/// `math_add_mod(value, addend, modulus)`, without overflow in between.
pub(super) fn add_mod(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    ternary(program, args, U256::add_mod)
}

/// `math_mul_mod(value, multiplier, modulus)`, without overflow in between.
pub(super) fn mul_mod(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    ternary(program, args, U256::mul_mod)
}

fn binary(program: &mut Program<'_>, args: Arguments<'_>, operation: fn(U256, U256) -> U256) -> Returned {
    let (a, b) = (program.read_number(args.u32(0))?, program.read_number(args.u32(1))?);
    program.write_number(args.u32(0), operation(a, b))?;
    Ok(None)
}

fn ternary(program: &mut Program<'_>, args: Arguments<'_>, operation: fn(U256, U256, U256) -> U256) -> Returned {
    let (a, b) = (program.read_number(args.u32(0))?, program.read_number(args.u32(1))?);
    let modulus = program.read_number(args.u32(2))?;
    program.write_number(args.u32(0), operation(a, b, modulus))?;
    Ok(None)
}
