//! Who owns what: nobody gains but by what is promised, nobody loses but by slashes of its own operators.

use super::{Seen, Step, ensure};
use crate::action::Action;
use crate::stage::Who;
use alloy::primitives::Address;
use arithmetic::receipt::VIRTUAL;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wide::mul_div_up;
use restake_model::{Bag, Protocol, Request, State};
use std::collections::{BTreeMap, BTreeSet};

/// What a step may cost its actor to rounding: one base unit for leaving a pool and one for joining another.
const DUST: u128 = 2;

/// Token, account => base units inside and outside of the protocol.
type Owned = BTreeMap<(Address, Address), u128>;

/// What everybody had.
#[derive(Debug, Clone, Default)]
pub(super) struct Wealth {
    had: Owned,
    pub(super) seen: Seen,
}

impl Wealth {
    pub(super) fn begin(&mut self, state: &Protocol) {
        self.had = owned(state);
    }

    pub(super) fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        let has = owned(step.after);
        let had = std::mem::replace(&mut self.had, has);
        match *step.action {
            Action::Execute { request, .. } => {
                slash_is_pro_rata(step, request)?;
                self.seen.commuted += u64::from(slashes_commute(step, request)?);
            }
            Action::Travel { .. } => {
                nobody_loses_by_waiting(&had, &self.had)?;
                streams(step)?;
            }
            _ => {
                no_profit(step, &had, &self.had)?;
                room(step)?;
            }
        }
        coalition(step, &had, &self.had)
    }
}

/// Everything that everybody owns.
fn owned(state: &Protocol) -> Owned {
    let mut all = Owned::new();
    for ((token, account), amount) in &state.tokens.balances {
        *all.entry((*token, *account)).or_default() += amount;
    }
    for (bag, owner) in state.ledger.positions.keys() {
        *all.entry((bag.token, *owner)).or_default() += state.ledger.worth(*bag, *owner, state.now).1;
    }
    for ((claimant, token, _), fund) in &state.ledger.funds {
        *all.entry((*token, *claimant)).or_default() += fund.amount;
    }
    let redeeming = state.receipts.redemptions.values().map(|redemption| redemption.account);
    for account in state.receipts.balances.keys().copied().chain(redeeming).collect::<BTreeSet<_>>() {
        *all.entry((state.setup.receipt.token, account)).or_default() += state.receipt_worth(account);
    }
    all
}

fn of(owned: &Owned, token: Address, account: Address) -> u128 {
    owned.get(&(token, account)).copied().unwrap_or(0)
}

/// What somebody gives away with a step.
fn gives(action: &Action) -> u128 {
    match *action {
        Action::Donate { amount, .. }
        | Action::Transfer { amount, .. }
        | Action::PayReward { amount, .. }
        | Action::StakeFor { amount, .. } => amount,
        Action::Deposit { who, amount, recipient, .. } if recipient != who => amount,
        // Whatever they are worth.
        Action::SendReceipts { .. } => u128::MAX,
        _ => 0,
    }
}

/// Who acts gains nothing, and nobody else loses.
fn no_profit(step: &Step<'_>, had: &Owned, has: &Owned) -> Result<(), String> {
    let actor = step.actor();
    let takes = match *step.action {
        Action::Complete { recipient, who, .. } | Action::CompleteBoth { recipient, who, .. } => recipient != who,
        _ => false,
    };
    let dust = match step.action {
        Action::StakeBoth { .. } | Action::QueueBoth { .. } | Action::CompleteBoth { .. } => 2 * DUST,
        Action::Deposit { amount, .. } => deposited(step.before, *amount),
        _ => DUST,
    };
    // What moves behind receipts and redemptions rounds what they are worth.
    let behind = match step.action {
        Action::StakeIdle { .. }
        | Action::Deposit { stakes: true, .. }
        | Action::Rebalance { .. }
        | Action::QueueWaiting { .. }
        | Action::Redeem { .. }
        | Action::Collect { .. }
        | Action::ClaimRedemption { .. } => rounded(step.after),
        _ => 0,
    };
    for token in step.stage.tokens {
        for account in Who::all().map(|who| step.stage.of(who)) {
            let (had, has) = (of(had, token, account), of(has, token, account));
            let receives = account != actor
                || matches!(*step.action, Action::PayReward { .. } | Action::StakeFor { .. } | Action::Transfer { .. });
            // Others gain what rounding leaves in their pool, or what they are given.
            let held = step.after.receipt_worth(account) != 0;
            // The floors of what receipts and positions are worth move apart by a base unit each.
            let slack = if receives {
                u128::MAX
            } else if held || behind != 0 {
                rounded(step.after)
            } else {
                0
            };
            ensure(has <= had.saturating_add(slack), || format!("{account} had {had} of {token} and has {has}"))?;
            let may_lose = match (account == actor, takes) {
                (false, _) => behind,
                (true, true) => u128::MAX,
                (true, false) => gives(step.action).saturating_add(dust).saturating_add(behind),
            };
            ensure(has >= had.saturating_sub(may_lose), || format!("{account} had {had} of {token}, now {has}"))?;
        }
    }
    Ok(())
}

/// What a deposit may lose to rounding: a receipt. Below the initial price nothing virtual is counted in what receipts
/// are worth, but in what is issued.
fn deposited(before: &Protocol, amount: u128) -> u128 {
    let (assets, supply) = (before.receipt_assets(), before.receipts.supply());
    if assets < supply {
        return mul_div_up(amount, VIRTUAL, assets + VIRTUAL).unwrap_or(amount).saturating_add(DUST);
    }
    DUST + (assets + VIRTUAL) / (supply + VIRTUAL)
}

/// What of a vault's gains nobody owns.
fn nobodys(state: &Protocol) -> u128 {
    let (assets, supply) = (state.receipt_assets(), state.receipts.supply());
    mul_div_up(assets.saturating_sub(supply), VIRTUAL, supply + VIRTUAL).unwrap_or(u128::MAX)
}

/// What moves behind receipts may round: a few base units with each operator, for each redemption.
fn rounded(after: &Protocol) -> u128 {
    let parts = after.receipts.redemptions.values().map(|redemption| redemption.parts.len()).sum::<usize>();
    3 * u128::try_from(parts + after.receipts.places.len() + 1).unwrap_or(0)
}

/// Time alone takes nothing from anybody.
fn nobody_loses_by_waiting(had: &Owned, has: &Owned) -> Result<(), String> {
    for ((token, account), had) in had {
        let has = of(has, *token, *account);
        ensure(has >= *had, || format!("{account} had {had} of {token} and waited: {has}"))?;
    }
    Ok(())
}

/// R8: a stream releases a tenth of its pool in an epoch at most, and of one epoch at most at once.
fn streams(step: &Step<'_>) -> Result<(), String> {
    for bag in step.before.ledger.streams.keys() {
        let pool = |state: &Protocol| step.before.ledger.at(*bag, state.now).assets;
        let (had, has) = (pool(step.before), pool(step.after));
        let passed = (step.after.now - step.before.now).min(EPOCH_SECONDS);
        let allowed = mul_div_up(had, passed.into(), u128::from(10 * EPOCH_SECONDS)).unwrap_or(u128::MAX);
        ensure(has - had <= allowed.saturating_add(1), || {
            format!("R8: {bag:?} had {had}, and {} came in {passed} seconds", has - had)
        })?;
    }
    Ok(())
}

/// R8: a reward that a pool has no room for is refused.
fn room(step: &Step<'_>) -> Result<(), String> {
    let Action::PayReward { operator, token, .. } = *step.action else { return Ok(()) };
    let bag = Bag::pool(step.stage.of(operator), step.stage.tokens[token]);
    let pool = step.after.ledger.at(bag, step.after.now);
    let streams = step.after.ledger.streams.get(&bag).map_or(0, |stream| stream.remaining);
    ensure(pool.assets.saturating_add(streams) <= pool.shares, || {
        format!("R8: {bag:?} of {pool:?} has no room for {streams}")
    })
}

/// The coalition gains what it is given, what streams into its pools, and what slashes take of others.
fn coalition(step: &Step<'_>, had: &Owned, has: &Owned) -> Result<(), String> {
    let members: Vec<Address> = Who::coalition().map(|who| step.stage.of(who)).collect();
    let ours = |owned: &Owned, token: Address| members.iter().map(|account| of(owned, token, *account)).sum::<u128>();
    let actor_is_ours = members.contains(&step.actor());
    for token in step.stage.tokens {
        // Each position may gain a base unit by what rounding leaves in its pool.
        let positions = step.after.ledger.positions.keys().filter(|(bag, _)| bag.token == token).count();
        let dust = u128::try_from(positions).unwrap_or(0) + DUST + rounded(step.after);
        let granted = match *step.action {
            Action::Travel { .. } => streamed(step, token),
            Action::Execute { .. } => {
                let people = Who::all().map(|who| step.stage.of(who)).filter(|account| !members.contains(account));
                let lost: u128 =
                    people.map(|account| of(had, token, account).saturating_sub(of(has, token, account))).sum();
                lost.saturating_add(nobodys(step.before))
            }
            Action::Complete { recipient, .. } | Action::CompleteBoth { recipient, .. } => {
                if recipient.is_coalition() && !actor_is_ours { u128::MAX } else { 0 }
            }
            _ if actor_is_ours => 0,
            Action::Deposit { amount, .. } => gives(step.action).saturating_add(deposited(step.before, amount)),
            _ => gives(step.action),
        };
        let (had, has) = (ours(had, token), ours(has, token));
        ensure(has <= had.saturating_add(granted).saturating_add(dust), || {
            format!("the coalition had {had} of {token} and has {has}, and was granted {granted}")
        })?;
    }
    Ok(())
}

/// What came into pools of a token from streams while time passed.
fn streamed(step: &Step<'_>, token: Address) -> u128 {
    let streams = step.before.ledger.streams.keys().filter(|bag| bag.token == token);
    let came = streams.map(|bag| {
        let pool = |time: u64| step.before.ledger.at(*bag, time).assets;
        pool(step.after.now) - pool(step.before.now)
    });
    came.sum()
}

/// A slash takes from each position of the operator its part, within a base unit, from what had left when the fault was
/// captured nothing, and from no other operator's.
fn slash_is_pro_rata(step: &Step<'_>, id: u64) -> Result<(), String> {
    let (before, after) = (step.before, step.after);
    let request = before.requests.get(id).ok_or("no such request")?;
    let taken = after.requests.get(id).map_or(0, |request| request.taken);
    for (bag, owner) in before.ledger.positions.keys() {
        let (shares, had) = before.ledger.worth(*bag, *owner, before.now);
        let (_, has) = after.ledger.worth(*bag, *owner, after.now);
        let at_stake = bag.operator == request.operator && bag.release.is_none_or(|epoch| epoch > request.captured);
        if !at_stake {
            ensure(has == had, || format!("{owner} had {had} in {bag:?}, which is not at stake, and has {has}"))?;
            continue;
        }
        // What was executed before and captured at or after its release a bucket has not felt.
        let executed = before.requests.executed(request.operator);
        let unfelt = executed.filter(|of| bag.release.is_some_and(|release| of.captured >= release));
        let whole = before.magnitude(request.operator) + unfelt.map(|of| of.taken).sum::<u64>();
        let pool = before.ledger.at(*bag, before.now);
        // By exact shares, because what a position is worth is rounded itself.
        let part = mul_div_up(pool.assets, taken.into(), whole.max(1).into()).unwrap_or(u128::MAX);
        let fair = mul_div_up(shares, part, pool.shares.max(1)).unwrap_or(u128::MAX);
        let lost = had - has.min(had);
        ensure(lost <= fair.saturating_add(1) && lost.saturating_add(1) >= fair.min(had), || {
            format!("{owner} had {had} in {bag:?} and has {has}: its part was {fair}")
        })?;
        ensure(has <= had, || format!("{owner} gained by a slash of {bag:?}: {had} and {has}"))?;
    }
    Ok(())
}

/// For stakers the order in which an operator's slashes are executed does not matter, but for one base unit each.
fn slashes_commute(step: &Step<'_>, id: u64) -> Result<bool, String> {
    let before = step.before;
    let request = *before.requests.get(id).ok_or("no such request")?;
    let ready = |of: &Request| {
        of.operator == request.operator
            && of.state == State::Open
            && of.executable_at <= before.now
            && before.now < before.expiry(of)
    };
    let other = (0..).zip(&before.requests.all).find(|(other, of)| *other != id && ready(of));
    // What shared requests take depends on what is beside the exclusive tier: not all of them are paid whole.
    let Some((other, _)) = other.filter(|(_, of)| of.exclusive && request.exclusive) else { return Ok(false) };
    let play = |order: [u64; 2]| {
        let mut state = before.clone();
        let executor = step.stage.of(Who(0));
        let done = order.map(|request| state.execute_slash(executor, request).is_ok());
        (done == [true, true]).then_some(state)
    };
    let (Some(one), Some(other)) = (play([id, other]), play([other, id])) else {
        return Err(format!("requests {id} and {other} cannot both be executed"));
    };
    for (bag, owner) in before.ledger.positions.keys() {
        let (a, b) = (one.ledger.worth(*bag, *owner, one.now).1, other.ledger.worth(*bag, *owner, other.now).1);
        ensure(a.abs_diff(b) <= DUST, || format!("{owner} has {a} or {b} in {bag:?} by the order of slashes"))?;
    }
    Ok(true)
}
