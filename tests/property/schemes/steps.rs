//! The steps of moves, decided when it is their turn.

use crate::action::{Action, Key, Task};
use crate::schemes::Intent;
use crate::stage::{Service, Who};
use arithmetic::epoch;
use arithmetic::wad::ONE;
use restake_model::State;

/// A step that is certain.
pub(crate) fn does(action: Action) -> Intent {
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
pub(crate) fn expires(operator: Who) -> Intent {
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
pub(crate) fn claims(claimant: Who) -> Intent {
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
pub(crate) fn grows(operator: Who, wad: u64) -> Intent {
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
pub(crate) fn takes(who: Who, operator: Who, again: Option<Who>) -> Intent {
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
pub(crate) fn updates(service: usize, operators: [Who; 2]) -> Intent {
    does(Action::Update { who: Who::LOU, service, operators })
}

/// Accuses an operator of two answers to a task set so many seconds ago, or later than now.
pub(crate) fn accuses(who: Who, service: usize, operator: Who, back: i64, key: Option<Key>) -> Intent {
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
