//! Traces of computations that can be judged step by step: the state at any step, and the witness that opens what a
//! step touches. The rule is that of the crate whose program judges it ([`step::State`]); here its trees are whole.
#![deny(missing_docs)]

mod execution;
mod tree;
mod whole;

pub use execution::{Execution, RuleError};
pub use tree::Tree;
pub use whole::{advance, witness};
