//! What several contracts share: typed reverts, calls between contracts, access checks, storage accessors, ERC-20
//! tokens, typed data and signatures.
//!
//! Everything here runs inside a contract. What is pure arithmetic lives in `arithmetic`, what is ABI in `interfaces`.
#![deny(missing_docs)]
#![cfg_attr(target_arch = "wasm32", no_std)]
#[macro_use]
extern crate alloc;

pub mod access;
pub mod bonds;
pub mod calls;
pub mod connection;
pub mod disputes;
pub mod erc20;
pub mod ids;
pub mod layout;
pub mod list;
pub mod ownable;
#[cfg(target_arch = "wasm32")]
mod panic;
pub mod revert;
pub mod signature;
pub mod slashing;
pub mod stored;
pub mod token;
pub mod typed_data;
pub mod words;

pub use revert::{Outcome, Revert};
pub use words::Emit;
