//! What owners of services do, what any account may that operators let slash, and whoever pays an operator's stakers.

use super::Verb;
use crate::suite::{Service, Suite};
use alloy::primitives::Address;
use alloy::sol_types::SolEvent;
use arithmetic::fault::ROOM;
use interfaces::IRegistry::{
    AdmissionScheduled, MinimumStakeScheduled, StrategyWeightScheduled, scheduleAdmissionCall,
    scheduleMinimumStakeCall, scheduleStrategyWeightCall,
};
use interfaces::IRewards::{RewardPaid, payRewardCall};
use interfaces::IServiceManager::{
    JudgeNamed, TermsCancelled, TermsScheduled, cancelTermsCall, nameJudgeCall, scheduleTermsCall, termsReturn,
};
use interfaces::ISlasher::{SlashRequested, freezeOperatorCall};

/// What a service may do to its operators, and what it promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// What a fault of each kind costs, of what is left of the operator's budget (wad); 0 switches a kind off.
    pub wads: [u64; ROOM],
    /// The challenger's part of a slash (wad).
    pub challenger_share: u64,
    /// What the service promises to pay, of the weighted stake in a year (wad).
    pub reward_rate: u64,
    /// What the service says that corrupting it could earn at most (base units).
    pub profit_from_corruption: u128,
    /// Who gets the rest of a slash.
    pub recipient: Address,
    /// Who may veto a slash; the zero address for nobody.
    pub resolver: Address,
}

impl Terms {
    /// As a service answers.
    pub fn of(terms: &termsReturn) -> Self {
        Self {
            wads: terms.wads,
            challenger_share: terms.challengerShare,
            reward_rate: terms.rewardRate,
            profit_from_corruption: terms.profitFromCorruption,
            recipient: terms.recipient,
            resolver: terms.resolver,
        }
    }
}

/// What an account asks for that an operator lets slash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slash {
    /// Whom.
    pub operator: Address,
    /// Of what is left of its budget (wad).
    pub wad: u64,
    /// Who gets a part.
    pub challenger: Address,
    /// That part (wad).
    pub challenger_share: u64,
    /// Who gets the rest.
    pub recipient: Address,
    /// Who may veto it; the zero address for nobody.
    pub resolver: Address,
}

/// Announces other terms.
pub fn schedule_terms(service: &Service, terms: &Terms) -> Verb<scheduleTermsCall> {
    let call = scheduleTermsCall {
        wads: terms.wads,
        challengerShare: terms.challenger_share,
        rewardRate: terms.reward_rate,
        profitFromCorruption: terms.profit_from_corruption,
        recipient: terms.recipient,
        resolver: terms.resolver,
    };
    Verb::new(service.service_manager, call, &[TermsScheduled::SIGNATURE_HASH])
}

/// Names the contract that decides faults of a kind, for good.
pub fn name_judge(service: &Service, kind: u8, judge: Address) -> Verb<nameJudgeCall> {
    Verb::new(service.service_manager, nameJudgeCall { kind, judge }, &[JudgeNamed::SIGNATURE_HASH])
}

/// Takes announced terms back.
pub fn cancel_terms(service: &Service) -> Verb<cancelTermsCall> {
    Verb::new(service.service_manager, cancelTermsCall {}, &[TermsCancelled::SIGNATURE_HASH])
}

/// Announces what a token counts for a service (wad).
pub fn schedule_weight(service: &Service, token: Address, weight: u64) -> Verb<scheduleStrategyWeightCall> {
    let call = scheduleStrategyWeightCall { token, weight };
    Verb::new(service.registry, call, &[StrategyWeightScheduled::SIGNATURE_HASH])
}

/// Announces the weighted stake that an operator needs.
pub fn schedule_minimum_stake(service: &Service, minimum_stake: u128) -> Verb<scheduleMinimumStakeCall> {
    let call = scheduleMinimumStakeCall { minimumStake: minimum_stake };
    Verb::new(service.registry, call, &[MinimumStakeScheduled::SIGNATURE_HASH])
}

/// Announces the contract that decides which operators sign for a service; the zero address for none.
pub fn schedule_admission(service: &Service, admission: Address) -> Verb<scheduleAdmissionCall> {
    Verb::new(service.registry, scheduleAdmissionCall { admission }, &[AdmissionScheduled::SIGNATURE_HASH])
}

/// Freezes an operator that lets the sender slash, and requests its slash.
pub fn freeze(suite: &Suite, slash: &Slash) -> Verb<freezeOperatorCall> {
    let call = freezeOperatorCall {
        operator: slash.operator,
        wad: slash.wad,
        challenger: slash.challenger,
        challengerShare: slash.challenger_share,
        recipient: slash.recipient,
        resolver: slash.resolver,
    };
    Verb::new(suite.slasher, call, &[SlashRequested::SIGNATURE_HASH])
}

/// Pays what the TokenPool was allowed to take to the stakers of an operator.
pub fn pay(suite: &Suite, operator: Address, amount: u128) -> Verb<payRewardCall> {
    let call = payRewardCall { operator, token: suite.token, amount };
    Verb::new(suite.rewards, call, &[RewardPaid::SIGNATURE_HASH])
}
