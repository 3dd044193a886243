//! The ledger: strategies, staking, withdrawals, slashed funds.
