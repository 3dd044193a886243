//! A service: registry, terms, disputes.

mod access;
mod admission;
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
mod support;
mod suspension;
mod terms;
mod verdicts;
mod weights;
