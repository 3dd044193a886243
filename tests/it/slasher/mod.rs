//! The Slasher: grants, requests, freezes.

mod budgets;
mod closing;
mod commitment;
mod consent;
mod counting;
mod ending;
mod execution;
mod grants;
mod guarantee;
mod magnitude;
mod notice;
mod overlapping;
mod pauses;
mod published;
mod raises;
mod requests;
mod risk;
mod services;
mod storms;
mod tiers;
