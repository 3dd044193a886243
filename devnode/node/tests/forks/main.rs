//! Chains that go on from a block of another node.

mod blocks;
mod far;
mod snapshots;
mod state;
mod support;
mod trouble;
