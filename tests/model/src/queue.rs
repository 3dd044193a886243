//! The outflow queue of a token: whose turn it is.

use crate::{Mistake, Protocol};
use alloy_primitives::{Address, U256};
use arithmetic::epoch;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wide::mul_div_up;

impl Protocol {
    /// When something that is released at `release`, and of which `unqueued` waited nowhere before, has its turn behind
    /// what waits; none where the token has no limit.
    pub(crate) fn join_queue(&mut self, token: Address, release: u64, unqueued: u128) -> Option<u64> {
        let percent = self.vault.outflow(token);
        if percent == 0 {
            return None;
        }
        let owed = self.ledger.owed(token);
        let queue = self.vault.queues.entry(token).or_default();
        if self.mistake == Mistake::QueueWithoutBound {
            queue.backlog += unqueued;
            let whole = owed.max(1) * u128::from(percent);
            let takes = mul_div_up(queue.backlog, u128::from(100 * EPOCH_SECONDS), whole);
            let takes = takes.and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(u64::MAX);
            let release = epoch::start(release);
            return Some((release - EPOCH_SECONDS).saturating_add(takes).max(release));
        }
        Some(queue.join(epoch::start(release), unqueued, owed, percent))
    }
}

/// The turn of two amounts that leave together: the mean of their turns, weighted by amount and rounded up.
pub(crate) fn merged(parts: [(u128, u64); 2]) -> u64 {
    let sum: U256 = parts.iter().map(|(amount, turn)| U256::from(*amount) * U256::from(*turn)).sum();
    let total: U256 = parts.iter().map(|(amount, _)| U256::from(*amount)).sum();
    if total.is_zero() { parts[0].1 } else { sum.div_ceil(total).to() }
}
