//! The ABI of the suite: one `sol!` interface per contract with its structs, errors, events and functions, and their
//! documentation.
//!
//! This crate is the single source of truth. The contracts take their errors, events and call types from it; wallets,
//! scripts and tests reach the contracts only through it. Units, everywhere:
//!
//! - amounts (`uint128`) are base units of the token; shares (`uint128`) are finer by
//!   [`arithmetic`'s](../arithmetic/pool/index.html) `SHARES_PER_ASSET` at the start of a pool;
//! - fractions (`uint64`) are wads, 1e18 = 100 %;
//! - times (`uint64`) are Unix seconds of `block.timestamp`; epochs (`uint64`) are counted from the Unix epoch in steps
//!   of 7 days.
//!
//! A revert without data means that the call could not be decoded, carried ETH to a function that takes none, or
//! re-entered a contract.
#![no_std]
#![deny(missing_docs)]
// What `sol!` makes of functions and events takes as many arguments as they have.
#![allow(clippy::too_many_arguments)]

mod access;
mod admission;
mod batch;
mod bisection;
mod dispute_resolution;
mod erc20;
mod governance;
mod lending_check;
mod lens;
mod liquid_restaking_token;
mod liquid_staking_token;
mod ownable;
mod price_feed;
mod quorum;
mod redemption_desk;
mod registry;
mod restaking_vault;
mod restaking_weights;
mod rewards;
mod risk;
mod risk_admission;
mod service_manager;
mod slasher;
mod step;
mod strategy_manager;
mod task_board;
mod token_pool;

pub use access::IAccess;
pub use admission::IAdmission;
pub use batch::IBatch;
pub use bisection::IBisection;
pub use dispute_resolution::IDisputeResolution;
pub use erc20::{IERC20, IERC20Permit};
pub use governance::IGovernance;
pub use lending_check::ILendingCheck;
pub use lens::ILens;
pub use liquid_restaking_token::ILiquidRestakingToken;
pub use liquid_staking_token::ILiquidStakingToken;
pub use ownable::IOwnable;
pub use price_feed::IPriceFeed;
pub use quorum::IQuorum;
pub use redemption_desk::IRedemptionDesk;
pub use registry::IRegistry;
pub use restaking_vault::IRestakingVault;
pub use restaking_weights::IRestakingWeights;
pub use rewards::IRewards;
pub use risk::IRisk;
pub use risk_admission::IRiskAdmission;
pub use service_manager::IServiceManager;
pub use slasher::ISlasher;
pub use step::IStep;
pub use strategy_manager::IStrategyManager;
pub use task_board::ITaskBoard;
pub use token_pool::ITokenPool;
