//! The nodes of the trie.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Arc, LazyLock};

/// How many bits of a hash choose a child.
const BITS: u32 = 5;

/// How many levels a hash of 64 bits is enough for. After that the key is hashed anew.
const LEVELS: u32 = 64 / BITS;

/// All maps of a process hash alike, so that they can be compared. Nobody outside can foresee what collides.
static HASHES: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// A key and its value.
type Entry<K, V> = Arc<(K, V)>;

/// A node: the children that are there, by the bits that choose them.
#[derive(Debug)]
pub(super) struct Node<K, V> {
    present: u32,
    children: Vec<Child<K, V>>,
}

/// What is below a node.
#[derive(Debug)]
enum Child<K, V> {
    Entry(Entry<K, V>),
    Node(Arc<Node<K, V>>),
}

impl<K, V> Default for Node<K, V> {
    fn default() -> Self {
        Self { present: 0, children: Vec::new() }
    }
}

impl<K, V> Clone for Node<K, V> {
    fn clone(&self) -> Self {
        Self { present: self.present, children: self.children.clone() }
    }
}

impl<K, V> Clone for Child<K, V> {
    fn clone(&self) -> Self {
        match self {
            Self::Entry(entry) => Self::Entry(Arc::clone(entry)),
            Self::Node(node) => Self::Node(Arc::clone(node)),
        }
    }
}

/// The bit of the child of a node at this depth that a key is below.
fn bit(key: &impl Hash, depth: u32) -> u32 {
    let hash = HASHES.hash_one((depth / LEVELS, key));
    1 << (hash >> (depth % LEVELS * BITS) & 31)
}

impl<K, V> Node<K, V> {
    /// The place among the children of the one with this bit.
    fn place(&self, bit: u32) -> usize {
        (self.present & (bit - 1)).count_ones() as usize
    }

    fn child(&self, bit: u32) -> Option<&Child<K, V>> {
        if self.present & bit == 0 { None } else { self.children.get(self.place(bit)) }
    }

    /// Everything below.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry<K, V>> {
        let mut ways = vec![self.children.iter()];
        std::iter::from_fn(move || {
            loop {
                match ways.last_mut()?.next() {
                    Some(Child::Entry(entry)) => return Some(entry),
                    Some(Child::Node(node)) => ways.push(node.children.iter()),
                    None => drop(ways.pop()),
                }
            }
        })
    }
}

impl<K: Eq + Hash + Clone, V: Clone> Node<K, V> {
    pub(super) fn get(&self, key: &K, depth: u32) -> Option<&V> {
        match self.child(bit(key, depth))? {
            Child::Entry(entry) => (entry.0 == *key).then_some(&entry.1),
            Child::Node(node) => node.get(key, depth + 1),
        }
    }

    pub(super) fn get_mut(&mut self, key: &K, depth: u32) -> Option<&mut V> {
        let place = self.place(bit(key, depth));
        match self.children.get_mut(place)? {
            Child::Entry(entry) => Some(&mut Arc::make_mut(entry).1),
            Child::Node(node) => Arc::make_mut(node).get_mut(key, depth + 1),
        }
    }

    pub(super) fn insert(&mut self, entry: Entry<K, V>, depth: u32) {
        let bit = bit(&entry.0, depth);
        let place = self.place(bit);
        if self.present & bit == 0 {
            self.present |= bit;
            self.children.insert(place, Child::Entry(entry));
            return;
        }
        match &mut self.children[place] {
            Child::Node(node) => Arc::make_mut(node).insert(entry, depth + 1),
            Child::Entry(old) if old.0 == entry.0 => *old = entry,
            child @ Child::Entry(_) => {
                let mut node = Self::default();
                node.insert(entry, depth + 1);
                if let Child::Entry(old) = &*child {
                    node.insert(Arc::clone(old), depth + 1);
                }
                *child = Child::Node(Arc::new(node));
            }
        }
    }

    /// Removes a key that is there. A node with one entry becomes that entry.
    pub(super) fn remove(&mut self, key: &K, depth: u32) {
        let bit = bit(key, depth);
        let place = self.place(bit);
        let child = &mut self.children[place];
        let Child::Node(node) = child else {
            self.children.remove(place);
            self.present &= !bit;
            return;
        };
        let node = Arc::make_mut(node);
        node.remove(key, depth + 1);
        if let [Child::Entry(last)] = node.children.as_slice() {
            *child = Child::Entry(Arc::clone(last));
        }
    }

    /// Tells of what is not the same in memory.
    pub(super) fn differences<'a>(
        before: &'a Arc<Self>,
        after: &'a Arc<Self>,
        tell: &mut impl FnMut(&'a K, Option<&'a V>, Option<&'a V>),
    ) {
        if Arc::ptr_eq(before, after) {
            return;
        }
        let mut bits = before.present | after.present;
        while bits != 0 {
            let bit = bits & bits.wrapping_neg();
            bits ^= bit;
            match (before.child(bit), after.child(bit)) {
                (Some(Child::Node(before)), Some(Child::Node(after))) => Self::differences(before, after, tell),
                (before, after) => Self::compare(before, after, tell),
            }
        }
    }

    /// Tells of the entries below two children, one of which has one at most.
    fn compare<'a>(
        before: Option<&'a Child<K, V>>,
        after: Option<&'a Child<K, V>>,
        tell: &mut impl FnMut(&'a K, Option<&'a V>, Option<&'a V>),
    ) {
        let same = |entry: &Entry<K, V>, other: &Entry<K, V>| entry.0 == other.0;
        for entry in before.into_iter().flat_map(Child::entries) {
            let now = after.into_iter().flat_map(Child::entries).find(|now| same(entry, now));
            if !now.is_some_and(|now| Arc::ptr_eq(entry, now)) {
                tell(&entry.0, Some(&entry.1), now.map(|now| &now.1));
            }
        }
        for entry in after.into_iter().flat_map(Child::entries) {
            if !before.into_iter().flat_map(Child::entries).any(|old| same(entry, old)) {
                tell(&entry.0, None, Some(&entry.1));
            }
        }
    }
}

impl<K, V> Child<K, V> {
    fn entries(&self) -> Box<dyn Iterator<Item = &Entry<K, V>> + '_> {
        match self {
            Self::Entry(entry) => Box::new(std::iter::once(entry)),
            Self::Node(node) => Box::new(node.entries()),
        }
    }
}
