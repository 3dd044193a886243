//! Risk of a restaking network: what attacks on it cost at least, what a shock leaves of it, what a staker risks.
//!
//! [`Network`] is who has stake with whom and lets whom take it; [`Allocations`] is the same as an attacker sees it.
//! [`Bounds`] are sums and maxima that a chain can compute; on small networks [`attack`] tries everything, so that the
//! bounds can be held against the truth, in exact numbers. What profits services declare are claims.
#![deny(missing_docs)]

pub mod all_stake;
pub mod allocations;
pub mod attack;
pub mod bounds;
pub mod cascade;
pub mod decimal;
pub mod exact;
pub mod exposure;
pub mod file;
pub mod hunt;
pub mod leverage;
pub mod network;
pub mod random;
pub mod report;
pub mod search;
pub mod shock;

pub use allocations::Allocations;
pub use bounds::Bounds;
pub use network::Network;
