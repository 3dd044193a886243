//! A service whose operators answer for their computations.

use super::Service;
use super::for_services::bisection;
use crate::build::Program;
use crate::chain::{Chain, event};
use alloy::primitives::{Address, U256};
use arithmetic::fault::MISCOMPUTATION;
use eyre::{OptionExt, Result};
use interfaces::IServiceManager::{TermsScheduled, nameJudgeCall, scheduleTermsCall, termsCall};

/// Deploys a Bisection for a service that punishes no computation, names it the judge of those, and schedules the terms
/// that there are with the part `wad` of a budget for a wrong one: the bond (wei), and what each side has on its clock
/// (seconds). Returns where it is, and when the terms hold (Unix seconds).
///
/// # Errors
/// If the chain or a contract refuses.
pub async fn judge_computations(
    chain: &Chain,
    owner: Address,
    programs: &[Program],
    service: &Service,
    game: (U256, u64),
    wad: u64,
) -> Result<(Address, u64)> {
    let manager = service.service_manager;
    let judge = bisection(chain, owner, programs, service, game).await?;
    chain.send(owner, manager, &nameJudgeCall { kind: MISCOMPUTATION, judge }, U256::ZERO).await?;
    let mut terms = chain.view(manager, &termsCall {}).await?;
    *terms.wads.get_mut(usize::from(MISCOMPUTATION)).ok_or_eyre("no such kind of fault")? = wad;
    let terms = scheduleTermsCall {
        wads: terms.wads,
        challengerShare: terms.challengerShare,
        rewardRate: terms.rewardRate,
        profitFromCorruption: terms.profitFromCorruption,
        recipient: terms.recipient,
        resolver: terms.resolver,
    };
    let receipt = chain.send(owner, manager, &terms, U256::ZERO).await?;
    let scheduled = event::<TermsScheduled>(&receipt, manager).ok_or_eyre("no TermsScheduled event")?;
    Ok((judge, scheduled.effectiveAt))
}
