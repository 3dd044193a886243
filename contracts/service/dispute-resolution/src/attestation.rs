//! Signed attestations.

use alloy_primitives::B256;
use common::words::number;

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
