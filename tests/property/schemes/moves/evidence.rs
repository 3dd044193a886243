//! Moves around what is proven, by which key and of what time.

use super::Move;
use crate::action::{Action, Key, Leaf, Task};
use crate::schemes::steps::{accuses, does, executes, waits, waits_epochs};
use crate::schemes::{DAY, Intent};
use crate::stage::{Service, Who};
use arithmetic::wad::ONE;

/// Takes another key in the second of a task, and signs with both.
pub(super) fn rotates_around_a_task(Move { operator, service, .. }: Move) -> Vec<Intent> {
    let rotates: Intent = Box::new(move |chooser| {
        let key = chooser.unused_key(service, operator);
        Some(Action::Rotate { who: operator, service, key })
    });
    vec![
        rotates,
        accuses(Who(0), service, operator, 0, None),
        accuses(Who::LOU, service, operator, 0, Some(Key { of: operator, number: 0 })),
        accuses(Who::LOU, service, operator, 1, Some(Key { of: operator, number: 1 })),
        waits(1),
        accuses(Who(0), service, operator, 0, Some(Key { of: operator, number: 0 })),
    ]
}

/// Proves a fault of its own of a task that is not set yet; somebody honest proves it again when it is.
pub(super) fn dates_evidence(Move { operator, service, seconds, .. }: Move) -> Vec<Intent> {
    let ahead = i64::try_from(seconds % (20 * DAY)).unwrap_or(0) + 1;
    vec![
        accuses(Who::LOU, service, operator, -ahead, None),
        waits(u64::try_from(ahead).unwrap_or(0)),
        accuses(Who(0), service, operator, 0, None),
        accuses(Who(0), service, operator, ahead.min(2), None),
    ]
}

/// Has evidence rejected with a key that is registered afterwards.
pub(super) fn is_rejected_first(Move { operator, service, .. }: Move) -> Vec<Intent> {
    vec![
        Box::new(move |chooser| {
            let signer = chooser.unused_key(service, operator);
            let task = Task { number: 8, time: chooser.model.now };
            let who = Who::LOU;
            Some(Action::Accuse { who, service, operator, task, answers: (1, 2), signer, bonded: true })
        }),
        Box::new(move |chooser| {
            let key = chooser.unused_key(service, operator);
            Some(Action::Rotate { who: operator, service, key })
        }),
        Box::new(move |chooser| {
            let time = chooser.model.now;
            let signer = chooser.signer(service, operator, time);
            let (who, task) = (Who(0), Task { number: 8, time });
            Some(Action::Accuse { who, service, operator, task, answers: (1, 2), signer, bonded: true })
        }),
    ]
}

/// Proves its own fault while next to nothing is granted, and grants more then.
pub(super) fn pays_in_advance(Move { operator, service, budget, .. }: Move) -> Vec<Intent> {
    let full = Service::Full(service);
    vec![
        does(Action::OptOut { who: operator, service: full }),
        waits_epochs(2, 0),
        does(Action::Release { who: operator, operator, service: full }),
        does(Action::OptIn { who: operator, service: full, wad: 1, exclusive: true }),
        does(Action::OptIn { who: operator, service: full, wad: ONE / 100, exclusive: true }),
        accuses(Who::LOU, service, operator, 0, None),
        does(Action::Raise { who: operator, service: full, wad: budget }),
        accuses(Who(0), service, operator, 1, None),
    ]
}

/// Is asked by itself for leaves of its own while its budget is used up.
pub(super) fn is_asked_for_leaves(Move { operator, service, .. }: Move) -> Vec<Intent> {
    let asks = move |index: u8| -> Intent {
        Box::new(move |chooser| {
            let task = Task { number: 9, time: chooser.model.now };
            let (leaf, signer) = (Leaf { index, of: 3 }, chooser.signer(service, operator, task.time));
            Some(Action::Ask { who: Who::LOU, service, operator, task, leaf, signer, bonded: true })
        })
    };
    let resolves: fn(usize) -> Intent = |service| {
        Box::new(move |chooser| {
            let mut challenges = (0..).zip(&chooser.model.disputes[service].challenges);
            let (challenge, _) = challenges.find(|(_, challenge)| challenge.state == 1)?;
            Some(Action::Resolve { who: Who(0), service, challenge })
        })
    };
    vec![
        asks(0),
        accuses(Who::LOU, service, operator, 0, None),
        asks(1),
        waits(DAY + 1),
        resolves(service),
        resolves(service),
        waits(2 * DAY),
        executes(operator),
        resolves(service),
        resolves(service),
    ]
}

/// Dates a fault back to milder terms.
pub(super) fn changes_terms(Move { operator, wad, seconds, .. }: Move) -> Vec<Intent> {
    let service = 1;
    vec![
        does(Action::ScheduleTerms { who: Who::LOU, service, wads: (wad, ONE / 7), share: 0, resolver: Who::SLY }),
        waits_epochs(5, seconds % DAY),
        accuses(Who(0), service, operator, i64::try_from(seconds % DAY).unwrap_or(0) + 1, None),
        accuses(Who(0), service, operator, 0, None),
    ]
}
