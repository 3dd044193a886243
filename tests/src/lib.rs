//! What the integration tests share: a deployed chain of their own for each test, what people do on it, and pictures of its state.
//!
//! The suite is built and deployed once per test process; each test starts its own node from that picture in a few milliseconds, and talks to it over HTTP.
#![deny(missing_docs)]

mod actions;
mod deployed;
pub mod gas;
mod picture;
mod refusals;
mod world;

pub use actions::{Attack, TASK};
pub use picture::Picture;
pub use world::{World, ether};
