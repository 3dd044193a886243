//! A service: registry, terms, disputes.

mod access;
mod admission;
mod availability;
mod bonds;
mod challenges;
mod custom;
mod data_quorum;
mod dates;
mod deregistration;
mod evidence;
mod exhausted;
mod fault_kinds;
mod faults;
mod history;
mod keys;
mod leaves;
mod malleability;
mod notice;
mod quorum;
mod registration;
mod support;
mod suspension;
mod switched;
mod terms;
mod verdicts;
mod weights;
