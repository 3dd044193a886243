//! The node as its clients see it: most tests go through an alloy provider over HTTP, as a real client would.

mod access;
mod accounts;
mod alterations;
mod calls;
mod contracts;
mod development;
mod errors;
mod estimates;
mod events;
mod factory;
mod filters;
mod history;
mod hostile;
mod impersonation;
mod information;
mod lifecycle;
mod mining;
mod node_interface;
mod ordering;
mod pictures;
mod programs;
mod protocol;
mod subscriptions;
mod support;
mod traces;
mod transactions;
