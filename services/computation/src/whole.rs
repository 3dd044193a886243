//! How a step reaches trees that are there as a whole, and how the witness of a step is written.

use crate::Tree;
use step::{State, Trees, WrongWitness};

/// Reads and writes whole trees.
struct Whole;

impl Trees for Whole {
    type Tree = Tree;
    type Place = u32;

    fn open<const N: usize>(&mut self, tree: &Tree, index: u32) -> Result<(Option<[u8; N]>, u32), WrongWitness> {
        // A leaf of another length belongs to another computation: no witness opens it either.
        let leaf = tree.get(index).map(|bytes| <[u8; N]>::try_from(bytes).map_err(|_| WrongWitness));
        Ok((leaf.transpose()?, index))
    }

    fn replace<const N: usize>(&mut self, tree: &mut Tree, place: u32, bytes: Option<[u8; N]>) {
        tree.set(place, bytes.as_ref().map(<[u8; N]>::as_slice));
    }
}

/// The same, and writes down what opens each leaf that the step reads.
struct Recorder {
    witness: Vec<u8>,
}

impl Trees for Recorder {
    type Tree = Tree;
    type Place = u32;

    fn open<const N: usize>(&mut self, tree: &Tree, index: u32) -> Result<(Option<[u8; N]>, u32), WrongWitness> {
        let (leaf, place) = Whole.open(tree, index)?;
        self.witness.push(u8::from(leaf.is_some()));
        self.witness.extend(leaf.iter().flatten());
        let siblings = tree.siblings(index);
        let given = siblings.iter().fold(0u32, |given, (height, _)| given | (1 << height));
        self.witness.extend(given.to_be_bytes());
        siblings.iter().for_each(|(_, hash)| self.witness.extend(hash));
        Ok((leaf, place))
    }

    fn replace<const N: usize>(&mut self, tree: &mut Tree, place: u32, bytes: Option<[u8; N]>) {
        Whole.replace(tree, place, bytes);
    }
}

/// Takes the step after `state`.
///
/// # Errors
/// If a leaf of the state is none of this computation.
pub fn advance<S: State<Tree = Tree>>(state: &mut S) -> Result<(), WrongWitness> {
    state.advance(&mut Whole)
}

/// What opens the step after `state`, as [`step::execute`] reads it.
///
/// # Errors
/// If a leaf of the state is none of this computation.
pub fn witness<S: State<Tree = Tree> + Clone>(state: &S) -> Result<Vec<u8>, WrongWitness> {
    let mut recorder = Recorder { witness: state.fields() };
    state.clone().advance(&mut recorder)?;
    Ok(recorder.witness)
}
