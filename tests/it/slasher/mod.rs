//! The Slasher: grants, requests, freezes.

mod budgets;
mod commitment;
mod execution;
mod grants;
mod obligations;
mod overlapping;
mod requests;
mod services;
