//! Snapshots a client asked the chain to remember.

use super::chain_state::ChainState;
use std::collections::BTreeMap;

/// The remembered snapshots, by id. Ids are never used twice.
#[derive(Debug, Default)]
pub(crate) struct Snapshots {
    snapshots: BTreeMap<u64, ChainState>,
    last_id: u64,
}

impl Snapshots {
    /// Remembers a snapshot. Ids start at 1.
    pub(crate) fn take(&mut self, state: ChainState) -> u64 {
        self.last_id += 1;
        self.snapshots.insert(self.last_id, state);
        self.last_id
    }

    /// Takes out the snapshot with this id and forgets all later ones.
    pub(crate) fn use_up(&mut self, id: u64) -> Option<ChainState> {
        if !self.snapshots.contains_key(&id) {
            return None;
        }
        let mut snapshot = self.snapshots.split_off(&id);
        snapshot.remove(&id)
    }
}
