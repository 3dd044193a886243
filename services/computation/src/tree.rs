//! A whole tree of a state. A copy shares what does not change, so the states of a trace can be kept.

use alloy_primitives::B256;
use std::sync::{Arc, LazyLock};
use step::Rooted;
use step::tree::{DEPTH, EMPTY, empty_subtrees, leaf, pair};

/// The roots of empty subtrees by height.
static EMPTY_SUBTREES: LazyLock<[B256; DEPTH]> = LazyLock::new(empty_subtrees);

/// 2^32 leaves by number, most of them empty.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    root: Link,
}

/// A subtree, if it is not empty.
type Link = Option<Arc<Node>>;

#[derive(Debug)]
enum Node {
    Leaf { hash: B256, bytes: Box<[u8]> },
    Pair { hash: B256, left: Link, right: Link },
}

impl Tree {
    /// The leaf at `index`, unless it is empty.
    #[must_use]
    pub fn get(&self, index: u32) -> Option<&[u8]> {
        let mut link = &self.root;
        for height in (0..DEPTH).rev() {
            match link.as_deref()? {
                Node::Pair { left, right, .. } => link = if is_right(index, height) { right } else { left },
                Node::Leaf { .. } => return None,
            }
        }
        match link.as_deref()? {
            Node::Leaf { bytes, .. } => Some(bytes),
            Node::Pair { .. } => None,
        }
    }

    /// Replaces the leaf at `index`.
    pub fn set(&mut self, index: u32, bytes: Option<&[u8]>) {
        self.root = replaced(&self.root, DEPTH, index, bytes);
    }

    /// The hashes beside the way from the leaf at `index` up to the root which are not those of empty subtrees, with
    /// their heights.
    #[must_use]
    pub fn siblings(&self, index: u32) -> Vec<(usize, B256)> {
        let (mut link, mut siblings) = (&self.root, Vec::new());
        for height in (0..DEPTH).rev() {
            let Some(Node::Pair { left, right, .. }) = link.as_deref() else { break };
            let (way, beside) = if is_right(index, height) { (right, left) } else { (left, right) };
            if beside.is_some() {
                siblings.push((height, hash(beside, height)));
            }
            link = way;
        }
        siblings.reverse();
        siblings
    }
}

impl Rooted for Tree {
    fn root(&self) -> B256 {
        hash(&self.root, DEPTH)
    }
}

impl<L: AsRef<[u8]>> FromIterator<(u32, L)> for Tree {
    fn from_iter<I: IntoIterator<Item = (u32, L)>>(leaves: I) -> Self {
        let mut tree = Self::default();
        leaves.into_iter().for_each(|(index, leaf)| tree.set(index, Some(leaf.as_ref())));
        tree
    }
}

/// Whether the way to the leaf at `index` leaves a node above `height` to the right.
fn is_right(index: u32, height: usize) -> bool {
    (index >> height) & 1 == 1
}

fn hash(link: &Link, height: usize) -> B256 {
    match link.as_deref() {
        Some(Node::Leaf { hash, .. } | Node::Pair { hash, .. }) => *hash,
        None => match EMPTY_SUBTREES.get(height) {
            Some(empty) => *empty,
            // Above the highest of them is the root of an empty tree.
            None => EMPTY_SUBTREES.last().map_or(EMPTY, |highest| pair(*highest, *highest)),
        },
    }
}

/// The subtree of this height with another leaf.
fn replaced(link: &Link, height: usize, index: u32, bytes: Option<&[u8]>) -> Link {
    let Some(below) = height.checked_sub(1) else {
        return bytes.map(|bytes| Arc::new(Node::Leaf { hash: leaf(Some(bytes)), bytes: bytes.into() }));
    };
    let (mut left, mut right) = match link.as_deref() {
        Some(Node::Pair { left, right, .. }) => (left.clone(), right.clone()),
        _ => (None, None),
    };
    let way = if is_right(index, below) { &mut right } else { &mut left };
    *way = replaced(way, below, index, bytes);
    if left.is_none() && right.is_none() {
        return None;
    }
    let hash = pair(hash(&left, below), hash(&right, below));
    Some(Arc::new(Node::Pair { hash, left, right }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_has_what_was_put_there_and_no_history() {
        let (mut tree, empty) = (Tree::default(), Tree::default().root());
        assert_eq!(empty, pair(EMPTY_SUBTREES[DEPTH - 1], EMPTY_SUBTREES[DEPTH - 1]));
        for index in [0, 7, u32::MAX] {
            tree.set(index, Some(&index.to_be_bytes()));
        }
        let three = tree.clone();
        assert_eq!(tree.get(7), Some(&7u32.to_be_bytes()[..]));
        assert_eq!((tree.get(6), tree.get(u32::MAX - 1)), (None, None));
        tree.set(7, Some(&[]));
        assert_eq!((tree.get(7), three.get(7)), (Some(&[][..]), Some(&7u32.to_be_bytes()[..])));
        assert_ne!(tree.root(), three.root());
        tree.set(7, Some(&7u32.to_be_bytes()));
        assert_eq!(tree.root(), three.root());
        [0, 7, u32::MAX].iter().for_each(|index| tree.set(*index, None));
        assert_eq!(tree.root(), empty);
        let leaves =
            [(u32::MAX, u32::MAX), (0, 0), (7, 7)].map(|(index, leaf): (u32, u32)| (index, leaf.to_be_bytes()));
        assert_eq!(Tree::from_iter(leaves).root(), three.root());
    }

    #[test]
    fn the_siblings_lead_to_the_root() {
        let tree = Tree::from_iter((0..9u32).map(|index| (index * 3, index.to_be_bytes())));
        for index in [0, 3, 24, 5, u32::MAX] {
            let siblings = tree.siblings(index);
            let mut node = leaf(tree.get(index));
            for (height, empty) in EMPTY_SUBTREES.iter().enumerate() {
                let sibling = siblings.iter().find(|(at, _)| *at == height).map_or(*empty, |(_, hash)| *hash);
                node = if is_right(index, height) { pair(sibling, node) } else { pair(node, sibling) };
            }
            assert_eq!(node, tree.root(), "leaf {index}");
        }
    }
}
