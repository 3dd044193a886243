//! R5: verdicts are about faults that happened, by keys and terms of their time, and only requests use them up.

use super::{Step, ensure};
use crate::action::Action;
use alloy::sol_types::SolEvent;
use interfaces::IDisputeResolution::ChallengeUpheld;

pub(super) fn check(step: &Step<'_>) -> Result<(), String> {
    used_up(step)?;
    opened(step)?;
    upheld(step)
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

/// An equivocation is two answers to one task of the past, signed with a key that the operator had then.
fn upheld(step: &Step<'_>) -> Result<(), String> {
    let Action::Accuse { service, operator, task, answers, signer, .. } = *step.action else { return Ok(()) };
    let upheld = step.logs.iter().any(|log| ChallengeUpheld::decode_log(log).is_ok());
    let key = step.before.registries[service].keys.get(&step.stage.key(signer).address());
    let had = key.is_some_and(|key| {
        key.operator == step.stage.of(operator) && key.from <= task.time && task.time <= key.until
    });
    let proven = answers.0 != answers.1 && had;
    ensure(upheld == proven, || format!("R5: {} was {}", step.action, if upheld { "upheld" } else { "rejected" }))?;
    let suspended = step.after.registries[service].members.get(&step.stage.of(operator));
    ensure(!upheld || suspended.is_some_and(|member| member.suspended_since != 0), || {
        format!("R6: a fault of {operator} was proven, and its signatures carry what they did")
    })
}
