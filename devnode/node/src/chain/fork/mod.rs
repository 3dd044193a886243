//! Forks: chains that go on from a block of another node.
//!
//! The state at that block is fetched piece by piece, when something first looks at it. What was fetched is kept
//! ([`known::Known`]), in memory and if wanted on disk ([`log::Log`]). Everything after the block is local.

mod again;
mod error;
mod fetch;
mod known;
mod log;
mod node;
mod open;
mod options;
mod origin;
mod piece;
mod point;

pub use error::ForkError;
pub(crate) use known::FarAccount;
pub(crate) use open::{Opened, open, reopen};
pub use options::ForkOptions;
pub(crate) use origin::Origin;
pub(crate) use piece::Piece;
pub(crate) use point::Point;
