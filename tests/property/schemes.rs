//! What the coalition tries: moves of several steps, each a way in which somebody who sits on both sides once gained.
//! Between their steps everybody else goes on; and some of them are put in front of and behind a step of somebody else,
//! within its second.

use crate::action::{Action, Key, Leaf, Task};
use crate::generate::{Chooser, single};
use crate::random::Random;
use crate::redeeming;
use crate::stage::{Service, Stage, WHOLE, Who};
use arithmetic::time::{CHALLENGE_PERIOD_SECONDS, EPOCH_SECONDS};
use arithmetic::wad::ONE;
use arithmetic::{epoch, pause};
use restake_model::{Model, State};
use std::collections::VecDeque;

const DAY: u64 = 24 * 60 * 60;
const HOUR: u64 = 60 * 60;

/// How many moves the coalition makes at a time.
const AT_A_TIME: usize = 4;

/// A step that is decided when it is its turn; none is left out.
pub(crate) type Intent = Box<dyn Fn(&mut Chooser<'_>) -> Option<Action>>;
type Scheme = VecDeque<Intent>;

/// Who chooses the steps of a play.
pub(crate) struct Director {
    random: Random,
    running: Vec<Scheme>,
    /// What happens next, before anything else does.
    now: Scheme,
}

impl Director {
    pub(crate) fn new(seed: u64) -> Self {
        Self { random: Random(seed), running: Vec::new(), now: Scheme::new() }
    }

    /// The next step.
    pub(crate) fn next(&mut self, model: &Model, stage: &Stage) -> Action {
        loop {
            if let Some(intent) = self.now.pop_front() {
                match intent(&mut Chooser { model, stage, random: &mut self.random }) {
                    Some(action) => return action,
                    None => continue,
                }
            }
            if self.running.len() < AT_A_TIME && self.random.one_in(12) {
                let scheme = begin(&mut Chooser { model, stage, random: &mut self.random });
                self.running.push(scheme);
            }
            if !self.running.is_empty() && self.random.below(5) < 2 {
                let index = usize::try_from(self.random.below(4)).unwrap_or(0) % self.running.len();
                let scheme = &mut self.running[index];
                self.now.extend(scheme.pop_front());
                if scheme.is_empty() {
                    self.running.swap_remove(index);
                }
                continue;
            }
            let action = single(model, stage, &mut self.random);
            if !self.random.one_in(3) || !self.surround(model, stage, &action) {
                return action;
            }
        }
    }

    /// Puts something in front of and behind a step of somebody else that concerns an operator of the coalition.
    fn surround(&mut self, model: &Model, stage: &Stage, action: &Action) -> bool {
        let Some(operator) = concerns(model, stage, action).filter(|operator| operator.is_coalition()) else {
            return false;
        };
        if action.sender().is_none_or(Who::is_coalition) {
            return false;
        }
        let chooser = &mut Chooser { model, stage, random: &mut self.random };
        let mut steps = match *action {
            Action::Accuse { service, .. } | Action::Ask { service, .. } | Action::Resolve { service, .. } => {
                evades(chooser, operator, service)
            }
            Action::Execute { .. } => {
                Scheme::from([executes(operator), vetoes(operator), leaves(operator, 0, operator)])
            }
            _ => in_front(chooser, operator),
        };
        steps.push_back(does(*action));
        steps.extend(behind(chooser, operator));
        self.now = steps;
        true
    }
}

/// The operator whose stake, or whose fault, a step is about.
fn concerns(model: &Model, stage: &Stage, action: &Action) -> Option<Who> {
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
fn evades(chooser: &mut Chooser<'_>, operator: Who, service: usize) -> Scheme {
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

/// A step that is certain.
fn does(action: Action) -> Intent {
    Box::new(move |_| Some(action))
}

/// Waits, if somebody else's steps have not let as much time pass.
pub(crate) fn waits(seconds: u64) -> Intent {
    Box::new(move |chooser| Some(Action::Travel { to: chooser.model.now + seconds }))
}

/// Waits until some seconds after the beginning of the epoch that comes after so many.
pub(crate) fn waits_epochs(epochs: u64, seconds: u64) -> Intent {
    Box::new(move |chooser| {
        let to = epoch::start(epoch::at(chooser.model.now) + epochs) + seconds;
        Some(Action::Travel { to })
    })
}

/// Executes the first request against an operator that can be executed.
pub(crate) fn executes(operator: Who) -> Intent {
    Box::new(move |chooser| {
        let (model, stage) = (chooser.model, chooser.stage);
        let ready = (0..).zip(&model.requests.all).find(|(_, request)| {
            request.operator == stage.of(operator) && request.state == State::Open && request.executable_at <= model.now
        });
        ready.map(|(request, _)| Action::Execute { who: Who::LOU, request })
    })
}

/// Vetoes the last request against an operator.
pub(crate) fn vetoes(operator: Who) -> Intent {
    Box::new(move |chooser| {
        let of = (0..)
            .zip(&chooser.model.requests.all)
            .filter(|(_, request)| request.operator == chooser.stage.of(operator) && request.state == State::Open);
        of.last().map(|(request, _)| Action::Veto { who: Who::SLY, request })
    })
}

/// Closes a request against an operator that has expired.
fn expires(operator: Who) -> Intent {
    Box::new(move |chooser| {
        let (model, stage) = (chooser.model, chooser.stage);
        let expired = (0..).zip(&model.requests.all).find(|(_, request)| {
            let open = request.operator == stage.of(operator) && request.state == State::Open;
            open && model.now >= model.expiry(request)
        });
        expired.map(|(request, _)| Action::Expire { who: Who::LOU, request })
    })
}

/// Claims, or first queues, what somebody got last.
fn claims(claimant: Who) -> Intent {
    Box::new(move |chooser| {
        let (model, stage) = (chooser.model, chooser.stage);
        let mut funds = model.ledger.funds.iter();
        let ((_, token, epoch), fund) = funds.rfind(|((of, _, _), _)| *of == stage.of(claimant))?;
        let (who, epoch) = (Who::LOU, *epoch);
        let number = stage.tokens.iter().position(|known| known == token)?;
        if model.vault.outflow(*token) != 0 && fund.queued < fund.amount {
            return Some(Action::QueueFunds { who, token: number, claimant, epoch });
        }
        Some(Action::Claim { who, token: number, claimant, epoch })
    })
}

/// Freezes an operator by the account that is a service.
pub(crate) fn freezes(operator: Who, wad: u64, recipient: Who, resolver: Who) -> Intent {
    let (who, challenger) = (Who::SLY, Who::LOU);
    does(Action::Freeze { who, operator, wad, share: ONE / 10, challenger, recipient, resolver })
}

/// Opts in to the account that is a service, with as much as fits.
pub(crate) fn grants(operator: Who, exclusive: bool, wad: u64) -> Intent {
    does(Action::OptIn { who: operator, service: Service::Account(Who::SLY), wad, exclusive })
}

/// Raises what the account that is a service has already, or opts in to it.
fn grows(operator: Who, wad: u64) -> Intent {
    Box::new(move |chooser| {
        let service = Service::Account(Who::SLY);
        let (of, manager) = (chooser.stage.of(operator), chooser.stage.manager(service));
        let grant = chooser.model.grants.of(of, manager);
        Some(match grant.until {
            0 => Action::OptIn { who: operator, service, wad, exclusive: true },
            _ => Action::Raise { who: operator, service, wad: grant.budget.saturating_add(wad).min(ONE) },
        })
    })
}

/// Queues everything that somebody has with an operator in a token.
pub(crate) fn leaves(who: Who, token: usize, operator: Who) -> Intent {
    Box::new(move |chooser| {
        let bag = restake_model::Bag::pool(chooser.stage.of(operator), chooser.coin(token));
        let (shares, _) = chooser.model.ledger.worth(bag, chooser.stage.of(who), chooser.model.now);
        (shares != 0).then_some(Action::Queue { who, token, operator, shares })
    })
}

/// Takes, or stakes again, what somebody has queued first.
fn takes(who: Who, operator: Who, again: Option<Who>) -> Intent {
    Box::new(move |chooser| {
        let (account, of) = (chooser.stage.of(who), chooser.stage.of(operator));
        let mut waiting = chooser
            .model
            .ledger
            .positions
            .keys()
            .filter(|(bag, owner)| bag.operator == of && *owner == account && bag.release.is_some());
        let (bag, _) = waiting.next()?;
        let token = chooser.stage.tokens.iter().position(|token| *token == bag.token)?;
        let epoch = bag.release?;
        Some(match again {
            Some(to) => Action::Restake { who, token, operator, epoch, to, max: u64::MAX },
            None => Action::Complete { who, token, operator, epoch, recipient: who },
        })
    })
}

/// Updates two operators in a service.
fn updates(service: usize, operators: [Who; 2]) -> Intent {
    does(Action::Update { who: Who::LOU, service, operators })
}

/// Accuses an operator of two answers to a task set so many seconds ago, or later than now.
fn accuses(who: Who, service: usize, operator: Who, back: i64, key: Option<Key>) -> Intent {
    Box::new(move |chooser| {
        let time = chooser.model.now.saturating_add_signed(-back);
        let signer = key.unwrap_or_else(|| chooser.signer(service, operator, time));
        let task = Task { number: 7, time };
        Some(Action::Accuse { who, service, operator, task, answers: (1, 2), signer, bonded: true })
    })
}

pub(crate) fn stakes(who: Who, token: usize, operator: Who, amount: u128) -> Intent {
    does(Action::Stake { who, token, amount, operator, max: u64::MAX })
}

/// What is put in front of a stake: something that its staker did not see.
fn in_front(chooser: &mut Chooser<'_>, operator: Who) -> Scheme {
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
fn behind(chooser: &mut Chooser<'_>, operator: Who) -> Scheme {
    let freeze = || freezes(operator, ONE, Who::LOU, Who::NOBODY);
    match chooser.random.below(4) {
        0 => Scheme::from([freeze()]),
        1 => Scheme::from([freeze(), waits(CHALLENGE_PERIOD_SECONDS), executes(operator), claims(Who::LOU)]),
        2 => Scheme::from([grants(operator, true, ONE), freeze()]),
        _ => Scheme::new(),
    }
}

/// One of the moves.
fn begin(chooser: &mut Chooser<'_>) -> Scheme {
    let operator = if chooser.random.one_in(2) { Who::REX } else { Who::ROB };
    let service = usize::try_from(chooser.random.below(2)).unwrap_or(0);
    let wad = chooser.wad().clamp(1, ONE);
    let budget = chooser.budget();
    let moves: [fn(Move) -> Vec<Intent>; 21] = [
        slashes_itself,
        slashes_itself_in_a_run,
        freezes_and_vetoes,
        vetoes_its_verdict,
        storms,
        freezes_a_notice,
        keeps_in_a_drawer,
        queues_and_restakes,
        rotates_around_a_task,
        dates_evidence,
        is_rejected_first,
        pays_in_advance,
        updates_at_the_edge,
        lets_expire,
        has_two_tiers,
        opts_in_again,
        fills_a_pool,
        crosses_epochs,
        is_asked_for_leaves,
        changes_terms,
        is_admitted_and_not,
    ];
    let with_receipts = chooser.random.one_in(3);
    let chosen = chooser.random.pick(if with_receipts { &redeeming::MOVES[..] } else { &moves[..] });
    let chosen = chosen.unwrap_or(slashes_itself);
    let seconds = chooser.random.below(2 * EPOCH_SECONDS);
    chosen(Move { operator, service, wad, budget, seconds, exclusive: !chooser.random.one_in(3) }).into()
}

/// What a move is about.
#[derive(Clone, Copy)]
pub(crate) struct Move {
    pub(crate) operator: Who,
    pub(crate) service: usize,
    pub(crate) wad: u64,
    pub(crate) budget: u64,
    pub(crate) seconds: u64,
    pub(crate) exclusive: bool,
}

/// Opts in to an own service, freezes itself with itself as recipient, executes, claims.
fn slashes_itself(Move { operator, wad, budget, exclusive, .. }: Move) -> Vec<Intent> {
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
fn slashes_itself_in_a_run(Move { operator, .. }: Move) -> Vec<Intent> {
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
fn freezes_and_vetoes(Move { operator, service, wad, .. }: Move) -> Vec<Intent> {
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
fn vetoes_its_verdict(Move { operator, .. }: Move) -> Vec<Intent> {
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
fn storms(Move { operator, seconds, .. }: Move) -> Vec<Intent> {
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
fn freezes_a_notice(Move { operator, wad, seconds, .. }: Move) -> Vec<Intent> {
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
fn keeps_in_a_drawer(Move { operator, budget, exclusive, .. }: Move) -> Vec<Intent> {
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

/// Idle stake that queues and is staked again, so that the queue fills with money that never leaves.
fn queues_and_restakes(Move { seconds, .. }: Move) -> Vec<Intent> {
    let (who, idle) = (Who::LOU, Who::NOBODY);
    let mut steps = vec![stakes(who, 2, idle, 150 * WHOLE)];
    for _ in 0..4 {
        steps.extend([leaves(who, 2, idle), waits_epochs(2, seconds % 3), takes(who, idle, Some(idle))]);
    }
    steps.extend([leaves(who, 2, idle), waits_epochs(2, 0), takes(who, idle, None)]);
    steps
}

/// Takes another key in the second of a task, and signs with both.
fn rotates_around_a_task(Move { operator, service, .. }: Move) -> Vec<Intent> {
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
fn dates_evidence(Move { operator, service, seconds, .. }: Move) -> Vec<Intent> {
    let ahead = i64::try_from(seconds % (20 * DAY)).unwrap_or(0) + 1;
    vec![
        accuses(Who::LOU, service, operator, -ahead, None),
        waits(u64::try_from(ahead).unwrap_or(0)),
        accuses(Who(0), service, operator, 0, None),
        accuses(Who(0), service, operator, ahead.min(2), None),
    ]
}

/// Has evidence rejected with a key that is registered afterwards.
fn is_rejected_first(Move { operator, service, .. }: Move) -> Vec<Intent> {
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
fn pays_in_advance(Move { operator, service, budget, .. }: Move) -> Vec<Intent> {
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

/// Is weighed in the last second of an epoch, leaves, and signs as long as the checkpoint counts.
fn updates_at_the_edge(Move { operator, service, .. }: Move) -> Vec<Intent> {
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
fn lets_expire(Move { operator, service, .. }: Move) -> Vec<Intent> {
    vec![
        updates(service, [Who::OZ, Who(4)]),
        waits_epochs(1, 3 * DAY),
        updates(service, [operator, Who::NOBODY]),
        waits(DAY),
        updates(service, [Who::REX, Who::ROB]),
        updates(service, [Who::OZ, operator]),
    ]
}

/// Grants to one service exclusively and to another in the shared tier, and slashes by one before the other.
fn has_two_tiers(Move { operator, wad, budget, service, .. }: Move) -> Vec<Intent> {
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
fn opts_in_again(Move { operator, budget, .. }: Move) -> Vec<Intent> {
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

/// A pool of dust, and a reward that would bring a share to its cap.
fn fills_a_pool(Move { operator, seconds, .. }: Move) -> Vec<Intent> {
    let token = usize::try_from(seconds % 3).unwrap_or(0);
    let pays = |amount| does(Action::PayReward { who: Who::LOU, operator, token, amount });
    vec![
        stakes(Who::LOU, token, operator, 1),
        pays(1_000_000_000_000),
        pays(999_999),
        pays(1),
        waits(1),
        stakes(Who(0), token, operator, 1_000_000),
        waits(EPOCH_SECONDS / 2),
        pays(1_000),
        waits(EPOCH_SECONDS),
        leaves(Who::LOU, token, operator),
    ]
}

/// Two services slash the same stake, captured in different epochs, with withdrawals queued between.
fn crosses_epochs(Move { operator, wad, seconds, .. }: Move) -> Vec<Intent> {
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

/// Is asked by itself for leaves of its own while its budget is used up.
fn is_asked_for_leaves(Move { operator, service, .. }: Move) -> Vec<Intent> {
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
fn changes_terms(Move { operator, wad, seconds, .. }: Move) -> Vec<Intent> {
    let service = 1;
    vec![
        does(Action::ScheduleTerms { who: Who::LOU, service, wads: (wad, ONE / 7), share: 0, resolver: Who::SLY }),
        waits_epochs(5, seconds % DAY),
        accuses(Who(0), service, operator, i64::try_from(seconds % DAY).unwrap_or(0) + 1, None),
        accuses(Who(0), service, operator, 0, None),
    ]
}

/// The admission contract of its own service admits and refuses.
fn is_admitted_and_not(Move { operator, .. }: Move) -> Vec<Intent> {
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

/// Bounded pauses, the actions of which somebody needs to leave.
pub(crate) const NEEDED: [u8; 3] = [pause::QUEUE, pause::COMPLETE, pause::EXECUTE];
