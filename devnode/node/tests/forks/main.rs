//! Chains that go on from a block of another node.

mod blocks;
mod far;
mod pictures;
mod state;
mod support;
mod trouble;
