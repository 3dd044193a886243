//! Programs and contracts on a whole machine: every number is derived by hand from the protocol's prices.

mod activation;
mod chain;
