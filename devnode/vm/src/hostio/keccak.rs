//! Hashing.

use super::row::{How, Part, Row};
use super::{Arguments, Program, Returned};
use revm::primitives::keccak256;
use stylus_program::ink;

/// The host I/Os of this topic.
pub(super) const ROWS: &[Row] =
    &[Row::new("native_keccak256", How::Immediate(native_keccak256), &[Part::Data(0, 1)], &[Part::Word(2)])];

/// `native_keccak256(pointer, length, output)`.
pub(super) fn native_keccak256(program: &mut Program<'_>, args: Arguments<'_>) -> Returned {
    let (pointer, length, output) = (args.u32(0), args.u32(1), args.u32(2));
    program.buy_ink(ink::keccak(u64::from(length)))?;
    let hash = keccak256(program.read(pointer, length)?);
    program.write(output, hash.as_slice())?;
    Ok(None)
}
