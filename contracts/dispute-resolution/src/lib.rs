//! Bonded challenges decided by proofs.
