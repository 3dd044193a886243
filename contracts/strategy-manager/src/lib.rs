//! The ledger of pools, positions and withdrawals.
