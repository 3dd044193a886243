//! What a refusal means for whoever acted, and what to do about it.

mod disputes;
mod grants;

use crate::amounts::format;
use crate::chain::Chain;
use crate::people::People;
use crate::refusal::Refusal;
use crate::suite::Suite;
use crate::times::seen_from;
use alloy::primitives::U256;
use arithmetic::pause;
use arithmetic::time::LONGEST_QUEUE_REFUSAL_SECONDS;
use eyre::Result;
use interfaces::IAccess::{Paused, Unauthorized};
use interfaces::IDisputeResolution::WrongBond;
use interfaces::IERC20::{ERC20InsufficientAllowance, ERC20InsufficientBalance};
use interfaces::ILiquidRestakingToken::SharesBelowMinimum;
use interfaces::IRegistry::{AlreadyRegistered, NotRegistered, StakeBelowMinimum};
use interfaces::IRestakingVault::WorthBelowMinimum;
use interfaces::IRestakingWeights::NothingToDo;
use interfaces::ISlasher::{CommitmentAboveMax, NoOpenRequest, SlashNotExecutable, SlashRequestExpired};
use interfaces::IStrategyManager::{
    InsufficientShares, NoWithdrawal, NothingToClaim, OperatorIsFrozen, PoolDepleted, WithdrawalNotReady,
};
use interfaces::ITokenPool::{
    DepositTooLarge, FundsNotQueued, StrategyCapExceeded, StrategyIsClosed, StrategyNotListed, WithdrawalDeferredUntil,
};
use interfaces::{IGovernance, ILens};

/// The decimals of tokens and wads here.
const DECIMALS: u8 = 18;

fn tokens(amount: impl Into<U256>) -> String {
    format(amount.into(), DECIMALS)
}

fn percent(wad: u64) -> String {
    format!("{}%", format(U256::from(wad), DECIMALS - 2))
}

/// A sentence about a refusal: what stands in the way, and what to do; for refusals that say so by their name, that.
///
/// # Errors
/// If the chain cannot be asked.
pub async fn advice(chain: &Chain, suite: &Suite, people: &People, refusal: &Refusal) -> Result<String> {
    let now = chain.now().await?;
    let time = |seconds: u64| seen_from(seconds, now);
    if let Some(OperatorIsFrozen { operator }) = refusal.decode() {
        let status = chain.view(suite.lens, &ILens::operatorStatusCall { operator }).await?;
        let opens = status.frozenSince.saturating_add(LONGEST_QUEUE_REFUSAL_SECONDS);
        return Ok(format!(
            "{} is frozen since {} by {} open slash request(s): nothing joins its stake before they are closed, and \
             withdrawals can be queued again from {} at the latest",
            people.name(operator),
            time(status.frozenSince),
            status.openRequests,
            time(opens)
        ));
    }
    if let Some(Paused { action }) = refusal.decode() {
        let until = chain.view(suite.governance, &IGovernance::pausedCall {}).await?.until;
        let end = if until == 0 { "until it is unpaused".to_owned() } else { format!("until {}", time(until)) };
        return Ok(format!("{} is paused {end}", paused_action(action)));
    }
    Ok(about_time(refusal, &time)
        .or_else(|| grants::about_grants(refusal, people, &time))
        .or_else(|| disputes::about_time(refusal, &time))
        .or_else(|| disputes::about_evidence(refusal, people))
        .or_else(|| about_operators(refusal, people))
        .or_else(|| about_amounts(refusal, people))
        .unwrap_or_else(|| refusal.to_string()))
}

fn paused_action(action: u8) -> &'static str {
    match action {
        pause::STAKE => "staking",
        pause::DELEGATE => "delegating",
        pause::QUEUE => "queueing withdrawals",
        pause::COMPLETE => "completing withdrawals",
        pause::EXECUTE => "executing slashes",
        pause::OPT_IN => "opting in",
        _ => "this",
    }
}

fn about_time(refusal: &Refusal, time: &dyn Fn(u64) -> String) -> Option<String> {
    if let Some(WithdrawalNotReady { releaseTime }) = refusal.decode() {
        return Some(format!("not ready before {}: try again then", time(releaseTime)));
    }
    if let Some(WithdrawalDeferredUntil { readyAt }) = refusal.decode() {
        return Some(format!("its turn in the token's outflow queue comes at {}: try again then", time(readyAt)));
    }
    if let Some(SlashNotExecutable { executableAt }) = refusal.decode() {
        return Some(format!("the challenge period runs until {}: execute it then", time(executableAt)));
    }
    if let Some(SlashRequestExpired { expiredAt }) = refusal.decode() {
        return Some(format!("the request expired at {}: close it with `challenge close`", time(expiredAt)));
    }
    None
}

fn about_operators(refusal: &Refusal, people: &People) -> Option<String> {
    if let Some(CommitmentAboveMax { commitment, maxCommitment }) = refusal.decode() {
        return Some(format!(
            "the operator is committed to {} (announced raises count), more than the {} that you accept: choose \
             another operator, or accept more with --max-commitment",
            percent(commitment),
            percent(maxCommitment)
        ));
    }
    if let Some(AlreadyRegistered { operator }) = refusal.decode() {
        return Some(format!("{} serves already", people.name(operator)));
    }
    if let Some(NotRegistered { operator }) = refusal.decode() {
        return Some(format!("{} does not serve: register it first", people.name(operator)));
    }
    if let Some(Unauthorized { caller }) = refusal.decode() {
        return Some(format!("{} may not do this", people.name(caller)));
    }
    if let Some(NoOpenRequest { requestId }) = refusal.decode() {
        return Some(format!("request {requestId} is not open: never opened, or closed already"));
    }
    if refusal.decode::<NoWithdrawal>().is_some() {
        return Some("there is no withdrawal of this epoch: `staker position` lists them".to_owned());
    }
    if let Some(PoolDepleted { operator, .. }) = refusal.decode() {
        return Some(format!("slashes left nothing of the stake with {}: it takes no more", people.name(operator)));
    }
    if refusal.decode::<NothingToDo>().is_some() {
        return Some("everything is where it shall be, or cannot go there now".to_owned());
    }
    None
}

fn about_amounts(refusal: &Refusal, people: &People) -> Option<String> {
    if let Some(ERC20InsufficientBalance { sender, balance, needed }) = refusal.decode() {
        let (held, needed) = (tokens(balance), tokens(needed));
        return Some(format!("{} has {held} and needs {needed}", people.name(sender)));
    }
    if let Some(ERC20InsufficientAllowance { spender, allowance, needed }) = refusal.decode() {
        let (spender, allowed, needed) = (people.name(spender), tokens(allowance), tokens(needed));
        return Some(format!("{spender} may take {allowed} and needs {needed}: approve it with `token approve`"));
    }
    if let Some(InsufficientShares { have, want }) = refusal.decode() {
        return Some(format!("the position has {have} shares, fewer than {want}: max takes all"));
    }
    if let Some(StakeBelowMinimum { stake, minimum }) = refusal.decode() {
        return Some(format!(
            "the operator weighs {} and needs {}",
            tokens(U256::from(stake)),
            tokens(U256::from(minimum))
        ));
    }
    if refusal.decode::<NothingToClaim>().is_some() {
        return Some("there is nothing to claim now".to_owned());
    }
    if let Some(FundsNotQueued { amount }) = refusal.decode() {
        let amount = tokens(U256::from(amount));
        return Some(format!("{amount} has no turn in the token's outflow queue yet: take one first"));
    }
    if let Some(DepositTooLarge { amount, limit }) = refusal.decode() {
        let (amount, limit) = (tokens(U256::from(amount)), tokens(U256::from(limit)));
        return Some(format!("one deposit may bring {limit}, not {amount}: stake in parts"));
    }
    if let Some(StrategyCapExceeded { total, cap }) = refusal.decode() {
        let (total, cap) = (tokens(U256::from(total)), tokens(U256::from(cap)));
        return Some(format!("the protocol would hold {total} of the token, more than its cap of {cap}"));
    }
    if let Some(StrategyNotListed { token }) = refusal.decode() {
        return Some(format!("{} cannot be staked here", people.name(token)));
    }
    if let Some(StrategyIsClosed { token }) = refusal.decode() {
        return Some(format!("{} takes no new stake now", people.name(token)));
    }
    if let Some(WrongBond { sent, bond }) = refusal.decode() {
        return Some(format!("the bond is {} ETH, not {}", tokens(bond), tokens(sent)));
    }
    if let Some(SharesBelowMinimum { shares, minimum }) = refusal.decode() {
        let (shares, minimum) = (tokens(U256::from(shares)), tokens(U256::from(minimum)));
        return Some(format!("it would bring {shares} receipts, fewer than {minimum}"));
    }
    if let Some(WorthBelowMinimum { worth, minimum }) = refusal.decode() {
        let (worth, minimum) = (tokens(U256::from(worth)), tokens(U256::from(minimum)));
        return Some(format!("the receipts are worth {worth} with pending slashes, less than {minimum}"));
    }
    None
}
