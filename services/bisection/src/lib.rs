//! The players of games about computations, whatever is computed.
//!
//! An operator signs the result of a computation once for a slot of time and publishes it with what it was computed
//! from ([`operator`], [`claim`]); a challenger computes each result itself, and opens a game about a wrong one
//! ([`challenger`]); the operator names the states in the middle ([`defender`]), the challenger judges them, and the
//! step that is left is executed on the chain. What both must have at hand until nobody can ask any more is on the disk
//! ([`store`]); how a game stands is asked of the chain ([`games`]). So whoever is killed at any move goes on.
//!
//! A service brings a [`Workload`]: what its results are computed from, and the rule of each step, which is the crate
//! of the program on the chain.
#![deny(missing_docs)]

pub mod challenger;
pub mod claim;
pub mod defender;
pub mod games;
pub mod operator;
pub mod setting;
pub mod store;
mod trace;
mod workload;

pub use trace::{Trace, TraceError};
pub use workload::{Source, Workload};
