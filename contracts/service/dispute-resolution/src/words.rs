//! Words: all evidence, and all that this contract asks others, has static members only, so it is a fixed number of
//! words. Written once for all of it, as code is scarce.

use crate::storage::DisputeResolution;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};
use common::{calls, Outcome, Revert};
use stylus_sdk::prelude::*;

impl DisputeResolution {
    /// Asks `to` without letting it change anything. Returns the `N` words of its answer.
    pub(crate) fn ask<const N: usize>(&self, to: Address, function: [u8; 4], arguments: &[B256]) -> Outcome<[B256; N]> {
        decode(&calls::view_raw(self.vm(), to, &calls::words(function, arguments))?)
    }

    /// Tells `to` to do something. Returns the `N` words of its answer.
    pub(crate) fn tell<const N: usize>(
        &mut self,
        to: Address,
        function: [u8; 4],
        arguments: &[B256],
    ) -> Outcome<[B256; N]> {
        decode(&calls::send_raw(self, to, U256::ZERO, &calls::words(function, arguments))?)
    }
}

fn decode<const N: usize>(answer: &[u8]) -> Outcome<[B256; N]> {
    words(answer).ok_or_else(|| Revert::passed_on(Vec::new()))
}

/// The `N` words of an encoding, if it has exactly so many.
pub(crate) fn words<const N: usize>(evidence: &[u8]) -> Option<[B256; N]> {
    let (words, rest) = evidence.as_chunks::<32>();
    let words = <&[[u8; 32]; N]>::try_from(words).ok().filter(|_| rest.is_empty())?;
    Some(words.map(B256::from))
}

/// The 64-bit number in a word, if it is one.
pub(crate) fn number(word: B256) -> Option<u64> {
    let (high, low) = word.as_slice().split_last_chunk::<8>()?;
    high.iter().all(|byte| *byte == 0).then(|| u64::from_be_bytes(*low))
}

/// A 64-bit number in a word.
pub(crate) fn word(number: u64) -> B256 {
    B256::left_padding_from(&number.to_be_bytes())
}
