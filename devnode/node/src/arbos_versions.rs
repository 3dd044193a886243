//! The versions of ArbOS that a node can have.

/// The ArbOS versions that a node can be started with.
pub const ARBOS_VERSIONS: [u64; 2] = [51, 60];
