//! What the owner of the protocol and its pausers do.

use super::Verb;
use crate::suite::Suite;
use alloy::primitives::Address;
use alloy::sol_types::SolEvent;
use interfaces::IGovernance::{
    LimitsCancelled, LimitsScheduled, Paused, Unpaused, addStrategyCall, applyLimitsCall, cancelLimitsCall,
    closeStrategyCall, pauseCall, scheduleLimitsCall, unpauseCall,
};
use interfaces::ITokenPool::StrategySet;

/// How much of a token the protocol takes in and lets out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most that it takes in (base units).
    pub cap: u128,
    /// The part of the cap that one deposit may bring, in percent.
    pub deposit_percent: u8,
    /// The part of what is owed that may leave per epoch, in percent; 0 for no limit.
    pub outflow_percent: u8,
}

/// Lets a token be staked.
pub fn list(suite: &Suite, token: Address, limits: Limits) -> Verb<addStrategyCall> {
    let Limits { cap, deposit_percent, outflow_percent } = limits;
    let call = addStrategyCall { token, cap, depositPercent: deposit_percent, outflowPercent: outflow_percent };
    Verb::new(suite.governance, call, &[StrategySet::SIGNATURE_HASH])
}

/// Announces other limits of a token.
pub fn schedule_limits(suite: &Suite, token: Address, limits: Limits) -> Verb<scheduleLimitsCall> {
    let Limits { cap, deposit_percent, outflow_percent } = limits;
    let call = scheduleLimitsCall { token, cap, depositPercent: deposit_percent, outflowPercent: outflow_percent };
    Verb::new(suite.governance, call, &[LimitsScheduled::SIGNATURE_HASH])
}

/// Applies announced limits when their notice has ended, by anyone.
pub fn apply_limits(suite: &Suite, token: Address) -> Verb<applyLimitsCall> {
    Verb::new(suite.governance, applyLimitsCall { token }, &[StrategySet::SIGNATURE_HASH])
}

/// Takes announced limits back.
pub fn cancel_limits(suite: &Suite, token: Address) -> Verb<cancelLimitsCall> {
    Verb::new(suite.governance, cancelLimitsCall { token }, &[LimitsCancelled::SIGNATURE_HASH])
}

/// Takes no new stake of a token.
pub fn close(suite: &Suite, token: Address) -> Verb<closeStrategyCall> {
    Verb::new(suite.governance, closeStrategyCall { token }, &[StrategySet::SIGNATURE_HASH])
}

/// Pauses the actions of `flags`, which [`arithmetic::pause`] names.
pub fn pause(suite: &Suite, flags: u8) -> Verb<pauseCall> {
    Verb::new(suite.governance, pauseCall { flags }, &[Paused::SIGNATURE_HASH])
}

/// Lets everything go on.
pub fn unpause(suite: &Suite) -> Verb<unpauseCall> {
    Verb::new(suite.governance, unpauseCall {}, &[Unpaused::SIGNATURE_HASH])
}
