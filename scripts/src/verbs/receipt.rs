//! What holders of the liquid restaking receipt do, and its owner. Amounts are base units of the suite's token or of
//! the receipt.

use super::Verb;
use crate::suite::Suite;
use alloy::primitives::Address;
use alloy::sol_types::SolEvent;
use interfaces::ILiquidRestakingToken::{
    Deposit, RedeemRequest, depositAndStakeCall, depositCall, requestRedemptionCall,
};
use interfaces::IRedemptionDesk::{RedemptionClaimed, claimRedemptionCall};
use interfaces::IRestakingWeights::{WeightScheduled, scheduleWeightCall, stakeIdleCall};
use interfaces::IStrategyManager::{Delegated, Staked};

/// Puts what the vault was allowed to take behind new receipts, of which at least `min_shares` are accepted.
pub fn deposit(suite: &Suite, amount: u128, recipient: Address, min_shares: u128) -> Verb<depositCall> {
    let call = depositCall { amount, recipient, minShares: min_shares };
    Verb::new(suite.restaking_token, call, &[Deposit::SIGNATURE_HASH])
}

/// The same, and has it staked at once.
pub fn deposit_and_stake(
    suite: &Suite,
    amount: u128,
    recipient: Address,
    min_shares: u128,
) -> Verb<depositAndStakeCall> {
    let call = depositAndStakeCall { amount, recipient, minShares: min_shares };
    Verb::new(suite.restaking_token, call, &[Deposit::SIGNATURE_HASH])
}

/// Burns receipts for their part of everything, if that is worth at least `min_assets`.
pub fn redeem(suite: &Suite, shares: u128, min_assets: u128) -> Verb<requestRedemptionCall> {
    let call = requestRedemptionCall { shares, minAssets: min_assets };
    Verb::new(suite.restaking_token, call, &[RedeemRequest::SIGNATURE_HASH])
}

/// Has what a redemption is due paid to its account, by anyone.
pub fn claim(suite: &Suite, id: u64) -> Verb<claimRedemptionCall> {
    Verb::new(suite.redemption_desk, claimRedemptionCall { id }, &[RedemptionClaimed::SIGNATURE_HASH])
}

/// Has the vault stake what is idle, by anyone.
pub fn stake_idle(suite: &Suite) -> Verb<stakeIdleCall> {
    let known_by = &[Staked::SIGNATURE_HASH, Delegated::SIGNATURE_HASH];
    Verb::new(suite.restaking_weights, stakeIdleCall {}, known_by)
}

/// Announces the part of everything that the vault stakes with an operator (wad), while services may slash at most
/// `max_commitment` (wad) there.
pub fn schedule_weight(suite: &Suite, operator: Address, weight: u64, max_commitment: u64) -> Verb<scheduleWeightCall> {
    let call = scheduleWeightCall { operator, weight, maxCommitment: max_commitment };
    Verb::new(suite.restaking_weights, call, &[WeightScheduled::SIGNATURE_HASH])
}
