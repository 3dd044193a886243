//! Programs and contracts on a whole machine: every number is derived by hand from the protocol's prices.

mod activation;
mod calls;
mod chain;
mod creates;
mod dispatch;
mod environment;
mod failures;
mod fragments;
mod host_ios;
mod hostile;
mod l1_data;
mod memory;
mod owners;
mod peculiarities;
mod storage;
mod transactions;
