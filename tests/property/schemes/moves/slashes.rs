//! Moves with grants and requests of its own.

use super::Move;
use crate::action::Action;
use crate::schemes::steps::{
    accuses, claims, does, executes, expires, freezes, grants, grows, leaves, stakes, takes, updates, vetoes, waits,
    waits_epochs,
};
use crate::schemes::{DAY, HOUR, Intent};
use crate::stage::{Service, WHOLE, Who};
use arithmetic::time::CHALLENGE_PERIOD_SECONDS;
use arithmetic::wad::ONE;

/// Opts in to an own service, freezes itself with itself as recipient, executes, claims.
pub(super) fn slashes_itself(Move { operator, wad, budget, exclusive, .. }: Move) -> Vec<Intent> {
    vec![
        stakes(operator, 0, operator, 50 * WHOLE),
        grants(operator, exclusive, budget),
        freezes(operator, wad, operator, Who::NOBODY),
        waits(CHALLENGE_PERIOD_SECONDS),
        executes(operator),
        claims(operator),
        claims(Who::LOU),
        waits_epochs(2, 0),
        claims(operator),
        claims(operator),
        claims(Who::LOU),
    ]
}

/// The same as a fast door out of a token that others run from, and again with the same money.
pub(super) fn slashes_itself_in_a_run(Move { operator, .. }: Move) -> Vec<Intent> {
    let mut steps = vec![
        stakes(Who::LOU, 2, operator, 200 * WHOLE),
        stakes(Who(0), 2, Who::NOBODY, 100 * WHOLE),
        grants(operator, true, ONE),
        leaves(Who(0), 2, Who::NOBODY),
    ];
    for _ in 0..3 {
        steps.extend([
            freezes(operator, ONE / 2, Who::LOU, Who::NOBODY),
            waits(CHALLENGE_PERIOD_SECONDS),
            executes(operator),
            claims(Who::LOU),
            claims(Who::LOU),
        ]);
    }
    steps.extend([waits_epochs(2, 0), claims(Who::LOU), claims(Who::LOU)]);
    steps
}

/// Freezes, has everybody's weight updated, and vetoes within one second.
pub(super) fn freezes_and_vetoes(Move { operator, service, wad, .. }: Move) -> Vec<Intent> {
    let mut steps = vec![grants(operator, true, ONE / 4), updates(service, [operator, Who::OZ])];
    for _ in 0..3 {
        steps.extend([
            freezes(operator, wad, Who::LOU, Who::SLY),
            updates(service, [operator, Who::OZ]),
            vetoes(operator),
            updates(service, [operator, Who::OZ]),
            waits(HOUR),
        ]);
    }
    steps
}

/// Proves its own fault to its own service, is weighed, vetoes what came of it, and is weighed again.
pub(super) fn vetoes_its_verdict(Move { operator, .. }: Move) -> Vec<Intent> {
    let service = 1;
    vec![
        updates(service, [operator, Who::OZ]),
        accuses(Who::LOU, service, operator, 0, None),
        updates(service, [operator, Who::OZ]),
        vetoes(operator),
        accuses(Who::LOU, service, operator, 1, None),
        updates(service, [operator, Who::OZ]),
        waits(HOUR),
        vetoes(operator),
        updates(service, [operator, Who::OZ]),
        accuses(Who(0), service, operator, 1, None),
    ]
}

/// Many small requests, so that the next is open before the last has expired.
pub(super) fn storms(Move { operator, seconds, .. }: Move) -> Vec<Intent> {
    let mut steps = vec![grants(operator, true, ONE)];
    for n in 0..16 {
        steps.push(freezes(operator, 1, Who::LOU, if n % 3 == 0 { Who::SLY } else { Who::NOBODY }));
        steps.push(waits(DAY + seconds % DAY));
        if n > 8 {
            steps.push(expires(operator));
        }
    }
    steps
}

/// Announces a raise, and freezes itself for as long as that takes, so that nobody can leave while the notice runs.
pub(super) fn freezes_a_notice(Move { operator, wad, seconds, .. }: Move) -> Vec<Intent> {
    let service = Service::Account(Who::SLY);
    let activate = || does(Action::Activate { who: Who::LOU, operator, service });
    vec![
        grants(operator, true, ONE / 10),
        stakes(Who(1), 0, operator, 10 * WHOLE),
        grows(operator, ONE / 2),
        freezes(operator, wad % (ONE / 10) + 1, Who::LOU, Who::NOBODY),
        waits(9 * DAY),
        expires(operator),
        waits(seconds % DAY),
        activate(),
        waits(12 * DAY),
        waits(7 * DAY),
        activate(),
        waits(9 * DAY),
        activate(),
        freezes(operator, ONE, Who::LOU, Who::NOBODY),
        waits(CHALLENGE_PERIOD_SECONDS),
        executes(operator),
    ]
}

/// Announces a grant, waits until nobody looks any more, and activates it behind a newcomer.
pub(super) fn keeps_in_a_drawer(Move { operator, budget, exclusive, .. }: Move) -> Vec<Intent> {
    let service = Service::Account(Who::SLY);
    vec![
        stakes(Who::LOU, 0, operator, WHOLE),
        grants(operator, exclusive, budget),
        waits(28 * DAY),
        waits(7 * DAY),
        stakes(Who(2), 0, operator, 10 * WHOLE),
        does(Action::Activate { who: Who::LOU, operator, service }),
        freezes(operator, ONE, Who::LOU, Who::NOBODY),
        waits(CHALLENGE_PERIOD_SECONDS),
        executes(operator),
        does(Action::ClearLapsed { who: Who::LOU, operator, service }),
    ]
}

/// Grants to one service exclusively and to another in the shared tier, and slashes by one before the other.
pub(super) fn has_two_tiers(Move { operator, wad, budget, service, .. }: Move) -> Vec<Intent> {
    let fund = Service::Account(Who::FUND);
    let fund_freezes = move |part: u64| {
        let (who, challenger, recipient, resolver) = (Who::FUND, Who(0), Who::FUND, Who::NOBODY);
        does(Action::Freeze { who, operator, wad: part, share: 0, challenger, recipient, resolver })
    };
    vec![
        does(Action::OptIn { who: operator, service: fund, wad: ONE / 2, exclusive: true }),
        grants(operator, false, ONE),
        fund_freezes(ONE),
        freezes(operator, wad, Who::LOU, Who::NOBODY),
        does(Action::OptIn { who: operator, service: Service::Full(service), wad: budget, exclusive: true }),
        waits(CHALLENGE_PERIOD_SECONDS),
        executes(operator),
        executes(operator),
        does(Action::Raise { who: operator, service: fund, wad: budget }),
        executes(operator),
    ]
}

/// Leaves a service and comes back with less.
pub(super) fn opts_in_again(Move { operator, budget, .. }: Move) -> Vec<Intent> {
    let service = Service::Account(Who::SLY);
    vec![
        grants(operator, true, budget),
        freezes(operator, ONE / 2, Who::LOU, Who::NOBODY),
        does(Action::OptOut { who: operator, service }),
        grants(operator, true, ONE / 100),
        does(Action::Release { who: operator, operator, service }),
        waits_epochs(2, 0),
        does(Action::Release { who: operator, operator, service }),
        expires(operator),
        does(Action::Release { who: operator, operator, service }),
        grants(operator, true, ONE / 100),
        grants(operator, true, 1),
    ]
}

/// Two services slash the same stake, captured in different epochs, with withdrawals queued between.
pub(super) fn crosses_epochs(Move { operator, wad, seconds, .. }: Move) -> Vec<Intent> {
    let fund = Service::Account(Who::FUND);
    let (who, challenger, recipient, resolver) = (Who::FUND, Who(0), Who::FUND, Who::NOBODY);
    vec![
        does(Action::OptIn { who: operator, service: fund, wad: ONE / 2, exclusive: true }),
        grants(operator, true, ONE / 2),
        stakes(Who(0), 0, operator, 30 * WHOLE),
        stakes(Who::LOU, 0, operator, 30 * WHOLE),
        does(Action::Queue { who: Who::LOU, token: 0, operator, shares: 10 * WHOLE * 1_000_000 }),
        waits_epochs(1, seconds % (5 * DAY)),
        does(Action::Freeze { who, operator, wad: ONE / 2, share: 0, challenger, recipient, resolver }),
        waits(4 * DAY),
        leaves(Who::LOU, 0, operator),
        waits(4 * DAY),
        freezes(operator, wad, Who::LOU, Who::NOBODY),
        waits(12 * HOUR),
        leaves(Who(0), 0, operator),
        waits(CHALLENGE_PERIOD_SECONDS - 12 * HOUR),
        executes(operator),
        executes(operator),
        takes(Who::LOU, operator, None),
    ]
}
