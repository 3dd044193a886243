//! The Slasher: grants, requests, freezes.

mod budgets;
mod closing;
mod commitment;
mod execution;
mod grants;
mod notice;
mod obligations;
mod overlapping;
mod pauses;
mod raises;
mod requests;
mod risk;
mod services;
