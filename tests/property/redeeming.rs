//! What people do with receipts, and what the coalition tries: freezes and slashes around redemptions of others,
//! weights that change, redemptions in the middle of everything.

use crate::action::Action;
use crate::generate::Chooser;
use crate::schemes::{Intent, Move, executes, freezes, grants, leaves, stakes, vetoes, waits, waits_epochs};
use crate::stage::{WHOLE, Who};
use alloy::primitives::Address;
use arithmetic::epoch;
use arithmetic::time::{CHALLENGE_PERIOD_SECONDS, EPOCH_SECONDS};
use arithmetic::wad::ONE;
use restake_model::Bag;

/// All of them.
pub(crate) const MOVES: [fn(Move) -> Vec<Intent>; 6] = [
    freezes_in_front_of_a_redemption,
    slashes_behind_a_redemption,
    redeems_in_between,
    loses_its_weight,
    announces_more_than_agreed,
    takes_everything,
];

fn gov(action: impl Fn(Who) -> Action + 'static) -> Intent {
    Box::new(move |chooser| {
        let owner = chooser.stage.who(chooser.model.owner_of(chooser.stage.setup.receipt.weights));
        (owner != Who::NOBODY).then(|| action(owner))
    })
}

fn weighs(operator: Who, weight: u64, max: u64) -> Intent {
    gov(move |who| Action::WeighOperator { who, operator, weight, max })
}

fn deposits(who: Who, amount: u128) -> Intent {
    Box::new(move |_| Some(Action::Deposit { who, amount, recipient: who, min: 0, stakes: false }))
}

fn stakes_idle() -> Intent {
    Box::new(|_| Some(Action::StakeIdle { who: Who::LOU }))
}

fn rebalances() -> Intent {
    Box::new(|_| Some(Action::Rebalance { who: Who::LOU }))
}

/// Redeems so many percent of what somebody holds.
fn redeems(who: Who, percent: u128) -> Intent {
    Box::new(move |chooser| {
        let held = chooser.model.receipts.held(chooser.stage.of(who));
        (held != 0).then(|| Action::Redeem { who, shares: held / 100 * percent, min: 0 })
    })
}

/// Queues the first batch that waits.
fn queues_waiting() -> Intent {
    Box::new(|chooser| {
        let receipts = &chooser.model.receipts;
        let ((id, period), _) = receipts.batches.iter().find(|(_, batch)| batch.queued.is_none())?;
        let index = usize::try_from(id - 1).ok()?;
        let operator = chooser.stage.who(*receipts.known.get(index)?);
        Some(Action::QueueWaiting { who: Who::LOU, operator, period: *period })
    })
}

/// Collects the first withdrawal of the vault that has matured.
fn collects() -> Intent {
    Box::new(|chooser| {
        let (model, vault) = (chooser.model, chooser.stage.setup.receipt.vault);
        let this = epoch::at(model.now);
        let mut own = model.ledger.positions.keys().filter(|(_, owner)| *owner == vault);
        let (bag, _) = own.find(|(bag, _)| bag.release.is_some_and(|release| release <= this))?;
        let operator = chooser.stage.who(bag.operator);
        Some(Action::Collect { who: Who::LOU, operator, epoch: bag.release? })
    })
}

/// Claims a redemption that is due, for its account.
fn claims_redemption() -> Intent {
    Box::new(|chooser| {
        let this = epoch::at(chooser.model.now);
        let due = chooser.model.receipts.redemptions.iter().filter(|(_, of)| of.release <= this);
        let due: Vec<u64> = due.map(|(id, _)| *id).collect();
        let id = chooser.random.pick(&due)?;
        Some(Action::ClaimRedemption { who: Who::LOU, id })
    })
}

/// A vault that is staked with the operator, which let an account slash it before.
fn with_a_vault(operator: Who, weight: u64, exclusive: bool) -> Vec<Intent> {
    vec![
        stakes(operator, 0, operator, WHOLE),
        grants(operator, exclusive, ONE),
        weighs(operator, weight, u64::MAX),
        deposits(Who(0), 100 * WHOLE),
        deposits(Who::LOU, 60 * WHOLE),
        waits_epochs(4, 5),
        stakes_idle(),
    ]
}

/// The rest of a play with redemptions: what waits is queued, everything comes in, everybody is paid.
fn settles() -> Vec<Intent> {
    let mut steps = vec![queues_waiting(), queues_waiting(), waits_epochs(2, 60), collects()];
    steps.extend((0..4).map(|_| claims_redemption()));
    steps.extend([collects(), stakes_idle(), waits_epochs(2, 0)]);
    steps.extend((0..3).map(|_| claims_redemption()));
    steps
}

fn freezes_in_front_of_a_redemption(Move { operator, wad, exclusive, .. }: Move) -> Vec<Intent> {
    let mut steps = with_a_vault(operator, ONE / 2, exclusive);
    steps.extend([
        freezes(operator, wad, Who::LOU, Who::SLY),
        redeems(Who(0), 50),
        redeems(Who::LOU, 10),
        vetoes(operator),
        redeems(Who(0), 30),
    ]);
    steps.extend(settles());
    steps
}

fn slashes_behind_a_redemption(Move { operator, wad, exclusive, seconds, .. }: Move) -> Vec<Intent> {
    let mut steps = with_a_vault(operator, ONE, exclusive);
    steps.extend([
        redeems(Who(0), 40),
        freezes(operator, wad, Who::LOU, Who::NOBODY),
        redeems(Who::LOU, 100),
        waits(CHALLENGE_PERIOD_SECONDS.max(seconds % EPOCH_SECONDS)),
        deposits(Who(1), 20 * WHOLE),
        executes(operator),
        redeems(Who(1), 100),
    ]);
    steps.extend(settles());
    steps
}

fn redeems_in_between(Move { operator, .. }: Move) -> Vec<Intent> {
    let mut steps = with_a_vault(operator, ONE / 3, true);
    steps.extend([
        redeems(Who(0), 50),
        deposits(Who::LOU, 200 * WHOLE),
        redeems(Who(0), 20),
        stakes_idle(),
        redeems(Who::LOU, 80),
        waits(EPOCH_SECONDS),
        redeems(Who(0), 100),
    ]);
    steps.extend(settles());
    steps
}

fn loses_its_weight(Move { operator, wad, .. }: Move) -> Vec<Intent> {
    let mut steps = with_a_vault(operator, ONE / 2, true);
    steps.extend([
        weighs(operator, ONE / 5, u64::MAX),
        rebalances(),
        redeems(Who(0), 30),
        weighs(operator, 0, 0),
        freezes(operator, wad, Who::LOU, Who::SLY),
        rebalances(),
        vetoes(operator),
        rebalances(),
        redeems(Who::LOU, 30),
        waits_epochs(1, 0),
        redeems(Who(0), 50),
    ]);
    steps.extend(settles());
    steps
}

fn announces_more_than_agreed(Move { operator, wad, .. }: Move) -> Vec<Intent> {
    let mut steps = vec![weighs(operator, ONE / 2, ONE / 2), deposits(Who(0), 50 * WHOLE), waits_epochs(4, 5)];
    steps.extend([
        stakes_idle(),
        grants(operator, true, wad.max(ONE / 100)),
        rebalances(),
        stakes_idle(),
        redeems(Who(0), 50),
        rebalances(),
    ]);
    steps.extend(settles());
    steps
}

/// Everything with an operator is lost while a redemption waits there.
fn takes_everything(Move { operator, .. }: Move) -> Vec<Intent> {
    let mut steps = with_a_vault(operator, ONE / 2, true);
    steps.extend([
        freezes(operator, ONE, Who::LOU, Who::NOBODY),
        redeems(Who(0), 50),
        waits(CHALLENGE_PERIOD_SECONDS),
        executes(operator),
        redeems(Who(0), 50),
        leaves(operator, 0, operator),
    ]);
    steps.extend(settles());
    steps
}

impl Chooser<'_> {
    /// Holders of receipts, and whoever keeps the vault going.
    pub(crate) fn receipts(&mut self) -> Action {
        let (who, operator) = (self.somebody(), self.operator());
        let (receipts, token) = (&self.model.receipts, 0);
        let held = receipts.held(self.stage.of(who));
        match self.random.below(20) {
            0..=3 => {
                let amount = self.amount(who, token);
                let recipient = if self.random.one_in(6) { self.anybody() } else { who };
                let min = if self.random.one_in(8) { amount.saturating_add(1) } else { 0 };
                Action::Deposit { who, amount, recipient, min, stakes: self.random.one_in(2) }
            }
            4..=7 => {
                let holders: Vec<Address> = receipts.balances.iter().filter(|of| *of.1 != 0).map(|of| *of.0).collect();
                let holder = self.random.pick(&holders).map_or(who, |account| self.stage.who(account));
                let held = receipts.held(self.stage.of(holder));
                let shares = match self.random.below(8) {
                    0 => 0,
                    1 => 1,
                    2 => held.saturating_add(1),
                    3 => self.random.up_to(1_000),
                    4 | 5 => held,
                    _ => self.random.up_to(held),
                };
                let min = if self.random.one_in(8) { shares } else { 0 };
                Action::Redeem { who: holder, shares, min }
            }
            8 => Action::SendReceipts { who, to: self.anybody(), shares: self.random.up_to(held.saturating_add(1)) },
            9..=11 => {
                let this = epoch::at(self.model.now);
                let any = self.random.one_in(7);
                let due = |of: &&u64| any || receipts.redemptions[of].release <= this;
                let open: Vec<u64> = receipts.redemptions.keys().filter(due).copied().collect();
                let id = self.random.pick(&open).unwrap_or(0);
                Action::ClaimRedemption { who, id: if self.random.one_in(10) { id + 1 } else { id } }
            }
            12 => {
                let (this, vault) = (epoch::at(self.model.now), self.stage.setup.receipt.vault);
                let own = self.owned(|bag| bag.release.is_some_and(|release| release <= this));
                let own: Vec<Bag> = own.into_iter().filter(|of| of.1 == vault).map(|of| of.0).collect();
                match self.random.pick(&own) {
                    Some(Bag { operator, release: Some(epoch), .. }) if !self.random.one_in(8) => {
                        Action::Collect { who, operator: self.stage.who(operator), epoch }
                    }
                    _ => Action::Collect { who, operator, epoch: this + 2 - self.random.below(4) },
                }
            }
            13 => {
                let waiting: Vec<(u64, u64)> =
                    receipts.batches.iter().filter(|of| of.1.queued.is_none()).map(|of| *of.0).collect();
                let (operator, period) = match self.random.pick(&waiting) {
                    Some((id, period)) if !self.random.one_in(8) => {
                        let index = usize::try_from(id - 1).unwrap_or(0);
                        let known = receipts.known.get(index).copied().unwrap_or_default();
                        (self.stage.who(known), period)
                    }
                    _ => (operator, self.random.below(3)),
                };
                Action::QueueWaiting { who, operator, period }
            }
            14 | 15 => Action::StakeIdle { who },
            16 => Action::Rebalance { who },
            17 => Action::CancelWeight { who: self.owner_of_weights(), operator },
            _ => {
                let weight = self.random.pick(&[0, ONE / 4, ONE / 4, ONE / 3, ONE / 2, ONE]).unwrap_or(0);
                let max = if self.random.one_in(2) { u64::MAX } else { self.wad() };
                let operator = if self.random.one_in(10) { self.anybody() } else { operator };
                Action::WeighOperator { who: self.owner_of_weights(), operator, weight, max }
            }
        }
    }

    fn owner_of_weights(&mut self) -> Who {
        if self.random.one_in(8) { self.somebody() } else { Who::GOV }
    }
}
