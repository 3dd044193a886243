//! Words as Stylus packs them.

use alloy_primitives::{Address, U256};

/// A word: fields from the lowest bits up.
#[derive(Default)]
pub(super) struct Word {
    pub(super) value: U256,
    bits: usize,
}

impl Word {
    pub(super) fn put(mut self, bits: usize, number: impl TryInto<u128>) -> Self {
        let number = U256::from(number.try_into().unwrap_or(u128::MAX));
        self.value |= number << self.bits;
        self.bits += bits;
        self
    }

    pub(super) fn address(mut self, account: Address) -> Self {
        self.value |= of_address(account) << self.bits;
        self.bits += 160;
        self
    }

    /// A time in 40 bits; the largest stands for no end.
    pub(super) fn time(self, time: u64) -> Self {
        self.put(40, time.min((1 << 40) - 1))
    }
}

pub(super) fn word() -> Word {
    Word::default()
}

pub(super) fn count(length: usize) -> U256 {
    U256::from(length)
}

pub(super) fn of_address(account: Address) -> U256 {
    U256::from_be_slice(account.as_slice())
}

pub(super) fn numbered<T>(list: &[T]) -> impl Iterator<Item = (u64, &T)> {
    (0..).zip(list)
}
