//! How a play ends: everybody honest leaves. What is open expires, then all queue what they have and take it in its
//! turn; no step of that may be refused.

use crate::action::Action;
use crate::schemes::NEEDED;
use crate::stage::{Stage, Who};
use alloy::primitives::Address;
use alloy::sol_types::SolError;
use arithmetic::epoch;
use interfaces::IStrategyManager::{AmountTooLarge, PoolDepleted};
use restake_model::{Bag, Model, State};

/// What is left to do until everybody is gone.
#[derive(Debug)]
pub(crate) struct Epilogue {
    /// Until when it may last (Unix seconds): the outflow queue of a token can be longer than programs live.
    ends: u64,
    queued: bool,
    waited: bool,
    tried: Vec<(Bag, Address)>,
}

impl Epilogue {
    pub(crate) fn new(ends: u64) -> Self {
        Self { ends, queued: false, waited: false, tried: Vec::new() }
    }

    /// The next step; none when nobody has anything to do any more.
    pub(crate) fn next(&mut self, model: &Model, stage: &Stage) -> Option<Action> {
        self.choose(model, stage).filter(|action| !matches!(action, Action::Travel { to } if *to > self.ends))
    }

    fn choose(&mut self, model: &Model, stage: &Stage) -> Option<Action> {
        let until = model.governance.until;
        if model.now < until && NEEDED.iter().any(|action| model.governance.is_paused(*action, model.now)) {
            return Some(Action::Travel { to: until });
        }
        let mut open = (0..).zip(&model.requests.all).filter(|(_, request)| request.state == State::Open);
        if let Some((request, of)) = open.next() {
            let to = model.expiry(of);
            return Some(if model.now < to { Action::Travel { to } } else { Action::Expire { who: Who(0), request } });
        }
        if !self.queued {
            if let Some(action) = self.position(model, stage, |bag| bag.release.is_none()) {
                return Some(action);
            }
            self.queued = true;
        }
        if !self.waited {
            self.waited = true;
            let turns = model.vault.deferrals.values().copied();
            let to = turns.chain([epoch::start(epoch::at(model.now) + 2)]).max().unwrap_or(0);
            return Some(Action::Travel { to });
        }
        self.position(model, stage, |bag| bag.release.is_some())
    }

    /// Queues, or takes, the next thing that somebody has.
    fn position(&mut self, model: &Model, stage: &Stage, of: impl Fn(&Bag) -> bool) -> Option<Action> {
        let worth = |bag: &Bag, owner: &Address| model.ledger.worth(*bag, *owner, model.now);
        let next = model.ledger.positions.keys().find(|(bag, owner)| {
            let owned = of(bag) && worth(bag, owner).1 != 0 && stage.who(*owner) != Who::NOBODY;
            owned && !self.tried.contains(&(*bag, *owner))
        });
        let (bag, owner) = *next?;
        self.tried.push((bag, owner));
        let (who, operator) = (stage.who(owner), stage.who(bag.operator));
        let token = stage.tokens.iter().position(|token| *token == bag.token)?;
        Some(match bag.release {
            None => Action::Queue { who, token, operator, shares: worth(&bag, &owner).0 },
            Some(epoch) => Action::Complete { who, token, operator, epoch, recipient: who },
        })
    }

    /// Whether a step may be refused: a bucket that was slashed to next to nothing takes nothing until the next epoch,
    /// and amounts have an end.
    ///
    /// # Errors
    /// It may not.
    pub(crate) fn forgives(action: &Action, revert: &[u8]) -> Result<(), String> {
        let limits = [PoolDepleted::SELECTOR, AmountTooLarge::SELECTOR];
        if limits.iter().any(|selector| revert.starts_with(selector)) {
            return Ok(());
        }
        Err(format!("invariant: R4: in the end nothing is in the way, and {action} is refused"))
    }
}
