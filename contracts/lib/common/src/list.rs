//! What is asked about several operators at once, and what is answered: lists of a fixed length, as the words that they
//! are. What the SDK makes for the arrays of an ABI takes three times as much code.

use crate::calls;
use crate::revert::Outcome;
use alloc::vec::Vec;
use alloy_primitives::{keccak256, Address};
use alloy_sol_types::abi::token::{FixedSeqToken, PackedSeqToken, WordToken};
use alloy_sol_types::private::SolTypeValue;
use alloy_sol_types::{SolType, Word};
use stylus_sdk::abi::{AbiType, ConstString};

/// How many operators a call is about that is about several.
pub const MANY: usize = 8;

/// Arguments of `N` words: [`MANY`] operators, and where there are twice as many words an amount for each of them.
pub struct Each<const N: usize>([[u8; 32]; N]);

/// `address[8] operators`.
pub type Operators = Each<MANY>;

/// `address[8] operators, uint128[8] shares`.
pub type Parts = Each<{ 2 * MANY }>;

impl<const N: usize> Each<N> {
    /// The words as they are encoded.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_flattened()
    }

    /// One operator, with an amount.
    pub fn one(operator: Address, amount: u128) -> Self {
        let mut words = [[0; 32]; N];
        if let Some(first) = words.first_mut() {
            *first = operator.into_word().0;
        }
        if let Some(first) = words.get_mut(MANY) {
            *first = calls::word(amount).0;
        }
        Self(words)
    }

    /// The calldata of the function with this selector that takes the operators alone.
    pub fn question(&self, selector: [u8; 4]) -> Vec<u8> {
        let mut calldata = calls::selected(selector, MANY);
        calldata.extend_from_slice(self.0.get(..MANY).unwrap_or_default().as_flattened());
        calldata
    }

    /// The operators. A zero address is idle stake, or a place that is not used.
    pub fn operators(&self) -> impl Iterator<Item = Address> + '_ {
        self.0.iter().take(MANY).map(|word| Address::from_word(word.into()))
    }

    /// The amount for the operator at `index`.
    ///
    /// # Errors
    /// Without a reason, if it exceeds 128 bits.
    pub fn amount(&self, index: usize) -> Outcome<u128> {
        calls::answer(self.bytes(), index.saturating_add(MANY))
    }
}

/// The words of an answer, encoded.
pub struct Answer(Vec<u8>);

impl<const N: usize> From<[u128; N]> for Answer {
    fn from(numbers: [u128; N]) -> Self {
        let mut answer = Self::of(N);
        numbers.into_iter().enumerate().for_each(|(index, number)| answer.set(index, number));
        answer
    }
}

impl Answer {
    /// So many words, all zero.
    pub fn of(words: usize) -> Self {
        Self(vec![0; words.saturating_mul(32)])
    }

    /// The words as they are encoded.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The word at `index`.
    ///
    /// # Errors
    /// Without a reason, if it is not there.
    pub fn word(&self, index: usize) -> Outcome<u128> {
        calls::answer(&self.0, index)
    }

    /// The first words alone.
    #[must_use]
    pub fn first(mut self, words: usize) -> Self {
        self.0.truncate(words.saturating_mul(32));
        self
    }

    /// Sets the word at `index`.
    #[inline(never)]
    pub fn set(&mut self, index: usize, number: u128) {
        let (words, _) = self.0.as_chunks_mut::<32>();
        if let Some(word) = words.get_mut(index) {
            *word = calls::word(number).0;
        }
    }
}

macro_rules! arguments {
    ($words:expr, $abi:literal) => {
        impl AbiType for Each<{ $words }> {
            type SolType = Self;

            const ABI: ConstString = ConstString::new($abi);
        }

        impl SolType for Each<{ $words }> {
            type RustType = Self;
            type Token<'a> = FixedSeqToken<WordToken, { $words }>;

            const SOL_NAME: &'static str = $abi;
            const ENCODED_SIZE: Option<usize> = Some(32 * $words);
            const PACKED_ENCODED_SIZE: Option<usize> = None;

            fn valid_token(_: &Self::Token<'_>) -> bool {
                true
            }

            fn detokenize(FixedSeqToken(words): Self::Token<'_>) -> Self {
                Self(words.map(|word| word.0 .0))
            }
        }

        impl SolTypeValue<Self> for Each<{ $words }> {
            fn stv_to_tokens(&self) -> FixedSeqToken<WordToken, { $words }> {
                FixedSeqToken(self.0.map(|word| WordToken(word.into())))
            }

            fn stv_abi_encode_packed_to(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(self.bytes());
            }

            fn stv_eip712_data_word(&self) -> Word {
                keccak256(self.bytes())
            }
        }
    };
}

arguments!(MANY, "address[8]");
arguments!(2 * MANY, "address[8],uint128[8]");

impl AbiType for Answer {
    type SolType = Self;

    const ABI: ConstString = ConstString::new(Self::SOL_NAME);

    fn abi_encode_return<T: ?Sized + SolTypeValue<Self>>(answer: &T) -> Vec<u8> {
        let mut words = Vec::new();
        answer.stv_abi_encode_packed_to(&mut words);
        words
    }
}

impl SolType for Answer {
    type RustType = Self;
    type Token<'a> = PackedSeqToken<'a>;

    const SOL_NAME: &'static str = "bytes";
    const ENCODED_SIZE: Option<usize> = None;
    const PACKED_ENCODED_SIZE: Option<usize> = None;

    fn valid_token(_: &Self::Token<'_>) -> bool {
        true
    }

    fn detokenize(token: Self::Token<'_>) -> Self {
        Self(Vec::from(token.as_slice()))
    }
}

impl SolTypeValue<Self> for Answer {
    fn stv_to_tokens(&self) -> PackedSeqToken<'_> {
        PackedSeqToken(&self.0)
    }

    fn stv_abi_encode_packed_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }

    fn stv_eip712_data_word(&self) -> Word {
        keccak256(&self.0)
    }
}
