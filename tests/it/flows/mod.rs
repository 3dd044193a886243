//! The flows of the protocol, one file each.

mod challenge;
mod delegate;
mod join;
mod leave;
mod redeem;
mod slash;
mod stake;
