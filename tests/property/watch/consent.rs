//! R3: nobody is slashed by what was not there, visible, when the stake was placed, unless there was time to leave.

use super::exits::Exits;
use super::{Seen, Step, ensure};
use crate::action::Action;
use crate::stage::Who;
use alloy::primitives::{Address, U256};
use alloy::sol_types::SolEvent;
use arithmetic::epoch;
use arithmetic::time::{EPOCH_SECONDS, LAPSE_SECONDS};
use arithmetic::wad::ONE;
use interfaces::IStrategyManager::{Delegated, Staked, WithdrawalRestaked};
use restake_model::{Protocol, State};
use std::collections::BTreeMap;

/// How much of a notice must have been time in which everybody could queue and be out of reach before its end: a week,
/// less what sampling misses.
const TIME_TO_LEAVE: u64 = 6 * 24 * 60 * 60;

/// What a staker accepted when it joined an operator: so much of the magnitude one may be lost, and so much is.
#[derive(Debug, Clone, Copy)]
struct Accepted {
    staker: Address,
    operator: Address,
    may_lose: u128,
    lost: u128,
}

/// What was announced when, and what stakers accepted.
#[derive(Debug, Clone, Default)]
pub(super) struct Consent {
    announced: BTreeMap<(Address, Address), u64>,
    accepted: Vec<Accepted>,
    pub(super) seen: Seen,
}

impl Consent {
    pub(super) fn check(&mut self, step: &Step<'_>, exits: &Exits) -> Result<(), String> {
        self.joins(step)?;
        self.growth(step, exits)?;
        self.losses(step)
    }

    /// Stake joins only whom nothing freezes, and who is committed to no more than the staker accepts.
    fn joins(&mut self, step: &Step<'_>) -> Result<(), String> {
        let max = match *step.action {
            Action::Stake { max, .. }
            | Action::StakeFor { max, .. }
            | Action::StakeWithPermit { max, .. }
            | Action::Delegate { max, .. }
            | Action::Restake { max, .. }
            | Action::StakeBoth { max, .. } => max,
            _ => return Ok(()),
        };
        for (staker, operator) in joined(step) {
            ensure(!step.before.is_frozen(operator), || format!("R4: {operator} was frozen, and {}", step.action))?;
            let (committed, magnitude) = commitment(step.after, operator);
            let exceeds = U256::from(committed) * U256::from(ONE) > U256::from(max) * U256::from(magnitude);
            // The losses that follow are the stronger statement, and this one the sooner. Commitments end at 2^64 - 1, so
            // whoever accepts that accepts everything.
            ensure(!exceeds || max == u64::MAX, || {
                format!("R3: {operator} is committed to {committed} of {magnitude}, and the staker accepted {max}")
            })?;
            if Who::honest_stakers().any(|who| step.stage.of(who) == staker) {
                let accepted = U256::from(max) * U256::from(magnitude) / U256::from(ONE) + U256::ONE;
                let accepts = if max == u64::MAX { u128::MAX } else { accepted.saturating_to() };
                let may_lose = u128::from(committed).min(accepts);
                self.accepted.push(Accepted { staker, operator, may_lose, lost: 0 });
            }
        }
        Ok(())
    }

    /// A budget grows at once only where nobody else has anything at stake, otherwise after a notice in which everybody
    /// could leave.
    fn growth(&mut self, step: &Step<'_>, exits: &Exits) -> Result<(), String> {
        let (before, after) = (step.before, step.after);
        for ((operator, service), grant) in &after.grants.all {
            let (operator, service) = (*operator, *service);
            let had = before.grants.of(operator, service);
            if grant.announced.is_some() && had.announced.is_none() {
                self.announced.insert((operator, service), after.now);
            }
            let raise = |of: &restake_model::Grant| of.announced.map_or(0, |announced| announced.raise);
            let raise = raise(grant).saturating_sub(raise(&had));
            let closed = back(before, after, operator, service);
            let grown = grant.budget.saturating_sub(had.budget.saturating_add(closed));
            self.permit_more(operator, u128::from(raise));
            if grown == 0 {
                continue;
            }
            match had.announced {
                None => {
                    self.seen.at_once += 1;
                    let foreign = has_others(before, operator);
                    ensure(!foreign && before.sums(operator).shared == 0, || {
                        format!("R3: {operator} granted {service} {grown} at once, with others' stake about")
                    })?;
                    self.permit_more(operator, u128::from(grown));
                }
                Some(announced) => {
                    self.seen.after_notice += 1;
                    let at = self.announced.get(&(operator, service)).copied().unwrap_or(announced.at);
                    // Who queues until then is released before a request of now reaches it.
                    let last = epoch::start(epoch::at(after.now)).saturating_sub(2 * EPOCH_SECONDS);
                    let open = exits.open_between(operator, at, last);
                    ensure(open >= TIME_TO_LEAVE, || {
                        format!("R3: a notice of {operator} to {service} left {open} seconds to leave")
                    })?;
                    let latest = at + 28 * 24 * 60 * 60 + exits.longest_refusal(after, operator, at) + LAPSE_SECONDS;
                    ensure(after.now < latest, || {
                        format!("R3: what {operator} announced at {at} was in a drawer until {}", after.now)
                    })?;
                }
            }
        }
        Ok(())
    }

    fn permit_more(&mut self, operator: Address, raise: u128) {
        for accepted in self.accepted.iter_mut().filter(|accepted| accepted.operator == operator) {
            accepted.may_lose += raise;
        }
    }

    /// Nobody loses more than what it accepted, and what was announced since.
    fn losses(&mut self, step: &Step<'_>) -> Result<(), String> {
        let after = step.after;
        let before = step.before;
        self.accepted
            .retain(|of| has_stake(before, of.operator, of.staker) || has_stake(after, of.operator, of.staker));
        let Action::Execute { request, .. } = *step.action else { return Ok(()) };
        let request = after.requests.get(request).ok_or("no such request")?;
        for accepted in self.accepted.iter_mut().filter(|accepted| accepted.operator == request.operator) {
            accepted.lost += u128::from(request.taken);
            self.seen.victims += u64::from(request.taken != 0);
            ensure(accepted.lost <= accepted.may_lose, || {
                format!("R3: more was taken than a staker accepted: {accepted:?}")
            })?;
        }
        Ok(())
    }
}

/// Who joined which operator in a step.
fn joined(step: &Step<'_>) -> Vec<(Address, Address)> {
    let of = |log| {
        let staked = Staked::decode_log(log).map(|event| (event.staker, event.operator));
        let delegated = || Delegated::decode_log(log).map(|event| (event.staker, event.operator));
        let restaked = || WithdrawalRestaked::decode_log(log).map(|event| (event.staker, event.newOperator));
        staked.or_else(|_| delegated()).or_else(|_| restaked()).ok()
    };
    step.logs.iter().filter_map(of).filter(|(_, operator)| !operator.is_zero()).collect()
}

/// What an operator has granted and announced, and its magnitude.
fn commitment(state: &Protocol, operator: Address) -> (u64, u64) {
    (state.sums(operator).committed(), state.magnitude(operator))
}

/// What vetoed and expired requests gave back to a grant in a step.
fn back(before: &Protocol, after: &Protocol, operator: Address, service: Address) -> u64 {
    let pairs = before.requests.all.iter().zip(&after.requests.all);
    let closed = pairs.filter(|(was, is)| was.state == State::Open && is.state == State::TakenBack);
    closed.filter(|(was, _)| (was.operator, was.service) == (operator, service)).map(|(was, _)| was.wad).sum()
}

/// Whether anybody else has something that a slash captured now would reach.
fn has_others(state: &Protocol, operator: Address) -> bool {
    let owners: Vec<Address> = state.ledger.positions.keys().map(|(_, owner)| *owner).collect();
    owners.into_iter().any(|owner| owner != operator && has_stake(state, operator, owner))
}

/// Whether somebody has something with an operator that a slash captured now would reach.
fn has_stake(state: &Protocol, operator: Address, owner: Address) -> bool {
    let this = epoch::at(state.now);
    let own = state.ledger.positions.keys().filter(|(bag, of)| bag.operator == operator && *of == owner);
    let mut reached = own.filter(|(bag, _)| bag.release.is_none_or(|release| release > this));
    reached.any(|(bag, _)| state.ledger.worth(*bag, owner, state.now).0 != 0)
}
