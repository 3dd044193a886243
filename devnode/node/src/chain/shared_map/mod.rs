//! A map whose clones share what did not change, and that finds what did without looking at the rest: the accounts
//! after every block, and their slots.
//!
//! It is a trie over the hashes of the keys, of which some bits choose a child at each branch. What two maps share is
//! the same node in memory, hence [`SharedMap::differences`].

mod node;

use node::Branch;
use std::hash::Hash;
use std::sync::Arc;

/// The map. A clone costs nothing.
#[derive(Clone, Debug)]
pub(crate) struct SharedMap<K, V> {
    root: Arc<Branch<K, V>>,
}

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        Self { root: Arc::default() }
    }
}

impl<K: Eq + Hash + Clone, V: Clone> SharedMap<K, V> {
    /// The value of a key.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.root.get(key, 0)
    }

    /// Whether there is a value.
    pub(crate) fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// The same, to be changed in this map only.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        // A key that is missing must not cost that the way to it is copied.
        if !self.contains_key(key) {
            return None;
        }
        Arc::make_mut(&mut self.root).get_mut(key, 0)
    }

    /// Gives a key a value.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        Arc::make_mut(&mut self.root).insert(key, value, 0);
    }

    /// Forgets a key.
    pub(crate) fn remove(&mut self, key: &K) {
        if self.contains_key(key) {
            Arc::make_mut(&mut self.root).remove(key, 0);
        }
    }

    /// Whether this is the same map in memory. If not, it may still hold the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.root, &other.root)
    }

    /// Tells of each key whose value may not be the same in `before` and in this map, with both values. It takes as
    /// long as much has changed since one became the other.
    pub(crate) fn differences<'a>(
        &'a self,
        before: &'a Self,
        mut tell: impl FnMut(&'a K, Option<&'a V>, Option<&'a V>),
    ) {
        if !self.is_same(before) {
            Branch::differences(&before.root, &self.root, &mut tell);
        }
    }
}

impl<K: Eq + Hash + Clone, V: Clone + PartialEq> PartialEq for SharedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        let mut equal = true;
        self.differences(other, |_, before, after| equal &= before == after);
        equal
    }
}

impl<K: Eq + Hash + Clone, V: Clone + Eq> Eq for SharedMap<K, V> {}

#[cfg(test)]
mod tests {
    use super::SharedMap;
    use fastrand::Rng;
    use std::collections::BTreeMap;
    use std::iter;

    /// What does the same, slowly.
    #[derive(Clone, Default)]
    struct Both {
        shared: SharedMap<u64, u64>,
        model: BTreeMap<u64, u64>,
    }

    impl Both {
        fn change(&mut self, random: u64) {
            let (key, value) = (random >> 8 & 0xff, random >> 32);
            match random % 4 {
                0 => {
                    self.shared.remove(&key);
                    self.model.remove(&key);
                }
                1 => {
                    let values = (self.shared.get_mut(&key), self.model.get_mut(&key));
                    if let (Some(shared), Some(model)) = values {
                        (*shared, *model) = (value, value);
                    }
                }
                _ => {
                    self.shared.insert(key, value);
                    self.model.insert(key, value);
                }
            }
        }

        fn check(&self) {
            let mut held = BTreeMap::new();
            self.shared.differences(&SharedMap::default(), |key, _, value| {
                assert_eq!(held.insert(*key, *value.expect("a value")), None, "once");
            });
            assert_eq!(held, self.model);
            for key in 0..256 {
                assert_eq!(self.shared.get(&key), self.model.get(&key));
            }
        }
    }

    fn numbers(seed: u64) -> impl Iterator<Item = u64> {
        let mut random = Rng::with_seed(seed);
        iter::repeat_with(move || random.u64(..))
    }

    #[test]
    fn it_holds_what_was_put_there_and_clones_do_not_follow() {
        let mut map = Both::default();
        let mut clones = Vec::new();
        for (step, random) in numbers(1).take(4_000).enumerate() {
            map.change(random);
            if step % 100 == 0 {
                clones.push(map.clone());
            }
        }
        map.check();
        clones.iter().for_each(Both::check);
    }

    #[test]
    fn differences_are_what_differs() {
        for seed in 0..40 {
            let mut random = numbers(seed);
            let mut before = Both::default();
            random.by_ref().take(300).for_each(|random| before.change(random));
            let mut after = before.clone();
            let changes = usize::try_from(seed).expect("a small number");
            random.take(changes * changes).for_each(|random| after.change(random));
            let mut told = BTreeMap::new();
            after.shared.differences(&before.shared, |key, old, new| {
                assert_eq!((old, new), (before.model.get(key), after.model.get(key)));
                assert!(told.insert(*key, (old, new)).is_none(), "once");
            });
            for key in 0..256 {
                let (old, new) = (before.model.get(&key), after.model.get(&key));
                assert!(old == new || told.contains_key(&key), "{key:?}");
            }
            assert_eq!(after.shared == before.shared, after.model == before.model);
        }
    }

    #[test]
    fn only_what_changed_is_looked_at() {
        let mut map = SharedMap::default();
        for key in 0..100_000_u64 {
            map.insert(key, key);
        }
        let before = map.clone();
        assert!(map.is_same(&before));
        map.insert(7, 8);
        map.remove(&9);
        let mut told = Vec::new();
        map.differences(&before, |key, old, new| told.push((*key, old.copied(), new.copied())));
        told.sort_unstable();
        assert_eq!(told, [(7, Some(7), Some(8)), (9, Some(9), None)]);
    }
}
