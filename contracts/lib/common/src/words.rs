//! Encoding and decoding what is a fixed number of words, word by word: what alloy has for everything that an ABI can
//! say takes three times as much code. The types are those of `interfaces` all the same; one with a list in it does not
//! compile here.

use crate::calls::selected;
use alloc::vec::Vec;
use alloy_primitives::B256;
use alloy_sol_types::abi::token::{FixedSeqToken, WordToken};
use alloy_sol_types::{SolCall, SolError, SolEvent, TopicList};
use stylus_sdk::prelude::*;

/// The `N` words of an encoding, if it has exactly so many.
pub fn decoded<const N: usize>(bytes: &[u8]) -> Option<[B256; N]> {
    let (words, rest) = bytes.as_chunks::<32>();
    let words = <&[[u8; 32]; N]>::try_from(words).ok().filter(|_| rest.is_empty())?;
    Some(words.map(B256::from))
}

/// The 64-bit number in a word, if it is one.
pub fn number(word: B256) -> Option<u64> {
    let (high, low) = word.as_slice().split_last_chunk::<8>()?;
    high.iter().all(|byte| *byte == 0).then(|| u64::from_be_bytes(*low))
}

/// A 64-bit number in a word.
pub fn word(number: u64) -> B256 {
    B256::left_padding_from(&number.to_be_bytes())
}

/// Fields that take one word each.
pub trait Words {
    /// How many there are.
    const COUNT: usize;

    /// Appends them.
    fn append(&self, bytes: &mut Vec<u8>);
}

impl Words for WordToken {
    const COUNT: usize = 1;

    #[inline(never)]
    fn append(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self.0.as_slice());
    }
}

impl<T: Words, const N: usize> Words for FixedSeqToken<T, N> {
    const COUNT: usize = T::COUNT.saturating_mul(N);

    fn append(&self, bytes: &mut Vec<u8>) {
        self.0.iter().for_each(|field| field.append(bytes));
    }
}

macro_rules! words {
    ($($field:ident)*) => {
        impl<$($field: Words),*> Words for ($($field,)*) {
            const COUNT: usize = 0 $(+ $field::COUNT)*;

            #[allow(non_snake_case, unused_variables)]
            fn append(&self, bytes: &mut Vec<u8>) {
                let ($($field,)*) = self;
                $($field.append(bytes);)*
            }
        }
    };
}

words!();
words!(A);
words!(A B);
words!(A B C);
words!(A B C D);
words!(A B C D E);
words!(A B C D E F);
words!(A B C D E F G);
words!(A B C D E F G H);

/// An error with its selector.
pub(crate) fn error<E: SolError>(error: &E) -> Vec<u8>
where
    for<'a> E::Token<'a>: Words,
{
    let mut bytes = selected(E::SELECTOR, <E::Token<'_> as Words>::COUNT);
    error.tokenize().append(&mut bytes);
    bytes
}

/// A call with its selector.
pub fn call<C: SolCall>(call: &C) -> Vec<u8>
where
    for<'a> C::Token<'a>: Words,
{
    let mut bytes = selected(C::SELECTOR, <C::Token<'_> as Words>::COUNT);
    call.tokenize().append(&mut bytes);
    bytes
}

/// The first `count` topics, with room for so many words behind them.
#[inline(never)]
fn begun(topics: &[WordToken; 4], count: usize, words: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(count.saturating_add(words).saturating_mul(32));
    topics.iter().take(count).for_each(|topic| bytes.extend_from_slice(topic.0.as_slice()));
    bytes
}

/// Emits events of a fixed number of words.
pub trait Emit: RawLogAccess {
    /// Emits one.
    fn emit<E: SolEvent>(&self, event: &E)
    where
        for<'a> E::DataToken<'a>: Words,
    {
        let mut topics = [WordToken::default(); 4];
        // Fails with more topics only.
        let _ = event.encode_topics_raw(&mut topics);
        let mut bytes = begun(&topics, E::TopicList::COUNT, <E::DataToken<'_> as Words>::COUNT);
        event.tokenize_body().append(&mut bytes);
        self.emit_log(&bytes, E::TopicList::COUNT);
    }
}

impl<T: RawLogAccess> Emit for T {}
