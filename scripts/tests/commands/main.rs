//! The `restake` command as people and scripts run it: processes beside a node.

mod acting;
mod admitting;
mod closed;
mod deploying;
mod finding;
mod first_test;
mod gaming;
mod guides;
mod helping;
mod keeping;
mod keeping_on;
mod keys;
mod proving;
mod proxy;
mod signers;
mod stage;
mod terminal;
mod troubled;
mod watching;
mod watching_on;
