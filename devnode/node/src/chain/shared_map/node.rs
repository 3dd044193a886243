//! The nodes of the trie.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Arc, LazyLock};

/// How many bits of a hash choose a child. A change copies the branches on its way: with fewer bits they are more, and
/// smaller.
const BITS: u32 = 5;

/// How many levels a hash of 64 bits is enough for. After that the key is hashed anew.
const LEVELS: u32 = 64 / BITS;

/// All maps of a process hash alike, so that they can be compared. Nobody outside can foresee what collides.
static HASHES: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// What is below a branch. Either is behind the same pointer, because branches are mostly pointers.
#[derive(Clone, Debug)]
enum Node<K, V> {
    Entry(K, V),
    Branch(Branch<K, V>),
}

/// The children that are there, by the bits that choose them.
#[derive(Debug)]
pub(super) struct Branch<K, V> {
    present: u32,
    children: Vec<Arc<Node<K, V>>>,
}

impl<K, V> Default for Branch<K, V> {
    fn default() -> Self {
        Self { present: 0, children: Vec::new() }
    }
}

// The children are shared: what they hold need not be cloned.
impl<K, V> Clone for Branch<K, V> {
    fn clone(&self) -> Self {
        Self { present: self.present, children: self.children.clone() }
    }
}

/// The bit of the child of a branch at this depth that a key is below.
fn bit(key: &impl Hash, depth: u32) -> u32 {
    let hash = HASHES.hash_one((depth / LEVELS, key));
    1 << (hash >> (depth % LEVELS * BITS) & ((1 << BITS) - 1))
}

impl<K, V> Branch<K, V> {
    /// The place among the children of the one with this bit.
    fn place(&self, bit: u32) -> usize {
        (self.present & (bit - 1)).count_ones() as usize
    }

    fn child(&self, bit: u32) -> Option<&Arc<Node<K, V>>> {
        if self.present & bit == 0 { None } else { self.children.get(self.place(bit)) }
    }

    /// Adds a child where there is none.
    fn add(&mut self, bit: u32, child: Node<K, V>) {
        let place = self.place(bit);
        self.present |= bit;
        // Most branches are copied before they grow again.
        self.children.reserve_exact(1);
        self.children.insert(place, Arc::new(child));
    }
}

impl<K: Eq + Hash + Clone, V: Clone> Branch<K, V> {
    pub(super) fn get(&self, key: &K, depth: u32) -> Option<&V> {
        match &**self.child(bit(key, depth))? {
            Node::Entry(other, value) => (other == key).then_some(value),
            Node::Branch(branch) => branch.get(key, depth + 1),
        }
    }

    /// The value of a key that is there.
    pub(super) fn get_mut(&mut self, key: &K, depth: u32) -> Option<&mut V> {
        let place = self.place(bit(key, depth));
        match Arc::make_mut(self.children.get_mut(place)?) {
            Node::Entry(_, value) => Some(value),
            Node::Branch(branch) => branch.get_mut(key, depth + 1),
        }
    }

    pub(super) fn insert(&mut self, key: K, value: V, depth: u32) {
        let bit = bit(&key, depth);
        if self.present & bit == 0 {
            self.add(bit, Node::Entry(key, value));
            return;
        }
        let place = self.place(bit);
        let child = &mut self.children[place];
        match &**child {
            Node::Entry(old, _) if *old == key => *child = Arc::new(Node::Entry(key, value)),
            Node::Entry(old, _) => {
                let mut branch = Self { present: self::bit(old, depth + 1), children: vec![Arc::clone(child)] };
                branch.insert(key, value, depth + 1);
                *child = Arc::new(Node::Branch(branch));
            }
            Node::Branch(_) => {
                if let Node::Branch(branch) = Arc::make_mut(child) {
                    branch.insert(key, value, depth + 1);
                }
            }
        }
    }

    /// Removes a key that is there. A branch with one entry becomes that entry.
    pub(super) fn remove(&mut self, key: &K, depth: u32) {
        let bit = bit(key, depth);
        let place = self.place(bit);
        let child = &mut self.children[place];
        if matches!(**child, Node::Entry(..)) {
            self.children.remove(place);
            self.present &= !bit;
        } else if let Node::Branch(branch) = Arc::make_mut(child) {
            branch.remove(key, depth + 1);
            if let [last] = branch.children.as_slice()
                && matches!(**last, Node::Entry(..))
            {
                *child = Arc::clone(last);
            }
        }
    }

    /// Tells of what is not the same in memory.
    pub(super) fn differences<'a>(
        before: &'a Self,
        after: &'a Self,
        tell: &mut impl FnMut(&'a K, Option<&'a V>, Option<&'a V>),
    ) {
        let mut bits = before.present | after.present;
        while bits != 0 {
            let bit = bits & bits.wrapping_neg();
            bits ^= bit;
            match (before.child(bit), after.child(bit)) {
                (Some(before), Some(after)) if Arc::ptr_eq(before, after) => {}
                (before, after) => Node::differences(before.map(Arc::as_ref), after.map(Arc::as_ref), tell),
            }
        }
    }
}

impl<K: Eq + Hash + Clone, V: Clone> Node<K, V> {
    /// Tells of what is not the same in memory below two places.
    fn differences<'a>(
        before: Option<&'a Self>,
        after: Option<&'a Self>,
        tell: &mut impl FnMut(&'a K, Option<&'a V>, Option<&'a V>),
    ) {
        if let (Some(Self::Branch(before)), Some(Self::Branch(after))) = (before, after) {
            Branch::differences(before, after, tell);
            return;
        }
        // One of them has one entry at most.
        for (key, value) in before.into_iter().flat_map(Self::entries) {
            let now = after.into_iter().flat_map(Self::entries).find(|(now, _)| *now == key);
            if !now.is_some_and(|(_, now)| std::ptr::eq(value, now)) {
                tell(key, Some(value), now.map(|(_, now)| now));
            }
        }
        for (key, value) in after.into_iter().flat_map(Self::entries) {
            if !before.into_iter().flat_map(Self::entries).any(|(old, _)| old == key) {
                tell(key, None, Some(value));
            }
        }
    }

    /// Everything here.
    fn entries(&self) -> impl Iterator<Item = (&K, &V)> {
        let mut left = vec![self];
        std::iter::from_fn(move || {
            loop {
                match left.pop()? {
                    Self::Entry(key, value) => return Some((key, value)),
                    Self::Branch(branch) => left.extend(branch.children.iter().map(Arc::as_ref)),
                }
            }
        })
    }
}
