//! A service: registry, terms, disputes.

mod access;
mod availability;
mod bonds;
mod challenges;
mod deregistration;
mod evidence;
mod fault_kinds;
mod faults;
mod history;
mod keys;
mod malleability;
mod notice;
mod quorum;
mod registration;
mod terms;
mod verdicts;
mod weights;
