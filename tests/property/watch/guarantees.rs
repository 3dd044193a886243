//! R1: what a service of the exclusive tier counted, it can take.

use super::{Seen, Step, ensure};
use crate::action::Action;
use crate::stage::{LIMITS, Service, Stage, Who};
use alloy::primitives::{Address, Log};
use alloy::sol_types::SolEvent;
use arithmetic::time::LONGEST_DISPUTE_SECONDS;
use arithmetic::wad::ONE;
use arithmetic::wide::{mul_div_down, mul_div_up};
use interfaces::IStrategyManager::PoolSlashed;
use restake_model::{Bag, Protocol, Request, State};
use std::collections::BTreeMap;

/// How long after its verdict's last time a fault must be captured for the guarantee.
const DAY: u64 = 24 * 60 * 60;

/// What a service counted of an operator from a time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Counted {
    time: u64,
    budget: u64,
    magnitude: u64,
    stakes: [u128; LIMITS.len()],
    /// How many requests there had been, and how many had been executed.
    requests: usize,
    executions: usize,
}

/// What was counted, and what requests must take therefore.
#[derive(Debug, Clone, Default)]
pub(super) struct Guarantees {
    counted: BTreeMap<(Address, Address), Vec<Counted>>,
    promises: BTreeMap<u64, Vec<Counted>>,
    pub(super) seen: Seen,
}

impl Guarantees {
    pub(super) fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for (id, request) in (0..).zip(&step.after.requests.all).skip(step.before.requests.all.len()) {
            if request.exclusive {
                self.opened(step.after, id, request)?;
            }
        }
        if let Action::Execute { request, .. } = *step.action {
            self.executed(step, request)?;
        }
        self.note(step.stage, step.after);
        Ok(())
    }

    /// Remembers what is counted now.
    pub(super) fn note(&mut self, stage: &Stage, state: &Protocol) {
        for operator in Who::operators().map(|who| stage.of(who)) {
            let stake = |n: usize| state.ledger.at(Bag::pool(operator, stage.tokens[n]), state.now).assets;
            let stakes = std::array::from_fn(stake);
            for service in Service::ALL.map(|service| stage.manager(service)) {
                let now = Counted {
                    time: state.now,
                    budget: state.guarantee(operator, service).0,
                    magnitude: state.magnitude(operator),
                    stakes,
                    requests: state.requests.all.len(),
                    executions: state.requests.executions.len(),
                };
                let known = self.counted.entry((operator, service)).or_default();
                let same = known.last().is_some_and(|last| {
                    (last.budget, last.magnitude, last.stakes) == (now.budget, now.magnitude, now.stakes)
                });
                if !same && (now.budget != 0 || !known.is_empty()) {
                    known.push(now);
                }
            }
        }
    }

    /// What was counted at a time: at its end, and whatever was within its last second.
    fn at(&self, operator: Address, service: Address, time: u64) -> Vec<Counted> {
        let Some(known) = self.counted.get(&(operator, service)) else { return Vec::new() };
        let before = known.iter().rfind(|counted| counted.time < time);
        let within = known.iter().filter(|counted| counted.time == time);
        before.into_iter().chain(within).filter(|counted| counted.budget != 0).copied().collect()
    }

    /// A fault asks for at least what its terms say of what was counted at its time, or when the checkpoint was made
    /// that carried a signature then; less what the service itself took since, or holds open.
    fn opened(&mut self, after: &Protocol, id: u64, request: &Request) -> Result<(), String> {
        let Request { operator, service, fault_time, captured_at, wad, part, .. } = *request;
        if captured_at > fault_time.saturating_add(LONGEST_DISPUTE_SECONDS + DAY) {
            return Ok(());
        }
        let checkpoint = after.service_of(service).and_then(|number| {
            let checkpoint = after.registries[number].checkpoint_at(operator, fault_time)?;
            (checkpoint.signed_at(fault_time) != 0).then_some(checkpoint.time)
        });
        let times = [Some(fault_time), checkpoint];
        let mut counted: Vec<Counted> =
            times.into_iter().flatten().flat_map(|time| self.at(operator, service, time)).collect();
        counted.dedup();
        self.seen.guaranteed += u64::from(!counted.is_empty());
        for counted in &counted {
            let since = (0..).zip(&after.requests.all).skip(counted.requests).filter(|(other, _)| *other != id);
            let own = since.filter(|(_, of)| (of.operator, of.service) == (operator, service));
            let own = own.filter(|(_, of)| of.state != State::TakenBack).map(|(_, of)| of.wad).sum::<u64>();
            let asks = mul_div_up(counted.budget.into(), part.into(), ONE.into()).unwrap_or(u128::MAX);
            ensure(u128::from(wad) + u128::from(own) >= asks, || {
                format!("R1: a fault takes {wad}, its service took {own}, and its terms ask {asks} of {counted:?}")
            })?;
        }
        self.promises.insert(id, counted);
        Ok(())
    }

    /// It takes that part of what was at stake then, within one base unit a slash and bag.
    fn executed(&mut self, step: &Step<'_>, id: u64) -> Result<(), String> {
        let Some(promised) = self.promises.remove(&id) else { return Ok(()) };
        let request = step.after.requests.get(id).ok_or("no such request")?;
        let stakes = |counted: &Counted| counted.stakes.iter().any(|stake| *stake != 0);
        self.seen.taken += u64::from(promised.iter().any(stakes));
        let carried = |counted: &Counted| stakes(counted) && counted.time < request.fault_time;
        self.seen.carried += u64::from(promised.iter().any(carried));
        for counted in promised {
            let executions = step.after.requests.executions.len() - counted.executions;
            let slack = 7 * u128::try_from(executions).unwrap_or(0) + 1;
            for (token, stake) in step.stage.tokens.into_iter().zip(counted.stakes) {
                let taken = taken(step.logs, token);
                let owed = mul_div_down(stake, request.wad.into(), counted.magnitude.into()).unwrap_or(u128::MAX);
                ensure(taken + slack >= owed, || {
                    format!(
                        "R1: request {id} took {taken} of token {token}, and {owed} of what was counted: {counted:?}"
                    )
                })?;
            }
        }
        Ok(())
    }
}

/// What a slash took of a token.
fn taken(logs: &[Log], token: Address) -> u128 {
    let slashed = logs.iter().filter_map(|log| PoolSlashed::decode_log(log).ok());
    slashed.filter(|event| event.token == token).map(|event| event.fromPool + event.fromBuckets).sum()
}
