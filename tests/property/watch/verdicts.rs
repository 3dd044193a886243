//! R5: verdicts are about faults that happened, by keys and terms of their time, and only requests use them up.

use super::{Step, ensure};
use crate::action::{Action, Task};
use crate::stage::{Service, Stage, Who};
use alloy::sol_types::SolEvent;
use interfaces::IDisputeResolution::{BondWithdrawn, ChallengeUpheld};
use restake_model::Protocol;
use std::collections::BTreeSet;

/// Service, operator, task: equivocations for which a request was opened.
#[derive(Debug, Clone, Default)]
pub(super) struct Verdicts {
    proven: BTreeSet<(usize, Who, Task)>,
}

impl Verdicts {
    pub(super) fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        used_up(step)?;
        opened(step)?;
        applied(step)?;
        bonds(step)?;
        let Action::Accuse { service, operator, task, .. } = *step.action else { return Ok(()) };
        let upheld = upheld(step)?;
        if upheld {
            let is_new = self.proven.insert((service, operator, task));
            ensure(is_new, || format!("R5: {task} of {operator} was punished twice in service {service}"))?;
        }
        Ok(())
    }

    /// What is proven in time and was not punished is punished, as long as there is anything to take.
    pub(super) fn refused(&self, stage: &Stage, before: &Protocol, action: &Action) -> Result<(), String> {
        let Action::Accuse { service, operator, task, bonded: true, .. } = *action else { return Ok(()) };
        let (account, manager) = (stage.of(operator), stage.manager(Service::Full(service)));
        let grant = before.grants.of(account, manager);
        let takes = grant.budget != 0 && grant.until >= before.now;
        let deadline = task.time.saturating_add(stage.setup.services[service].evidence_window);
        let in_time = task.time <= before.now && before.now <= deadline;
        let is_on = before.terms[service].at(task.time).wads[0] != 0;
        let punished = self.proven.contains(&(service, operator, task));
        ensure(!(proves(stage, before, action) && takes && in_time && is_on) || punished, || {
            format!("R5: {action} is refused")
        })
    }
}

/// Whether an accusation is two answers to one task, signed with a key that the operator had then.
fn proves(stage: &Stage, before: &Protocol, action: &Action) -> bool {
    let Action::Accuse { service, operator, task, answers, signer, .. } = *action else { return false };
    let key = before.registries[service].keys.get(&stage.key(signer).address());
    let had =
        key.is_some_and(|key| key.operator == stage.of(operator) && key.from <= task.time && task.time <= key.until);
    answers.0 != answers.1 && had
}

/// A fault is used up only by a request that was opened for it, and a leaf by the challenge that asks for it.
fn used_up(step: &Step<'_>) -> Result<(), String> {
    for (before, after) in step.before.disputes.iter().zip(&step.after.disputes) {
        for (name, judged) in after.judged.iter().filter(|(name, _)| !before.judged.contains_key(*name)) {
            let request = judged.request.and_then(|id| step.after.requests.get(id));
            let opened = request.is_some_and(|request| request.operator == judged.operator);
            let asked = judged.challenge.and_then(|id| after.challenges.get(usize::try_from(id).ok()?));
            ensure(opened || asked.is_some_and(|of| of.operator == judged.operator), || {
                format!("R5: {name} cannot be judged any more, and nothing was opened for it")
            })?;
        }
        let forgotten = before.judged.keys().find(|name| !after.judged.contains_key(*name));
        ensure(forgotten.is_none(), || format!("R5: {forgotten:?} can be judged again"))?;
    }
    Ok(())
}

/// A request is about the past, and asks for the harsher of what the terms ask of its time and now.
fn opened(step: &Step<'_>) -> Result<(), String> {
    let service = match *step.action {
        Action::Accuse { service, .. } => Some((service, 0)),
        Action::Resolve { service, .. } => Some((service, 1)),
        _ => None,
    };
    for request in &step.after.requests.all[step.before.requests.all.len()..] {
        let (time, now) = (request.fault_time, request.captured_at);
        ensure(time <= now, || format!("R5: a fault of {time} was proven at {now}"))?;
        if let Some((service, kind)) = service {
            let (then, today) = (step.before.terms[service].at(time), step.before.terms[service].at(now));
            let (asked, harsher) = (then.wads[kind], then.wads[kind].max(today.wads[kind]));
            ensure(asked != 0, || format!("R5: a fault of kind {kind} was punished, which was off"))?;
            ensure(request.part == harsher, || {
                format!("R5: a fault costs {}, and the terms ask {harsher}", request.part)
            })?;
        }
    }
    Ok(())
}

/// An accusation is upheld if it proves a fault, and then the operator is suspended. Returns whether it was.
fn upheld(step: &Step<'_>) -> Result<bool, String> {
    let Action::Accuse { service, operator, .. } = *step.action else { return Ok(false) };
    let upheld = step.logs.iter().any(|log| ChallengeUpheld::decode_log(log).is_ok());
    let proven = proves(step.stage, step.before, step.action);
    ensure(upheld == proven, || format!("R5: {} was {}", step.action, if upheld { "upheld" } else { "rejected" }))?;
    let suspended = step.after.registries[service].members.get(&step.stage.of(operator));
    ensure(!upheld || suspended.is_some_and(|member| member.suspended_since != 0), || {
        format!("R6: a fault of {operator} was proven, and its signatures carry what they did")
    })?;
    Ok(upheld)
}

/// Limits come into force with their notice, or within an epoch, or not.
fn applied(step: &Step<'_>) -> Result<(), String> {
    let Action::ApplyLimits { token, .. } = *step.action else { return Ok(()) };
    let scheduled = step.before.governance.scheduled.get(&step.stage.tokens[token]);
    let in_time =
        scheduled.is_some_and(|of| (of.effective_at..of.effective_at + 7 * 24 * 60 * 60).contains(&step.after.now));
    ensure(in_time, || format!("limits of token {token} were in a drawer: {scheduled:?}"))
}

/// A bond goes whole to the challenger whose proof holds, or to the operator: at once to whom it is that acts.
fn bonds(step: &Step<'_>) -> Result<(), String> {
    let asked = |service: usize, id: u64| {
        let challenges = &step.before.disputes[service].challenges;
        usize::try_from(id).ok().and_then(|index| challenges.get(index))
    };
    let (service, winner) = match *step.action {
        Action::Accuse { service, operator, .. } => {
            let operator = step.stage.of(operator);
            (service, if proves(step.stage, step.before, step.action) { step.actor() } else { operator })
        }
        Action::Answer { service, challenge, .. } => {
            (service, asked(service, challenge).ok_or("no challenge")?.operator)
        }
        Action::Resolve { service, challenge, .. } => {
            (service, asked(service, challenge).ok_or("no challenge")?.challenger)
        }
        _ => return Ok(()),
    };
    let bond = step.stage.setup.services[service].bond;
    let paid = step.logs.iter().filter_map(|log| BondWithdrawn::decode_log(log).ok().map(|paid| paid.data));
    let mut expected = step.before.disputes[service].bonds.clone();
    let mut payments = Vec::new();
    if winner == step.actor() {
        payments.push(BondWithdrawn { account: winner, amount: bond, recipient: winner });
    } else {
        *expected.entry(winner).or_default() += bond;
    }
    let settled = step.after.disputes[service].bonds == expected && paid.collect::<Vec<_>>() == payments;
    ensure(settled, || format!("{}: the bond is not {winner}'s", step.action))
}
