//! How a play ends: everybody honest leaves. What is open expires, then all queue what they have and take it in its
//! turn; no step of that may be refused.

use crate::action::Action;
use crate::schemes::NEEDED;
use crate::stage::{Stage, Who};
use alloy::primitives::Address;
use alloy::sol_types::SolError;
use arithmetic::epoch;
use interfaces::IRestakingVault::WorthNothing;
use interfaces::IStrategyManager::{AmountTooLarge, PoolDepleted};
use restake_model::{Bag, Model, State};

/// For how long a withdrawal is held beyond its release at most: nine epochs by its turn, or nine days by freezes.
const LONGEST_EPOCHS: u64 = 9;

/// What is left to do until everybody is gone.
#[derive(Debug)]
pub(crate) struct Epilogue {
    /// Until when it may last (Unix seconds): the outflow queue of a token can be longer than programs live.
    ends: u64,
    queued: bool,
    waited: bool,
    tried: Vec<(Bag, Address)>,
    redeemed: Vec<Address>,
    batches: Vec<(u64, u64)>,
    claimed: Vec<u64>,
}

impl Epilogue {
    pub(crate) fn new(ends: u64) -> Self {
        let (tried, redeemed, batches, claimed) = Default::default();
        Self { ends, queued: false, waited: false, tried, redeemed, batches, claimed }
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
            if let Some(action) = self.receipts(model, stage) {
                return Some(action);
            }
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
        let redemptions = &model.receipts.redemptions;
        if let Some(id) = redemptions.keys().copied().find(|id| !self.claimed.contains(id)) {
            self.claimed.push(id);
            return Some(Action::ClaimRedemption { who: Who(0), id });
        }
        self.position(model, stage, |bag| bag.release.is_some())
    }

    /// Redeems what somebody holds, or queues what still waits for that; first what the vault has not collected for
    /// long, which by now nothing holds.
    fn receipts(&mut self, model: &Model, stage: &Stage) -> Option<Action> {
        let (receipts, vault) = (&model.receipts, stage.setup.receipt.vault);
        let long_ago = epoch::at(model.now).saturating_sub(LONGEST_EPOCHS);
        let mut old = model.ledger.positions.keys().filter(|(bag, owner)| {
            let matured = bag.release.is_some_and(|release| release < long_ago);
            let worth = model.ledger.worth(*bag, *owner, model.now);
            *owner == vault && matured && worth.0 != 0 && !self.tried.contains(&(*bag, *owner))
        });
        if let Some((bag, owner)) = old.next() {
            self.tried.push((*bag, *owner));
            let operator = stage.who(bag.operator);
            return Some(Action::Collect { who: Who(0), operator, epoch: bag.release? });
        }
        let mut holders = receipts.balances.iter().filter(|(account, held)| {
            **held != 0 && stage.who(**account) != Who::NOBODY && !self.redeemed.contains(account)
        });
        if let Some((account, shares)) = holders.next() {
            self.redeemed.push(*account);
            return Some(Action::Redeem { who: stage.who(*account), shares: *shares, min: 0 });
        }
        let mut waiting = receipts
            .batches
            .iter()
            .filter(|(of, batch)| batch.queued.is_none() && batch.shares != 0 && !self.batches.contains(of));
        let ((id, period), _) = waiting.next()?;
        self.batches.push((*id, *period));
        let index = usize::try_from(id.checked_sub(1)?).ok()?;
        let operator = stage.who(*receipts.known.get(index)?);
        Some(Action::QueueWaiting { who: Who(0), operator, period: *period })
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
    /// amounts have an end, and receipts can be worth nothing.
    ///
    /// # Errors
    /// It may not.
    pub(crate) fn forgives(action: &Action, revert: &[u8]) -> Result<(), String> {
        let limits = [PoolDepleted::SELECTOR, AmountTooLarge::SELECTOR, WorthNothing::SELECTOR];
        if limits.iter().any(|selector| revert.starts_with(selector)) {
            return Ok(());
        }
        Err(format!("invariant: R4: in the end nothing is in the way, and {action} is refused"))
    }
}
