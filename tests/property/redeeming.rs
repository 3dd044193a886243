//! What the coalition tries with receipts: freezes and slashes around redemptions of others, weights that change,
//! redemptions in the middle of everything.

use crate::action::Action;
use crate::schemes::{Intent, Move, executes, freezes, grants, leaves, stakes, vetoes, waits, waits_epochs};
use crate::stage::{WHOLE, Who};
use arithmetic::epoch;
use arithmetic::time::{CHALLENGE_PERIOD_SECONDS, EPOCH_SECONDS};
use arithmetic::wad::ONE;

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
    Box::new(move |_| Some(Action::Deposit { who, amount, recipient: who, min: 0 }))
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
