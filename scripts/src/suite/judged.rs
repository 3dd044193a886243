//! A service whose operators answer for their computations.

use super::for_services::bisection;
use super::{Parameters, Service};
use crate::actors::Actor;
use crate::build::Program;
use crate::chain::{Chain, event};
use alloy::primitives::{Address, U256};
use arithmetic::fault::MISCOMPUTATION;
use eyre::{OptionExt, Result};
use interfaces::IServiceManager::{TermsScheduled, nameJudgeCall, scheduleTermsCall};

/// Deploys a Bisection for a service with these parameters, which punish no computation, names it the judge of those,
/// and schedules terms that take the part `wad` of a budget for a wrong one: the bond (wei), and what each side has on
/// its clock (seconds). Returns where it is, and when the terms hold (Unix seconds).
///
/// # Errors
/// If the chain or a contract refuses.
pub async fn judge_computations(
    chain: &Chain,
    owner: &Actor,
    programs: &[Program],
    (service, parameters): (&Service, &Parameters),
    game: (U256, u64),
    wad: u64,
) -> Result<(Address, u64)> {
    let (from, manager) = (owner.address, service.service_manager);
    let judge = bisection(chain, from, programs, service, game).await?;
    let name = nameJudgeCall { kind: MISCOMPUTATION, judge };
    chain.send(from, manager, &name, U256::ZERO).await?;
    let mut wads = parameters.wads;
    *wads.get_mut(usize::from(MISCOMPUTATION)).ok_or_eyre("no such kind of fault")? = wad;
    let terms = scheduleTermsCall {
        wads,
        challengerShare: parameters.challenger_share,
        rewardRate: parameters.reward_rate,
        profitFromCorruption: parameters.profit_from_corruption,
        recipient: parameters.recipient,
        resolver: parameters.resolver,
    };
    let receipt = chain.send(from, manager, &terms, U256::ZERO).await?;
    let scheduled = event::<TermsScheduled>(&receipt, manager).ok_or_eyre("no TermsScheduled event")?;
    Ok((judge, scheduled.effectiveAt))
}
