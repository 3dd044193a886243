//! What the integration tests share: a deployed chain of their own for each test, what people do on it, and pictures of
//! its state.
//!
//! The suite is built and deployed once per test process; each test starts its own node from that picture in a few
//! milliseconds, and talks to it over HTTP. With `RPC_URL` set all tests use the node there, one after the other:
//! `cargo restake devnode`, in another process. Beside what every Arbitrum node has they need what
//! [`restake::development`] names, which asks the node whether it has it.
#![deny(missing_docs)]

mod actions;
mod attack;
mod deployed;
mod edges;
pub mod floor;
pub mod game_gas;
pub mod gas;
pub mod gas_page;
pub mod gas_report;
mod goals;
mod looks;
mod needs;
pub mod npm;
pub mod operations;
mod picture;
pub mod programs;
pub mod receipt_gas;
mod refusals;
pub mod rule;
pub mod spent;
pub mod start;
mod token;
pub mod token_gas;
mod turn;
mod world;

pub use actions::TASK;
pub use attack::Attack;
pub use picture::Picture;
pub use token::Token;
pub use world::{World, ether};
