//! What is put in front of and behind a step of somebody else.

use crate::action::Action;
use crate::generate::Chooser;
use crate::schemes::Scheme;
use crate::schemes::steps::{accuses, claims, does, executes, freezes, grants, grows, leaves, updates, waits};
use crate::stage::{Service, Stage, Who};
use arithmetic::time::CHALLENGE_PERIOD_SECONDS;
use arithmetic::wad::ONE;
use restake_model::Model;

/// The operator whose stake, or whose fault, a step is about.
pub(super) fn concerns(model: &Model, stage: &Stage, action: &Action) -> Option<Who> {
    match *action {
        Action::Stake { operator, .. }
        | Action::Delegate { operator, .. }
        | Action::Restake { to: operator, .. }
        | Action::Queue { operator, .. }
        | Action::Complete { operator, .. }
        | Action::PayReward { operator, .. }
        | Action::Accuse { operator, .. }
        | Action::Ask { operator, .. } => Some(operator),
        Action::Update { operators: [operator, _], .. } => Some(operator),
        Action::Execute { request, .. } => model.requests.get(request).map(|request| stage.who(request.operator)),
        Action::Resolve { service, challenge, .. } => {
            let challenges = &model.disputes[service].challenges;
            let challenge = usize::try_from(challenge).ok().and_then(|index| challenges.get(index));
            challenge.map(|challenge| stage.who(challenge.operator))
        }
        _ => None,
    }
}

/// What is put in front of a proof: whatever could take its ground away.
pub(super) fn evades(chooser: &mut Chooser<'_>, operator: Who, service: usize) -> Scheme {
    let full = Service::Full(service);
    let step = match chooser.random.below(7) {
        0 => {
            let key = chooser.unused_key(service, operator);
            does(Action::Rotate { who: operator, service, key })
        }
        1 => does(Action::Deregister { who: operator, service }),
        2 => does(Action::OptOut { who: operator, service: full }),
        3 => accuses(Who::LOU, service, operator, 0, None),
        4 => freezes(operator, ONE, operator, Who::SLY),
        5 => leaves(operator, 0, operator),
        _ => updates(service, [operator, Who::OZ]),
    };
    Scheme::from([step])
}

/// What is put in front of a stake: something that its staker did not see.
pub(super) fn in_front(chooser: &mut Chooser<'_>, operator: Who) -> Scheme {
    let budget = chooser.budget();
    let step = match chooser.random.below(6) {
        0 | 1 => grants(operator, true, ONE),
        2 => grows(operator, budget),
        3 => {
            let service = Service::Account(Who::SLY);
            does(Action::Activate { who: Who::LOU, operator, service })
        }
        4 => freezes(operator, ONE, Who::LOU, Who::NOBODY),
        _ => executes(operator),
    };
    Scheme::from([step])
}

/// What is put behind it.
pub(super) fn behind(chooser: &mut Chooser<'_>, operator: Who) -> Scheme {
    let freeze = || freezes(operator, ONE, Who::LOU, Who::NOBODY);
    match chooser.random.below(4) {
        0 => Scheme::from([freeze()]),
        1 => Scheme::from([freeze(), waits(CHALLENGE_PERIOD_SECONDS), executes(operator), claims(Who::LOU)]),
        2 => Scheme::from([grants(operator, true, ONE), freeze()]),
        _ => Scheme::new(),
    }
}
