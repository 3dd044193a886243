//! Risk, on chain: what views say of operators, services and receipts, and the rule of admission.

mod admission;
mod claims;
mod exposure;
mod receipts;
mod rule;
mod support;
mod utilisation;
