//! The flows of the protocol, one file each.

mod stake;
