//! The stakers' door and the vault.
