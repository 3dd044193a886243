//! Instructions, and the eight bytes that they are.

/// What an instruction does with its registers `d`, `a` and `b` and its number `n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Nothing, for ever.
    Halt,
    /// `d = n`.
    Set,
    /// `d = d * 2^32 + n`: the second half of a number of 64 bits.
    Extend,
    /// `d = a + b + n`.
    Add,
    /// `d = a - b`.
    Subtract,
    /// `d = a * b`.
    Multiply,
    /// `d = a / b`, zero if `b` is.
    Divide,
    /// `d = a mod b`, `a` if `b` is zero.
    Remainder,
    /// `d = a & b`.
    And,
    /// `d = a | b`.
    Or,
    /// `d = a ^ b`.
    Xor,
    /// `d = a << b`, by `b` modulo 64.
    ShiftLeft,
    /// `d = a >> b`, by `b` modulo 64, with zeros.
    ShiftRight,
    /// `d = a >> b`, by `b` modulo 64, with the sign.
    ShiftSigned,
    /// `d = 1` if `a < b`, or 0.
    Below,
    /// `d = 1` if `a < b` as signed numbers, or 0.
    BelowSigned,
    /// `d = 1` if `a = b`, or 0.
    Equal,
    /// `d = memory[a + n]`: addresses are counted modulo 2^32.
    Load,
    /// `memory[a + n] = b`.
    Store,
    /// Goes on at `a + n`, with where it would have gone on in `d`.
    Jump,
    /// Goes on at `n` if `a` is not zero.
    Branch,
}

/// An instruction. Of the numbers of registers the low four bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instruction {
    /// What it does.
    pub operation: Operation,
    /// The register that it writes.
    pub d: u8,
    /// The first register that it reads.
    pub a: u8,
    /// The second register that it reads.
    pub b: u8,
    /// Its number.
    pub n: u32,
}

/// The operations by their codes.
const OPERATIONS: [Operation; 21] = [
    Operation::Halt,
    Operation::Set,
    Operation::Extend,
    Operation::Add,
    Operation::Subtract,
    Operation::Multiply,
    Operation::Divide,
    Operation::Remainder,
    Operation::And,
    Operation::Or,
    Operation::Xor,
    Operation::ShiftLeft,
    Operation::ShiftRight,
    Operation::ShiftSigned,
    Operation::Below,
    Operation::BelowSigned,
    Operation::Equal,
    Operation::Load,
    Operation::Store,
    Operation::Jump,
    Operation::Branch,
];

impl Instruction {
    /// As a leaf: code, `d`, `a`, `b`, and `n` big-endian.
    #[must_use]
    pub fn encode(&self) -> [u8; 8] {
        let code = (0..).zip(OPERATIONS).find_map(|(code, known)| (known == self.operation).then_some(code));
        let [n0, n1, n2, n3] = self.n.to_be_bytes();
        // Every operation has a code.
        [code.unwrap_or(0), self.d, self.a, self.b, n0, n1, n2, n3]
    }

    /// From a leaf. An undefined code halts.
    #[must_use]
    pub fn decode([code, d, a, b, n0, n1, n2, n3]: [u8; 8]) -> Self {
        let operation = OPERATIONS.get(usize::from(code)).copied().unwrap_or(Operation::Halt);
        Self { operation, d, a, b, n: u32::from_be_bytes([n0, n1, n2, n3]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_one_operation_and_an_undefined_one_halts() {
        for (code, operation) in (0..).zip(OPERATIONS) {
            let instruction = Instruction { operation, d: 1, a: 2, b: 255, n: 0x0102_0304 };
            assert_eq!(instruction.encode(), [code, 1, 2, 255, 1, 2, 3, 4]);
            assert_eq!(Instruction::decode(instruction.encode()), instruction);
        }
        for code in 21..=255 {
            assert_eq!(Instruction::decode([code, 0, 0, 0, 0, 0, 0, 0]).operation, Operation::Halt);
        }
    }
}
