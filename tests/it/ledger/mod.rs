//! The ledger: strategies, staking, withdrawals, slashed funds; who may write it, and the tokens behind it.

mod access;
mod account_service;
mod batches;
mod completing;
mod consent;
mod delegation;
mod depleted;
mod donations;
mod foreign_tokens;
mod lens;
mod liquid_staking_token;
mod other_tokens;
mod outflow;
mod queueing;
mod rewards;
mod rounding;
mod runs;
mod several;
mod side_by_side;
mod slashed_funds;
mod slashed_withdrawals;
mod staking;
mod strategies;
mod wiped;
