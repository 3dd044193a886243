//! States, the rule that leads from one to the next, and the step of it that is judged.

use crate::{Cursor, Witness, WrongWitness};
use alloc::vec::Vec;
use alloy_primitives::{B256, keccak256};

/// What has a root: a tree, or the root itself.
pub trait Rooted {
    /// The root.
    fn root(&self) -> B256;
}

impl Rooted for B256 {
    fn root(&self) -> B256 {
        *self
    }
}

/// How a step reaches the trees of its state: in a witness, or in the trees themselves.
pub trait Trees {
    /// What stands for a tree.
    type Tree: Rooted + Clone;
    /// Where a leaf was found.
    type Place;

    /// The leaf at `index` of a tree, `N` bytes if it is not empty, and its place. A step opens what it has to, in the
    /// same order for the same state, and nothing in advance: what it opens is what it pays for.
    ///
    /// # Errors
    /// If the witness does not open it.
    fn open<const N: usize>(
        &mut self,
        tree: &Self::Tree,
        index: u32,
    ) -> Result<(Option<[u8; N]>, Self::Place), WrongWitness>;

    /// Puts a leaf where one was found, in the tree where it was found.
    fn replace<const N: usize>(&mut self, tree: &mut Self::Tree, place: Self::Place, bytes: Option<[u8; N]>);
}

/// A state of a computation, and its rule.
pub trait State: Sized {
    /// What is hashed before its fields, so that it is no state of another computation: begins with neither 0 nor 1,
    /// which nodes of trees do.
    const TAG: &'static [u8];
    /// What stands for its trees.
    type Tree: Rooted + Clone;

    /// All there is, with the roots of trees: a fixed number of bytes.
    fn fields(&self) -> Vec<u8>;

    /// Goes one step on.
    ///
    /// # Errors
    /// If what `trees` read from does not open what the step touches.
    fn advance<T: Trees<Tree = Self::Tree>>(&mut self, trees: &mut T) -> Result<(), WrongWitness>;

    /// What stands for the state in claims.
    fn hash(&self) -> B256 {
        let (tag, fields) = (Self::TAG, self.fields());
        let mut bytes = Vec::with_capacity(tag.len().saturating_add(fields.len()));
        bytes.extend_from_slice(tag);
        bytes.extend_from_slice(&fields);
        keccak256(bytes)
    }
}

/// A state of which only the roots of its trees are known.
pub trait Opened: State<Tree = B256> {
    /// Reads what [`State::fields`] wrote.
    ///
    /// # Errors
    /// If there is too little.
    fn read(fields: &mut Cursor<'_>) -> Result<Self, WrongWitness>;
}

/// One step from `state`, by a witness: the fields of the state, then the leaves that the step opens.
///
/// # Errors
/// If the fields are not of this state, a leaf is not in its tree, or something is left over.
pub fn execute<S: Opened>(state: B256, witness: &[u8]) -> Result<B256, WrongWitness> {
    let mut cursor = Cursor::new(witness);
    let mut opened = S::read(&mut cursor)?;
    if opened.hash() != state {
        return Err(WrongWitness);
    }
    let mut witness = Witness::new(cursor);
    opened.advance(&mut witness)?;
    witness.end()?;
    Ok(opened.hash())
}
