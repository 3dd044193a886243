//! The state, and the rule for the next one.

use crate::arithmetic::{low, result};
use crate::{Instruction, Operation};
use alloc::vec::Vec;
use alloy_primitives::B256;
use step::{Cursor, Opened, Rooted, State, Trees, WrongWitness};

/// A machine at work: `T` stands for its trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine<T> {
    /// The [`Instruction`]s.
    pub code: T,
    /// Words of 64 bits, big-endian; an empty leaf is zero, and zero an empty leaf.
    pub memory: T,
    /// Where the next instruction is.
    pub counter: u32,
    /// The registers.
    pub registers: [u64; 16],
}

impl<T: Rooted + Clone> State for Machine<T> {
    const TAG: &'static [u8] = b"register machine";
    type Tree = T;

    fn fields(&self) -> Vec<u8> {
        let mut fields = Vec::with_capacity(196);
        fields.extend_from_slice(self.code.root().as_slice());
        fields.extend_from_slice(self.memory.root().as_slice());
        fields.extend_from_slice(&self.counter.to_be_bytes());
        self.registers.iter().for_each(|register| fields.extend_from_slice(&register.to_be_bytes()));
        fields
    }

    fn advance<H: Trees<Tree = T>>(&mut self, trees: &mut H) -> Result<(), WrongWitness> {
        let (instruction, _) = trees.open(&self.code, self.counter)?;
        let Some(instruction) = instruction.map(Instruction::decode) else { return Ok(()) };
        let Instruction { operation, d, a, b, n } = instruction;
        let (first, second) = (self.register(a), self.register(b));
        // Where code ends at the last counter there is, it goes on at the first.
        let after = self.counter.wrapping_add(1);
        let target = low(first).wrapping_add(n);
        let mut next = after;
        match operation {
            Operation::Halt => return Ok(()),
            Operation::Load => {
                let (word, _) = trees.open(&self.memory, target)?;
                self.set(d, word.map_or(0, u64::from_be_bytes));
            }
            Operation::Store => {
                let (_, place) = trees.open::<8>(&self.memory, target)?;
                trees.replace(&mut self.memory, place, (second != 0).then(|| second.to_be_bytes()));
            }
            Operation::Jump => {
                self.set(d, u64::from(after));
                next = target;
            }
            Operation::Branch if first != 0 => next = n,
            Operation::Branch => {}
            _ => {
                if let Some(value) = result(&instruction, self.register(d), first, second) {
                    self.set(d, value);
                }
            }
        }
        self.counter = next;
        Ok(())
    }
}

impl<T> Machine<T> {
    /// The register with this number.
    fn register(&self, number: u8) -> u64 {
        self.registers.get(usize::from(number & 15)).copied().unwrap_or(0)
    }

    /// Writes the register with this number.
    fn set(&mut self, number: u8, value: u64) {
        if let Some(register) = self.registers.get_mut(usize::from(number & 15)) {
            *register = value;
        }
    }
}

impl Opened for Machine<B256> {
    fn read(fields: &mut Cursor<'_>) -> Result<Self, WrongWitness> {
        let (code, memory, counter) = (fields.hash()?, fields.hash()?, fields.u32()?);
        let mut registers = [0; 16];
        for register in &mut registers {
            *register = fields.u64()?;
        }
        Ok(Self { code, memory, counter, registers })
    }
}
