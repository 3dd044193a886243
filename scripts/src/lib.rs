//! Builds, deploys and drives the restaking protocol: what the `restake` command and the integration tests share.
//!
//! * [`build`] turns the contract crates into the bytes that are deployed;
//! * [`chain`] talks to a node: typed calls, transactions, time, typed refusals;
//! * [`remote`] signs with keys that are elsewhere;
//! * [`development`] is what only development nodes can, and the one place that uses it;
//! * [`suite`] deploys the contracts and wires them to each other;
//! * [`deployment`] is the file that says where a suite is;
//! * [`people`], [`amounts`] and [`times`] read and write names, amounts and times as people do;
//! * [`advice`], [`events`] and [`warnings`] tell refusals and events in sentences;
//! * [`verbs`] defines each thing that people do once;
//! * [`attestation`], [`availability`], [`computation`] and [`typed_data`] make what operators sign and challengers
//!   present;
//! * [`judgements`] names what a DisputeResolution remembers, and [`requests`] finds what slash requests say;
//! * [`actors`] names the development accounts;
//! * [`progress`] shows at a terminal how far long work is;
//! * [`docs`] writes a page for each contract from its code;
//! * [`balances`] takes stock of who owns what;
//! * [`story`] plays the whole restaking story and prints it.
//!
//! Contracts are reached only through the ABI of `interfaces` over JSON-RPC, so all of this works on any Arbitrum node,
//! except moving time.
//!
//! # Example
//!
//! Approve and stake, with the most risk that is accepted, and say why if the contract refuses:
//!
//! ```no_run
//! use alloy::primitives::{Address, U256};
//! use alloy::signers::local::PrivateKeySigner;
//! use interfaces::ILens;
//! use restake::advice::advice;
//! use restake::chain::{CallError, Chain};
//! use restake::deployment::Deployment;
//! use restake::events;
//! use restake::people::People;
//! use restake::verbs::{staker, token};
//!
//! # async fn example(key: PrivateKeySigner, operator: Address) -> eyre::Result<()> {
//! let staker = key.address();
//! let chain = Chain::connect("http://127.0.0.1:8547", [key])?;
//! // Refused on another chain, and where a contract has other code than was deployed.
//! let suite = Deployment::load(&chain, None).await?.suite(&chain).await?;
//! let people = People::of(&suite);
//!
//! let amount = 1_500_000_000_000_000_000; // 1.5 tokens
//! let risk = chain.view(suite.lens, &ILens::commitmentOfCall { operator }).await?;
//! token::approve(suite.token, suite.token_pool, U256::from(amount)).send(&chain, staker).await?;
//! match staker::stake(&suite, amount, operator, risk.commitment).send(&chain, staker).await {
//!     Ok(receipt) => {
//!         receipt.logs().iter().for_each(|log| println!("{}", events::sentence(&people, &log.inner)));
//!     }
//!     Err(CallError::Refused(refusal)) => println!("{}", advice(&chain, &suite, &people, &refusal).await?),
//!     Err(CallError::Node(error)) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
#![deny(missing_docs)]

pub mod actors;
pub mod advice;
pub mod amounts;
pub mod attestation;
pub mod availability;
pub mod balances;
pub mod build;
pub mod chain;
pub mod computation;
pub mod deployment;
pub mod development;
pub mod docs;
pub mod events;
pub mod judgements;
pub mod merkle;
pub mod people;
pub mod progress;
pub mod refusal;
pub mod remote;
pub mod requests;
pub mod story;
pub mod suite;
pub mod times;
pub mod typed_data;
pub mod verbs;
pub mod warnings;
