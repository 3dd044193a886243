//! Reading bytes from front to back, with an error where they end.

use crate::WrongWitness;
use alloy_primitives::B256;

/// Bytes that are read once, from front to back. Numbers are big-endian.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'b>(&'b [u8]);

impl<'b> Cursor<'b> {
    /// At the front of `bytes`.
    #[must_use]
    pub fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// If there are fewer.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], WrongWitness> {
        let (first, rest) = self.0.split_first_chunk().ok_or(WrongWitness)?;
        self.0 = rest;
        Ok(*first)
    }

    /// The next `count` words of 32 bytes.
    ///
    /// # Errors
    /// If there are fewer.
    pub fn words(&mut self, count: usize) -> Result<&'b [[u8; 32]], WrongWitness> {
        let (words, _) = self.0.as_chunks();
        let words = words.get(..count).ok_or(WrongWitness)?;
        self.0 = self.0.get(words.as_flattened().len()..).ok_or(WrongWitness)?;
        Ok(words)
    }

    /// The next hash.
    ///
    /// # Errors
    /// If fewer than 32 bytes are left.
    pub fn hash(&mut self) -> Result<B256, WrongWitness> {
        self.array().map(B256::new)
    }

    /// The next number of 32 bits.
    ///
    /// # Errors
    /// If fewer than 4 bytes are left.
    pub fn u32(&mut self) -> Result<u32, WrongWitness> {
        self.array().map(u32::from_be_bytes)
    }

    /// The next number of 64 bits.
    ///
    /// # Errors
    /// If fewer than 8 bytes are left.
    pub fn u64(&mut self) -> Result<u64, WrongWitness> {
        self.array().map(u64::from_be_bytes)
    }

    /// The next number of 128 bits.
    ///
    /// # Errors
    /// If fewer than 16 bytes are left.
    pub fn u128(&mut self) -> Result<u128, WrongWitness> {
        self.array().map(u128::from_be_bytes)
    }

    /// Says that everything is read.
    ///
    /// # Errors
    /// If something is left.
    pub fn end(self) -> Result<(), WrongWitness> {
        if self.0.is_empty() { Ok(()) } else { Err(WrongWitness) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_an_error_and_moves_nothing() {
        let mut cursor = Cursor::new(&[0, 0, 0, 7, 1, 2]);
        assert_eq!(cursor.u32(), Ok(7));
        assert_eq!(
            (cursor.u32(), cursor.u64(), cursor.u128()),
            (Err(WrongWitness), Err(WrongWitness), Err(WrongWitness))
        );
        assert_eq!((cursor.hash(), cursor.words(1)), (Err(WrongWitness), Err(WrongWitness)));
        assert_eq!(cursor.end(), Err(WrongWitness));
        assert_eq!(cursor.array(), Ok([1, 2]));
        assert_eq!((cursor.words(0), cursor.end()), (Ok(&[][..]), Ok(())));
        assert_eq!(cursor.words(usize::MAX), Err(WrongWitness));
    }
}
