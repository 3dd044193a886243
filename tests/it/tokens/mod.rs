//! The tokens: what is common to them, the one to stake on development chains, and the receipt for restaked tokens.

mod permits;
mod rewards;
