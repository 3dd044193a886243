//! The storage cache of one invocation. Nothing is written to the chain until the program flushes it, and what it does
//! not flush is lost.

use revm::primitives::{B256, HashMap};
use std::collections::BTreeMap;

/// A slot as a program sees it.
#[derive(Clone, Copy, Debug)]
struct Slot {
    value: B256,
    /// The value on the chain, where the program knows it.
    known: Option<B256>,
}

/// Slots that were read or are to be written, and how many accesses were paid for.
#[derive(Clone, Debug, Default)]
pub(crate) struct StorageCache {
    slots: HashMap<B256, Slot>,
    reads: u32,
    writes: u32,
}

impl StorageCache {
    /// Gas of the next read: free for the first 32, then 2, from the 129th on 10.
    pub(super) fn read_gas(&mut self) -> u64 {
        self.reads = self.reads.saturating_add(1);
        match self.reads {
            0..=32 => 0,
            33..=128 => 2,
            _ => 10,
        }
    }

    /// Gas of the next write: free for the first 8, then 7, from the 65th on 10.
    pub(super) fn write_gas(&mut self) -> u64 {
        self.writes = self.writes.saturating_add(1);
        match self.writes {
            0..=8 => 0,
            9..=64 => 7,
            _ => 10,
        }
    }

    /// The value of a slot that was read or written.
    pub(crate) fn get(&self, key: &B256) -> Option<B256> {
        self.slots.get(key).map(|slot| slot.value)
    }

    /// Remembers a value that was read from the chain.
    pub(crate) fn load(&mut self, key: B256, value: B256) {
        self.slots.insert(key, Slot { value, known: Some(value) });
    }

    /// Changes a slot. One that was not read has an unknown value on the chain, so that it is written back even if it
    /// is the same.
    pub(crate) fn store(&mut self, key: B256, value: B256) {
        self.slots.entry(key).and_modify(|slot| slot.value = value).or_insert(Slot { value, known: None });
    }

    /// The slots to write, which from now on count as written, in the order of their keys.
    pub(crate) fn take_dirty(&mut self) -> BTreeMap<B256, B256> {
        let mut dirty = BTreeMap::new();
        for (key, slot) in &mut self.slots {
            if slot.known != Some(slot.value) {
                dirty.insert(*key, slot.value);
                slot.known = Some(slot.value);
            }
        }
        dirty
    }

    /// Forgets all slots. Accesses stay counted.
    pub(crate) fn clear(&mut self) {
        self.slots.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: B256 = B256::repeat_byte(1);
    const ONE: B256 = B256::with_last_byte(1);

    #[test]
    fn accesses_get_dearer() {
        let mut cache = StorageCache::default();
        let reads: Vec<u64> = (0..130).map(|_| cache.read_gas()).collect();
        assert_eq!((reads[31], reads[32], reads[127], reads[128]), (0, 2, 2, 10));
        let writes: Vec<u64> = (0..66).map(|_| cache.write_gas()).collect();
        assert_eq!((writes[7], writes[8], writes[63], writes[64]), (0, 7, 7, 10));
    }

    #[test]
    fn only_changes_are_dirty() {
        let mut cache = StorageCache::default();
        cache.load(KEY, ONE);
        cache.store(KEY, ONE);
        assert!(cache.take_dirty().is_empty(), "the known value");
        cache.store(KEY, B256::ZERO);
        assert_eq!(cache.take_dirty().get(&KEY), Some(&B256::ZERO));
        assert!(cache.take_dirty().is_empty(), "flushed once");
    }

    #[test]
    fn a_blind_write_is_dirty() {
        let mut cache = StorageCache::default();
        cache.store(KEY, ONE);
        assert_eq!(cache.take_dirty().len(), 1);
    }
}
