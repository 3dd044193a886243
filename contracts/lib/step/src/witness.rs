//! A witness: the bytes that open what one step touches.

use crate::tree::{DEPTH, empty_subtrees, leaf, pair};
use crate::{Cursor, Trees, WrongWitness};
use alloy_primitives::B256;

/// What a step reads its trees from where there are only their roots.
///
/// Each leaf that is opened is a byte (1 before the bytes of the leaf, 0 for an empty one), a number of 32 bits whose
/// bit `i` says whether the sibling at height `i` follows, and those siblings from the leaf upwards. The others are
/// empty.
#[derive(Debug)]
pub struct Witness<'w> {
    cursor: Cursor<'w>,
    empty: [B256; DEPTH],
}

/// Where a leaf is in its tree: its siblings from there to the root.
#[derive(Debug, Clone, Copy)]
pub struct Place<'w> {
    index: u32,
    /// Which siblings are not empty.
    given: u32,
    siblings: &'w [[u8; 32]],
}

impl<'w> Witness<'w> {
    /// What is left to read.
    #[must_use]
    pub fn new(cursor: Cursor<'w>) -> Self {
        Self { cursor, empty: empty_subtrees() }
    }

    /// Says that the step touched all that the witness opens.
    ///
    /// # Errors
    /// If something is left.
    pub fn end(self) -> Result<(), WrongWitness> {
        self.cursor.end()
    }

    /// The root of a tree with this leaf in this place.
    fn root(&self, leaf: B256, place: &Place<'_>) -> B256 {
        let Place { mut index, mut given, siblings } = *place;
        let (mut node, mut siblings) = (leaf, siblings.iter());
        for empty in self.empty {
            let sibling = if given & 1 == 0 { None } else { siblings.next() };
            let sibling = sibling.map_or(empty, B256::from);
            node = if index & 1 == 0 { pair(node, sibling) } else { pair(sibling, node) };
            (index, given) = (index >> 1, given >> 1);
        }
        node
    }
}

impl<'w> Trees for Witness<'w> {
    type Tree = B256;
    type Place = Place<'w>;

    fn open<const N: usize>(
        &mut self,
        tree: &B256,
        index: u32,
    ) -> Result<(Option<[u8; N]>, Self::Place), WrongWitness> {
        let bytes = match self.cursor.array()? {
            [0] => None,
            [1] => Some(self.cursor.array()?),
            _ => return Err(WrongWitness),
        };
        let given = self.cursor.u32()?;
        let count = usize::try_from(given.count_ones()).unwrap_or(usize::MAX);
        let place = Place { index, given, siblings: self.cursor.words(count)? };
        let opened = leaf(bytes.as_ref().map(<[u8; N]>::as_slice));
        if self.root(opened, &place) != *tree {
            return Err(WrongWitness);
        }
        Ok((bytes, place))
    }

    fn replace<const N: usize>(&mut self, tree: &mut B256, place: Self::Place, bytes: Option<[u8; N]>) {
        *tree = self.root(leaf(bytes.as_ref().map(<[u8; N]>::as_slice)), &place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::EMPTY;
    use alloc::vec::Vec;

    /// A tree with leaf 1 in place 5 and leaf 2 in place 4, and what opens 5 in it.
    fn two_leaves() -> (B256, Vec<u8>) {
        let (five, four) = (leaf(Some(&[1])), leaf(Some(&[2])));
        let place = Place { index: 5, given: 1, siblings: &[four.0] };
        let root = Witness::new(Cursor::new(&[])).root(five, &place);
        (root, [&[1, 1, 0, 0, 0, 1][..], &four.0].concat())
    }

    fn open(root: B256, index: u32, bytes: &[u8]) -> Result<Option<[u8; 1]>, WrongWitness> {
        let mut witness = Witness::new(Cursor::new(bytes));
        let (leaf, _) = witness.open(&root, index)?;
        witness.end()?;
        Ok(leaf)
    }

    #[test]
    fn a_leaf_opens_in_its_place_alone() {
        let (root, bytes) = two_leaves();
        assert_eq!(open(root, 5, &bytes), Ok(Some([1])));
        for other in [4, 6, 1, 13, u32::MAX] {
            assert_eq!(open(root, other, &bytes), Err(WrongWitness));
        }
        assert_eq!(open(pair(root, root), 5, &bytes), Err(WrongWitness));
    }

    #[test]
    fn each_byte_that_differs_is_missing_or_too_many_is_refused() {
        let (root, bytes) = two_leaves();
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 1;
            assert_eq!(open(root, 5, &other), Err(WrongWitness), "byte {at}");
            assert_eq!(open(root, 5, &bytes[..at]), Err(WrongWitness), "{at} bytes");
        }
        assert_eq!(open(root, 5, &[&bytes[..], &[0]].concat()), Err(WrongWitness));
    }

    #[test]
    fn an_empty_sibling_may_be_given_and_leads_to_the_same() {
        let (root, short) = two_leaves();
        let above = pair(EMPTY, EMPTY);
        let long = [&[1, 1, 0, 0, 0, 3][..], &leaf(Some(&[2])).0, &above.0].concat();
        assert_eq!((open(root, 5, &long), open(root, 5, &short)), (Ok(Some([1])), Ok(Some([1]))));
    }

    #[test]
    fn a_leaf_that_was_replaced_opens_and_the_old_one_does_not() {
        let (mut root, bytes) = two_leaves();
        let mut witness = Witness::new(Cursor::new(&bytes));
        let (_, place) = witness.open::<1>(&root, 5).unwrap();
        witness.replace::<1>(&mut root, place, None);
        assert_eq!(open(root, 5, &bytes), Err(WrongWitness));
        let empty = [&[0, 0, 0, 0, 1][..], &leaf(Some(&[2])).0].concat();
        assert_eq!(open(root, 5, &empty), Ok(None));
    }
}
