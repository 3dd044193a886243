//! A running program from a host I/O's side: its arguments, its memory, its ink.

use super::{Escape, Invocation};
use crate::engine::{Guest, Value};
use revm::primitives::{Address, B256, Bytes, U256};
use stylus_program::ink;

/// A program that called a host I/O.
pub(crate) type Program<'a> = dyn Guest<Invocation> + 'a;

/// The arguments of a host I/O. The engine has checked them against the signature: one that is absent would read as
/// zero.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arguments<'a>(pub(crate) &'a [Value]);

impl Arguments<'_> {
    /// An `i32` parameter: a pointer, a length, a number.
    pub(crate) fn u32(self, index: usize) -> u32 {
        match self.0.get(index) {
            Some(Value::I32(value) | Value::F32(value)) => *value,
            _ => 0,
        }
    }

    /// An `i64` parameter.
    pub(crate) fn u64(self, index: usize) -> u64 {
        match self.0.get(index) {
            Some(Value::I64(value) | Value::F64(value)) => *value,
            _ => 0,
        }
    }
}

const OUT_OF_BOUNDS: Escape = Escape::Failure("memory access out of bounds");

/// Ink.
impl<'a> dyn Guest<Invocation> + 'a {
    /// Pays `ink`.
    pub(super) fn buy_ink(&mut self, ink: u64) -> Result<(), Escape> {
        match self.ink().checked_sub(ink) {
            Some(left) => {
                self.set_ink(left);
                Ok(())
            }
            None => Err(self.out_of_ink()),
        }
    }

    /// Pays `gas` at the ink price.
    pub(super) fn buy_gas(&mut self, gas: u64) -> Result<(), Escape> {
        self.buy_ink(ink::from_gas(gas, self.ink_price()))
    }

    /// Checks that `gas` could be paid.
    pub(super) fn require_gas(&mut self, gas: u64) -> Result<(), Escape> {
        if self.ink() < ink::from_gas(gas, self.ink_price()) { Err(self.out_of_ink()) } else { Ok(()) }
    }

    /// The gas that is left.
    pub(crate) fn gas_left(&self) -> u64 {
        ink::to_gas(self.ink(), self.ink_price())
    }

    /// Ink per gas.
    pub(super) fn ink_price(&self) -> u32 {
        self.host().call.ink_price
    }

    fn out_of_ink(&mut self) -> Escape {
        self.exhaust();
        Escape::OutOfInk
    }
}

/// Memory.
impl<'a> dyn Guest<Invocation> + 'a {
    /// `length` bytes at `pointer`.
    pub(super) fn read(&self, pointer: u32, length: u32) -> Result<Bytes, Escape> {
        Ok(Bytes::copy_from_slice(self.slice(pointer, length)?))
    }

    /// `N` bytes at `pointer`.
    fn read_array<const N: usize>(&self, pointer: u32) -> Result<[u8; N], Escape> {
        let start = offset(pointer)?;
        let bytes = self.memory().get(start..).and_then(|bytes| bytes.first_chunk::<N>());
        bytes.copied().ok_or(OUT_OF_BOUNDS)
    }

    /// A word at `pointer`.
    pub(super) fn read_word(&self, pointer: u32) -> Result<B256, Escape> {
        self.read_array(pointer).map(B256::new)
    }

    /// A big-endian number at `pointer`.
    pub(super) fn read_number(&self, pointer: u32) -> Result<U256, Escape> {
        self.read_array(pointer).map(U256::from_be_bytes::<32>)
    }

    /// An address at `pointer`.
    pub(super) fn read_address(&self, pointer: u32) -> Result<Address, Escape> {
        self.read_array(pointer).map(Address::new)
    }

    /// Writes `bytes` at `pointer`.
    pub(super) fn write(&mut self, pointer: u32, bytes: &[u8]) -> Result<(), Escape> {
        let start = offset(pointer)?;
        let end = start.checked_add(bytes.len()).ok_or(OUT_OF_BOUNDS)?;
        self.memory_mut().get_mut(start..end).ok_or(OUT_OF_BOUNDS)?.copy_from_slice(bytes);
        Ok(())
    }

    /// Writes a big-endian number at `pointer`.
    pub(super) fn write_number(&mut self, pointer: u32, number: U256) -> Result<(), Escape> {
        self.write(pointer, &number.to_be_bytes::<32>())
    }

    /// Writes a little-endian length at `pointer`.
    pub(super) fn write_length(&mut self, pointer: u32, length: u32) -> Result<(), Escape> {
        self.write(pointer, &length.to_le_bytes())
    }

    fn slice(&self, pointer: u32, length: u32) -> Result<&[u8], Escape> {
        let start = offset(pointer)?;
        let end = start.checked_add(offset(length)?).ok_or(OUT_OF_BOUNDS)?;
        self.memory().get(start..end).ok_or(OUT_OF_BOUNDS)
    }
}

fn offset(pointer: u32) -> Result<usize, Escape> {
    usize::try_from(pointer).map_err(|_| OUT_OF_BOUNDS)
}

/// A length as programs count: in 32 bits. Nothing on the chain is longer than a program's memory, so that this never
/// saturates.
pub(super) fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}
