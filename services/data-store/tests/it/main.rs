//! The data store: its parts by themselves, and on a chain with everything deployed.

mod assignment;
mod challenges;
mod coding;
mod folder;
mod killing;
mod network;
mod random;
mod rogue;
mod running;
mod stage;
mod store;
