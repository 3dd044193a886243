//! The integration tests: compiled WASM on a node, over JSON-RPC.
//!
//! `construction` is about constructors; `flows` has a file for each flow of the protocol; the other folders hold, per
//! part of the suite, the boundaries, the refusals (each checked to change nothing) and who may call what.

mod constants;
mod construction;
mod docs;
mod flows;
mod gas;
mod governance;
mod ledger;
mod lines;
mod node;
mod readme;
mod risk;
mod service;
mod slasher;
mod tokens;
