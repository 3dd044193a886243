//! Decoding of evidence: structs with static members only, so a fixed number of words each.

use alloy_primitives::B256;

/// A decoded [`interfaces::IDisputeResolution::SignedAttestation`].
#[derive(Clone, Copy)]
pub(crate) struct SignedAttestation {
    pub(crate) task: B256,
    pub(crate) task_time: u64,
    pub(crate) answer: B256,
    pub(crate) r: B256,
    pub(crate) vs: B256,
}

impl SignedAttestation {
    /// `None` if the time exceeds 64 bits.
    pub(crate) fn from_words([task, time, answer, r, vs]: [B256; 5]) -> Option<Self> {
        Some(Self { task, task_time: number(time)?, answer, r, vs })
    }
}

/// The `N` words of an evidence, if it has exactly so many.
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
