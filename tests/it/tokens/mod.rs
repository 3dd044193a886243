//! The tokens: what is common to them, the one to stake on development chains, and the receipt for restaked tokens with
//! its vault.

mod bending;
mod lost;
mod permits;
mod receipt_access;
mod receipt_gas;
mod receipt_slashes;
mod receipts;
mod redemptions;
mod restaked;
mod rewards;
mod staking_at_once;
mod weights;
