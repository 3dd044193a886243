//! A service: registry, terms, disputes.

mod access;
mod bonds;
mod challenges;
mod deregistration;
mod evidence;
mod faults;
mod keys;
mod malleability;
mod registration;
mod terms;
mod verdicts;
mod weights;
