//! The pure arithmetic of the protocol: prices of pools and receipts, streams of rewards, queues and limits of tokens,
//! epochs, pauses and wads.
//!
//! Nothing here reads storage, calls a contract or panics. The contracts use these functions on chain and the reference
//! model of the property tests uses them natively, so a formula exists once. Every function that rounds says in which
//! direction and against whom.
#![no_std]
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod bisection;
pub mod captures;
pub mod checkpoint;
pub mod epoch;
pub mod exposure;
pub mod fault;
pub mod freeze;
pub mod grant;
pub mod leaving;
pub mod limits;
pub mod magnitude;
pub mod outflow;
pub mod pause;
pub mod pool;
pub mod receipt;
pub mod redemption;
pub mod risk;
pub mod stream;
pub mod time;
pub mod wad;
pub mod wide;
