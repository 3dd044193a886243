//! Leaves that were not given. One answer that does not come proves little: a leaf is asked for again, and only after
//! several rounds without it its operator is challenged.

use crate::client::Sampled;
use crate::message::Promise;
use alloy::primitives::{Address, B256};
use std::collections::{BTreeMap, BTreeSet};

/// An operator's key, with the time, the task and the root of what it promised.
type Promised = (Address, u64, B256, B256);

/// Leaves that were not given, with how often.
#[derive(Debug, Default)]
pub(super) struct Suspects(BTreeMap<Promised, BTreeMap<u64, u32>>);

fn promised(key: Address, promise: &Promise) -> Promised {
    (key, promise.task_time, promise.task, promise.root)
}

impl Suspects {
    /// The leaves of a promise that are asked for again.
    pub(super) fn of(&self, key: Address, promise: &Promise) -> BTreeSet<u64> {
        self.0.get(&promised(key, promise)).map(|leaves| leaves.keys().copied().collect()).unwrap_or_default()
    }

    /// Notes what was given and what not. Returns a leaf that was not given `rounds` times, if there is one.
    pub(super) fn note(&mut self, key: Address, sampled: &Sampled, rounds: u32) -> Option<u64> {
        let leaves = self.0.entry(promised(key, &sampled.promise)).or_default();
        leaves.retain(|leaf, _| !sampled.asked.contains(leaf) || sampled.missing.contains(leaf));
        for leaf in &sampled.missing {
            let times = leaves.entry(*leaf).or_default();
            *times = times.saturating_add(1);
        }
        leaves.iter().find(|(_, times)| **times >= rounds).map(|(leaf, _)| *leaf)
    }

    /// Forgets what was promised for tasks before `since` (Unix seconds).
    pub(super) fn forget_before(&mut self, since: u64) {
        self.0.retain(|(_, time, _, _), leaves| *time >= since && !leaves.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy::primitives::FixedBytes;

    fn sampled(asked: &[u64], missing: &[u64]) -> Sampled {
        let (task, root, signature) = (B256::ZERO, B256::ZERO, FixedBytes::<64>::ZERO.into());
        let promise = Promise { task, task_time: 10, root, leaf_count: 32, first_leaf: 0, kept_leaves: 8, signature };
        Sampled { promise, asked: asked.iter().copied().collect(), missing: missing.iter().copied().collect() }
    }

    #[test]
    fn only_a_leaf_that_is_missing_again_and_again_is_challenged() {
        let (mut suspects, key) = (Suspects::default(), Address::ZERO);
        assert_eq!(suspects.note(key, &sampled(&[1, 2], &[1, 2]), 2), None);
        assert_eq!(suspects.of(key, &sampled(&[], &[]).promise), BTreeSet::from([1, 2]));
        assert_eq!(suspects.note(key, &sampled(&[1, 2, 3], &[3]), 2), None, "the node was away for a moment");
        assert_eq!(suspects.note(key, &sampled(&[1, 5], &[1]), 2), None, "it was given in between");
        assert_eq!(suspects.note(key, &sampled(&[1, 3], &[1, 3]), 2), Some(1));
        suspects.forget_before(11);
        assert_eq!(suspects.of(key, &sampled(&[], &[]).promise), BTreeSet::new());
    }
}
