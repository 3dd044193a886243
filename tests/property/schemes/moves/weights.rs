//! Moves around what operators weigh.

use super::Move;
use crate::action::Action;
use crate::schemes::steps::{accuses, does, executes, leaves, stakes, takes, updates, waits, waits_epochs};
use crate::schemes::{DAY, Intent};
use crate::stage::{Service, WHOLE, Who};
use arithmetic::epoch;
use arithmetic::time::CHALLENGE_PERIOD_SECONDS;

/// Is weighed in the last second of an epoch, leaves, and signs as long as the checkpoint counts.
pub(super) fn updates_at_the_edge(Move { operator, service, .. }: Move) -> Vec<Intent> {
    let edge: Intent =
        Box::new(|chooser| Some(Action::Travel { to: epoch::start(epoch::at(chooser.model.now) + 1) - 1 }));
    vec![
        stakes(Who::LOU, 0, operator, 100 * WHOLE),
        edge,
        updates(service, [operator, Who::OZ]),
        leaves(Who::LOU, 0, operator),
        leaves(operator, 0, operator),
        does(Action::OptOut { who: operator, service: Service::Full(service) }),
        waits_epochs(1, 3 * DAY - 1),
        waits(2 * DAY),
        accuses(Who(0), service, operator, i64::try_from(2 * DAY).unwrap_or(0), None),
        waits(CHALLENGE_PERIOD_SECONDS),
        executes(operator),
        waits_epochs(1, 0),
        takes(Who::LOU, operator, None),
    ]
}

/// Lets the checkpoints of others expire, and renews its own.
pub(super) fn lets_expire(Move { operator, service, .. }: Move) -> Vec<Intent> {
    vec![
        updates(service, [Who::OZ, Who(4)]),
        waits_epochs(1, 3 * DAY),
        updates(service, [operator, Who::NOBODY]),
        waits(DAY),
        updates(service, [Who::REX, Who::ROB]),
        updates(service, [Who::OZ, operator]),
    ]
}

/// The admission contract of its own service admits and refuses.
pub(super) fn is_admitted_and_not(Move { operator, .. }: Move) -> Vec<Intent> {
    let service = 1;
    let admits = |admitted| does(Action::Admit { who: Who::LOU, operator, admitted });
    vec![
        does(Action::SetAdmission { who: Who::LOU, service, asks: true }),
        admits(true),
        waits_epochs(4, 0),
        updates(service, [operator, Who::OZ]),
        admits(false),
        updates(service, [operator, Who::OZ]),
        waits_epochs(4, 1),
        updates(service, [operator, Who::OZ]),
        admits(true),
        updates(service, [operator, Who::OZ]),
    ]
}
