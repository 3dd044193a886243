//! The outflow queue of a token: whose turn it is.

use crate::Protocol;
use alloy_primitives::{Address, U256};
use arithmetic::{epoch, outflow};

impl Protocol {
    /// When an amount that is released at `release` has its turn behind what waits; none where the token has no limit.
    pub(crate) fn join_queue(&mut self, token: Address, release: u64, amount: u128) -> Option<u64> {
        let percent = self.vault.outflow(token);
        if percent == 0 {
            return None;
        }
        let owed = self.ledger.owed(token);
        let queue = self.vault.queues.entry(token).or_default();
        let (finish, ready) = outflow::turn(*queue, epoch::start(release), amount, owed, percent);
        *queue = finish;
        Some(ready)
    }
}

/// The turn of two amounts that leave together: the mean of their turns, weighted by amount and rounded up.
pub(crate) fn merged(parts: [(u128, u64); 2]) -> u64 {
    let sum: U256 = parts.iter().map(|(amount, turn)| U256::from(*amount) * U256::from(*turn)).sum();
    let total: U256 = parts.iter().map(|(amount, _)| U256::from(*amount)).sum();
    if total.is_zero() { parts[0].1 } else { sum.div_ceil(total).to() }
}
