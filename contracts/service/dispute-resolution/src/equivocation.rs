//! The evidence of an equivocation: two signed answers of one operator to one task.

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

/// A decoded [`interfaces::IDisputeResolution::Equivocation`].
pub(crate) struct Equivocation {
    pub(crate) first: SignedAttestation,
    pub(crate) second: SignedAttestation,
}

impl Equivocation {
    /// Decodes the ABI encoding: ten words, as the struct has only static members. `None` if the length differs or a time exceeds 64 bits.
    pub(crate) fn decode(evidence: &[u8]) -> Option<Self> {
        let (words, rest) = evidence.as_chunks::<32>();
        let words = <&[[u8; 32]; 10]>::try_from(words).ok().filter(|_| rest.is_empty())?;
        let [a, b, c, d, e, f, g, h, i, j] = words.map(B256::from);
        Some(Self { first: attestation([a, b, c, d, e])?, second: attestation([f, g, h, i, j])? })
    }

    /// Whether it accuses at all: different answers to the same task.
    pub(crate) fn contradicts_itself(&self) -> bool {
        let (first, second) = (&self.first, &self.second);
        first.task == second.task && first.task_time == second.task_time && first.answer != second.answer
    }
}

pub(crate) fn attestation([task, time, answer, r, vs]: [B256; 5]) -> Option<SignedAttestation> {
    Some(SignedAttestation { task, task_time: number(time)?, answer, r, vs })
}

/// The 64-bit number in a word, if it is one.
pub(crate) fn number(word: B256) -> Option<u64> {
    let (high, low) = word.as_slice().split_last_chunk::<8>()?;
    high.iter().all(|byte| *byte == 0).then(|| u64::from_be_bytes(*low))
}
