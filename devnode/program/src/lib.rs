//! The Stylus program format: validation, the metering pass and what programs cost.
//!
//! Pure functions, from bytes to facts; no EVM and no chain state. In the order of a program's life:
//!
//! - [`process`] brings a linked WASM file into the form that chains accept, and [`zeros`] makes its starts cheaper;
//!   [`mod@format`] turns that into contract code and back, [`fragments`] into the code of several contracts;
//! - [`activation`] checks a program, meters it and computes what it costs ([`validate`], [`instrument`]);
//! - [`data_fee`] prices its place on disk, [`start_cost`] and [`pages`] each call, [`ink`] and [`hostio`] what it
//!   does;
//! - [`params`] are the chain's settings for all of it;
//! - [`contents`] says what a module spends its bytes on.
//!
//! Prices and limits are those of Arbitrum Nitro. Where they depend on the ArbOS version, it is an argument.

pub mod activation;
pub mod contents;
pub mod data_fee;
pub mod format;
pub mod fragments;
pub mod hostio;
pub mod ink;
pub mod instrument;
pub mod pages;
pub mod params;
pub mod process;
pub mod start_cost;
pub mod validate;
pub mod zeros;

mod error;
mod module;
mod rules;
