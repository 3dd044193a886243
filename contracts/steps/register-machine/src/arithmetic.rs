//! What operations do with numbers: everything wraps.

use crate::{Instruction, Operation};

/// What an instruction of `d`, `a` and `b` puts into its register, if it is one that only computes.
pub(crate) fn result(instruction: &Instruction, d: u64, a: u64, b: u64) -> Option<u64> {
    let n = u64::from(instruction.n);
    Some(match instruction.operation {
        Operation::Set => n,
        Operation::Extend => d.wrapping_shl(32) | n,
        Operation::Add => a.wrapping_add(b).wrapping_add(n),
        Operation::Subtract => a.wrapping_sub(b),
        Operation::Multiply => a.wrapping_mul(b),
        Operation::Divide => a.checked_div(b).unwrap_or(0),
        Operation::Remainder => a.checked_rem(b).unwrap_or(a),
        Operation::And => a & b,
        Operation::Or => a | b,
        Operation::Xor => a ^ b,
        // Shifts wrap by themselves: they are modulo 64.
        Operation::ShiftLeft => a.wrapping_shl(low(b)),
        Operation::ShiftRight => a.wrapping_shr(low(b)),
        Operation::ShiftSigned => a.cast_signed().wrapping_shr(low(b)).cast_unsigned(),
        Operation::Below => u64::from(a < b),
        Operation::BelowSigned => u64::from(a.cast_signed() < b.cast_signed()),
        Operation::Equal => u64::from(a == b),
        Operation::Halt | Operation::Load | Operation::Store | Operation::Jump | Operation::Branch => return None,
    })
}

/// The low 32 bits.
pub(crate) fn low(number: u64) -> u32 {
    let [_, _, _, _, n0, n1, n2, n3] = number.to_be_bytes();
    u32::from_be_bytes([n0, n1, n2, n3])
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIGH: u64 = 1 << 63;
    const ALL: u64 = u64::MAX;

    #[test]
    fn numbers_wrap_and_nothing_divides_by_zero() {
        let n = 0xffff_ffff;
        for (operation, [d, a, b], expected) in [
            (Operation::Set, [1, 2, 3], 0xffff_ffff),
            (Operation::Extend, [(1 << 32) | 5, 0, 0], (5 << 32) | 0xffff_ffff),
            (Operation::Add, [0, ALL, 2], 0x1_0000_0000),
            (Operation::Subtract, [0, 1, 2], ALL),
            (Operation::Multiply, [0, HIGH, 3], HIGH),
            (Operation::Divide, [0, 7, 2], 3),
            (Operation::Divide, [0, 7, 0], 0),
            (Operation::Remainder, [0, 7, 4], 3),
            (Operation::Remainder, [0, 7, 0], 7),
            (Operation::And, [0, 12, 10], 8),
            (Operation::Or, [0, 12, 10], 14),
            (Operation::Xor, [0, 12, 10], 6),
            (Operation::ShiftLeft, [0, 3, 65], 6),
            (Operation::ShiftRight, [0, HIGH, 63 + (1 << 40)], 1),
            (Operation::ShiftSigned, [0, HIGH, 63], ALL),
            (Operation::Below, [0, 1, HIGH], 1),
            (Operation::BelowSigned, [0, 1, HIGH], 0),
            (Operation::BelowSigned, [0, HIGH, 1], 1),
            (Operation::Equal, [0, 5, 5], 1),
            (Operation::Equal, [0, 5, 6], 0),
        ] {
            let instruction = Instruction { operation, d: 0, a: 1, b: 2, n };
            assert_eq!(result(&instruction, d, a, b), Some(expected), "{operation:?} of {d}, {a}, {b}");
        }
        for operation in [Operation::Halt, Operation::Load, Operation::Store, Operation::Jump, Operation::Branch] {
            assert_eq!(result(&Instruction { operation, d: 0, a: 1, b: 2, n }, 1, 2, 3), None);
        }
    }
}
