//! Pictures a client asked the chain to remember.

use super::state::ChainState;
use std::collections::BTreeMap;

/// The remembered pictures, by id. Ids are never used twice.
#[derive(Debug, Default)]
pub(crate) struct Snapshots {
    pictures: BTreeMap<u64, ChainState>,
    last_id: u64,
}

impl Snapshots {
    /// Remembers a picture. Ids start at 1.
    pub(crate) fn take(&mut self, state: ChainState) -> u64 {
        self.last_id += 1;
        self.pictures.insert(self.last_id, state);
        self.last_id
    }

    /// Takes out the picture with this id and forgets all later ones.
    pub(crate) fn use_up(&mut self, id: u64) -> Option<ChainState> {
        if !self.pictures.contains_key(&id) {
            return None;
        }
        let mut picture = self.pictures.split_off(&id);
        picture.remove(&id)
    }
}
