//! Which leaves an operator keeps: a part of them as large as its part of the stake, in the order of the signing keys.
//!
//! It follows from the chain alone, so operators need not agree on it: each signs for its own part, and the chain sees
//! to it that no leaf is counted twice.

use alloy::primitives::{Address, U256};
use std::collections::BTreeMap;
use std::ops::Range;

/// Who could sign for a task, by the addresses of the keys.
pub type Signers = BTreeMap<Address, Signer>;

/// Whose key it is, and what it weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signer {
    /// The operator.
    pub operator: Address,
    /// The stake that its signatures carry.
    pub stake: u128,
}

/// The parts of all who keep anything, by the addresses of their keys: from floor(n S(i-1) / S) to floor(n S(i) / S),
/// where S(i) is the stake of the first i keys in the order of their addresses and S that of all.
pub fn parts(signers: &Signers, leaf_count: u64) -> BTreeMap<Address, Range<u64>> {
    let total = signers.values().fold(U256::ZERO, |sum, signer| sum.saturating_add(U256::from(signer.stake)));
    let (mut parts, mut before, mut first) = (BTreeMap::new(), U256::ZERO, 0u64);
    for (key, signer) in signers {
        before = before.saturating_add(U256::from(signer.stake));
        let share = U256::from(leaf_count).saturating_mul(before).checked_div(total).unwrap_or_default();
        // The part of all leaves that a part of the stake has: at most all.
        let end = u64::try_from(share).unwrap_or(leaf_count);
        if first < end {
            parts.insert(*key, first..end);
        }
        first = end;
    }
    parts
}
