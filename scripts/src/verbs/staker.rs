//! What stakers do. Amounts are base units of the suite's token, shares those of a pool; the zero address is no
//! operator, and stake without one is idle.

use super::Verb;
use crate::suite::Suite;
use alloy::primitives::Address;
use alloy::sol_types::SolEvent;
use interfaces::IStrategyManager::{Delegated, FundsClaimed, Staked};
use interfaces::IStrategyManager::{WithdrawalCompleted, WithdrawalQueued, WithdrawalRestaked};
use interfaces::ITokenPool::{
    FundsQueued, WithdrawalDeferred, claimFundsCall, completeQueuedWithdrawalAsSharesCall,
    completeQueuedWithdrawalCall, delegateToCall, queueFundsCall, queueWithdrawalCall, stakeCall,
};

/// Stakes what the TokenPool was allowed to take, where services may slash at most `max_commitment` (wad).
pub fn stake(suite: &Suite, amount: u128, operator: Address, max_commitment: u64) -> Verb<stakeCall> {
    let call = stakeCall { token: suite.token, amount, operator, maxCommitment: max_commitment };
    Verb::new(suite.token_pool, call, &[Staked::SIGNATURE_HASH])
}

/// Moves shares of idle stake to an operator, where services may slash at most `max_commitment` (wad).
pub fn delegate(suite: &Suite, operator: Address, shares: u128, max_commitment: u64) -> Verb<delegateToCall> {
    let call = delegateToCall { token: suite.token, operator, shares, maxCommitment: max_commitment };
    Verb::new(suite.token_pool, call, &[Delegated::SIGNATURE_HASH])
}

/// Queues shares of an operator's pool for withdrawal.
pub fn queue(suite: &Suite, operator: Address, shares: u128) -> Verb<queueWithdrawalCall> {
    let call = queueWithdrawalCall { token: suite.token, operator, shares };
    Verb::new(suite.token_pool, call, &[WithdrawalQueued::SIGNATURE_HASH])
}

/// Takes the withdrawal that is released at `release_epoch` out as tokens; where too much leaves at once it gets a turn
/// first.
pub fn complete(
    suite: &Suite,
    operator: Address,
    release_epoch: u64,
    recipient: Address,
) -> Verb<completeQueuedWithdrawalCall> {
    let call = completeQueuedWithdrawalCall { token: suite.token, operator, releaseEpoch: release_epoch, recipient };
    Verb::new(suite.token_pool, call, &[WithdrawalCompleted::SIGNATURE_HASH, WithdrawalDeferred::SIGNATURE_HASH])
}

/// Stakes the withdrawal that is released at `release_epoch` again, where services may slash at most `max_commitment`
/// (wad).
pub fn restake(
    suite: &Suite,
    operator: Address,
    release_epoch: u64,
    new_operator: Address,
    max_commitment: u64,
) -> Verb<completeQueuedWithdrawalAsSharesCall> {
    let call = completeQueuedWithdrawalAsSharesCall {
        token: suite.token,
        operator,
        releaseEpoch: release_epoch,
        newOperator: new_operator,
        maxCommitment: max_commitment,
    };
    Verb::new(suite.token_pool, call, &[WithdrawalRestaked::SIGNATURE_HASH])
}

/// Gives what was set aside for `claimant` until `release_epoch` its turn to leave, by anyone.
pub fn queue_funds(suite: &Suite, claimant: Address, release_epoch: u64) -> Verb<queueFundsCall> {
    let call = queueFundsCall { token: suite.token, claimant, releaseEpoch: release_epoch };
    Verb::new(suite.token_pool, call, &[FundsQueued::SIGNATURE_HASH])
}

/// Has what was set aside for `claimant` until `release_epoch` paid to it, by anyone.
pub fn claim_funds(suite: &Suite, claimant: Address, release_epoch: u64) -> Verb<claimFundsCall> {
    let call = claimFundsCall { token: suite.token, claimant, releaseEpoch: release_epoch };
    Verb::new(suite.token_pool, call, &[FundsClaimed::SIGNATURE_HASH])
}
