//! The flows of the protocol, one file each, by the verbs of [`restake::verbs`]. Tests of single contracts beside them
//! call the ABI itself: its edges are what they test.

mod challenge;
mod delegate;
mod join;
mod leave;
mod redeem;
mod slash;
mod stake;
