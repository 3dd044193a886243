//! Builds, deploys and drives the restaking protocol: what the `restake` command and the integration tests share.
//!
//! * [`build`] turns the contract crates into the bytes that are deployed;
//! * [`chain`] talks to a node: typed calls, transactions, time, typed refusals;
//! * [`development`] is what only development nodes can, and the one place that uses it;
//! * [`suite`] deploys the contracts and wires them to each other;
//! * [`deployment`] is the file that says where a suite is;
//! * [`people`], [`amounts`] and [`times`] read and write names, amounts and times as people do;
//! * [`advice`], [`events`] and [`warnings`] tell refusals and events in sentences;
//! * [`attestation`] and [`availability`] make what operators sign and challengers present;
//! * [`judgements`] names what a DisputeResolution remembers, and [`requests`] finds what slash requests say;
//! * [`actors`] names the development accounts;
//! * [`docs`] writes a page for each contract from its code;
//! * [`balances`] takes stock of who owns what;
//! * [`story`] plays the whole restaking story and prints it.
//!
//! Contracts are reached only through the ABI of `interfaces` over JSON-RPC, so all of this works on any Arbitrum node,
//! except moving time.
#![deny(missing_docs)]

pub mod actors;
pub mod advice;
pub mod amounts;
pub mod attestation;
pub mod availability;
pub mod balances;
pub mod build;
pub mod chain;
pub mod deployment;
pub mod development;
pub mod docs;
pub mod events;
pub mod judgements;
pub mod merkle;
pub mod people;
pub mod refusal;
pub mod requests;
pub mod story;
pub mod suite;
pub mod times;
pub mod warnings;
