//! What must hold whatever happens: the invariants of the design, checked on the state that model and chain agree on, before and after each step.

use crate::action::Action;
use crate::model::{Model, NO_END, Request};
use crate::stage::Who;
use alloy::primitives::{Address, U256};
use arithmetic::epoch;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::{MAX_COMMITMENT, ONE};
use arithmetic::wide::mul_div_up;

/// What a step may cost its actor to rounding: one base unit for leaving a pool and one for joining another.
const DUST: u128 = 2;

/// All of them, after a step that went through.
///
/// # Errors
/// Names the one that is broken.
pub(crate) fn check(before: &Model, after: &Model, action: &Action) -> Result<(), String> {
    solvency(after)?;
    shares_are_owned(after)?;
    freezes(after)?;
    bonds(after)?;
    budgets(after)?;
    nothing_leaves_the_frozen(before, action)?;
    match action {
        Action::Execute { request, .. } => slash_is_pro_rata(before, after, *request)?,
        Action::Travel { .. } => nobody_loses_by_waiting(before, after)?,
        _ => no_profit(before, after, action)?,
    }
    if after.requests.all.len() > before.requests.all.len() {
        fault_is_still_covered(after)?;
    }
    slashes_commute(after)
}

/// The vault holds what is owed and what was given to it, to the unit.
fn solvency(model: &Model) -> Result<(), String> {
    for token in model.stage.tokens {
        let held = model.vault.held(token, model.stage.suite.token_pool);
        let (owed, given) = (model.ledger.owed(token), model.vault.donations.get(&token).copied().unwrap_or(0));
        ensure(held == owed + given, || {
            format!("the vault holds {held} of {token}, owes {owed} and was given {given}")
        })?;
    }
    Ok(())
}

/// A pool's shares are those of its positions, and they are worth no more than its assets.
fn shares_are_owned(model: &Model) -> Result<(), String> {
    for bag in model.ledger.bags.keys() {
        let owners = model.ledger.positions.keys().filter(|(of, _)| of == bag);
        let worth = owners.map(|(_, owner)| model.ledger.worth(*bag, *owner, model.now));
        let (shares, assets) = worth.fold((0, 0), |sum, (shares, assets)| (sum.0 + shares, sum.1 + assets));
        let pool = model.ledger.at(*bag, model.now);
        ensure(shares == pool.shares, || format!("{bag:?} has {} shares, its positions {shares}", pool.shares))?;
        ensure(assets <= pool.assets, || format!("{bag:?} has {} assets and owes {assets}", pool.assets))?;
        ensure(pool.assets <= pool.shares, || format!("a share of {bag:?} is worth more than a base unit"))?;
    }
    Ok(())
}

/// Frozen exactly while there is an open request; every one can be closed by anybody in time.
fn freezes(model: &Model) -> Result<(), String> {
    for operator in Who::all().map(|who| model.stage.of(who)) {
        let open = model.requests.open(operator).count();
        ensure(model.is_frozen(operator) == (open > 0), || format!("{operator} has {open} open requests"))?;
    }
    Ok(())
}

/// A service's ETH is the bonds to withdraw and those of open challenges.
fn bonds(model: &Model) -> Result<(), String> {
    for (service, disputes) in model.disputes.iter().enumerate() {
        let open = disputes.challenges.iter().filter(|challenge| challenge.state == 1).count();
        let owed: U256 = disputes.bonds.values().sum();
        let owed = owed + model.stage.parameters[service].bond * U256::from(open);
        let holder = model.stage.services[service].dispute_resolution;
        let held = model.eth.get(&holder).copied().unwrap_or_default();
        ensure(held == owed, || format!("service {service} holds bonds of {held} and owes {owed}"))?;
    }
    Ok(())
}

/// What a service took and can still take is at most what it was granted, and no operator is committed beyond the limit.
fn budgets(model: &Model) -> Result<(), String> {
    for ((operator, service), grant) in &model.grants.all {
        let requests = model.requests.all.iter().filter(|of| of.operator == *operator && of.service == *service);
        let taken: u128 = requests.filter(|of| model.counts(of)).map(|of| u128::from(of.wad)).sum();
        let all = taken + u128::from(grant.budget);
        ensure(all <= grant.granted, || format!("{service} has {all} of {} granted by {operator}", grant.granted))?;
        let commitment = model.grants.commitment(*operator);
        ensure(commitment <= MAX_COMMITMENT, || format!("{operator} is committed to {commitment}"))?;
        let bounded = grant.until == NO_END || grant.until <= model.now + EPOCH_SECONDS;
        ensure(bounded, || format!("{operator} cannot leave {service} within an epoch"))?;
    }
    Ok(())
}

/// While an operator is frozen nothing joins or leaves its stake, mature or not.
fn nothing_leaves_the_frozen(before: &Model, action: &Action) -> Result<(), String> {
    let operators = match *action {
        Action::Queue { operator, .. }
        | Action::Complete { operator, .. }
        | Action::Restake { operator, .. }
        | Action::Stake { operator, .. }
        | Action::Delegate { operator, .. } => [operator; 2],
        Action::StakeBoth { operators, .. } | Action::QueueBoth { operators, .. } => operators,
        _ => return Ok(()),
    };
    match operators.into_iter().find(|operator| before.is_frozen(before.stage.of(*operator))) {
        Some(operator) => Err(format!("{operator} was frozen, and {action} went through")),
        None => Ok(()),
    }
}

/// What people have of a token, inside and outside.
fn wealth(model: &Model, account: Address, token: Address) -> u128 {
    model.vault.held(token, account) + model.ledger.wealth(account, token, model.now)
}

/// Who acts gains nothing, all tokens of all people taken together gain nothing, and nobody else loses.
fn no_profit(before: &Model, after: &Model, action: &Action) -> Result<(), String> {
    let actor = crate::chain::sender(&before.stage, action).unwrap_or_default();
    let gives = match *action {
        Action::Donate { amount, .. } | Action::PayReward { amount, .. } | Action::StakeFor { amount, .. } => amount,
        _ => 0,
    };
    let takes = matches!(action, Action::Complete { recipient, who, .. } | Action::CompleteBoth { recipient, who, .. } if recipient != who);
    let dust = match action {
        Action::StakeBoth { .. } | Action::QueueBoth { .. } | Action::CompleteBoth { .. } => 2 * DUST,
        _ => DUST,
    };
    for token in after.stage.tokens {
        for account in Who::all().map(|who| after.stage.of(who)) {
            let (had, has) = (wealth(before, account, token), wealth(after, account, token));
            let receives = account != actor || matches!(action, Action::PayReward { .. } | Action::StakeFor { .. });
            // Others gain what rounding leaves in their pool, or what they are given.
            let slack = if receives { u128::MAX } else { 0 };
            ensure(has <= had.saturating_add(slack), || format!("{account} had {had} of {token} and has {has}"))?;
            let may_lose = match (account == actor, takes) {
                (false, _) => 0,
                (true, true) => u128::MAX,
                (true, false) => gives.saturating_add(dust),
            };
            ensure(has >= had.saturating_sub(may_lose), || format!("{account} had {had} of {token}, now {has}"))?;
        }
    }
    Ok(())
}

/// Time alone takes nothing from anybody.
fn nobody_loses_by_waiting(before: &Model, after: &Model) -> Result<(), String> {
    for token in after.stage.tokens {
        for account in Who::all().map(|who| after.stage.of(who)) {
            let (had, has) = (wealth(before, account, token), wealth(after, account, token));
            ensure(has >= had, || format!("{account} had {had} of {token} and waited: {has}"))?;
        }
    }
    Ok(())
}

/// A slash takes from each position of the operator its part and a base unit at most, from what had left when the fault was captured nothing, and from no other operator's.
fn slash_is_pro_rata(before: &Model, after: &Model, id: u64) -> Result<(), String> {
    let request = usize::try_from(id).ok().and_then(|index| before.requests.all.get(index)).ok_or("no such request")?;
    for (bag, owner) in before.ledger.positions.keys() {
        let (shares, had) = before.ledger.worth(*bag, *owner, before.now);
        let (_, has) = after.ledger.worth(*bag, *owner, after.now);
        let at_stake = bag.operator == request.operator && bag.release.is_none_or(|epoch| epoch > request.captured);
        if !at_stake {
            ensure(has == had, || format!("{owner} had {had} in {bag:?}, which is not at stake, and has {has}"))?;
            continue;
        }
        let pool = before.ledger.at(*bag, before.now);
        // By exact shares, because what a position is worth is rounded itself.
        let part = mul_div_up(pool.assets, u128::from(request.wad), u128::from(ONE)).unwrap_or(u128::MAX);
        let fair = mul_div_up(shares, part, pool.shares.max(1)).unwrap_or(u128::MAX);
        ensure(had - has.min(had) <= fair.saturating_add(1), || {
            format!("{owner} had {had} in {bag:?} and has {has}: its part was {fair}")
        })?;
        ensure(has <= had, || format!("{owner} gained by a slash of {bag:?}: {had} and {has}"))?;
    }
    Ok(())
}

/// What was at stake when the fault happened is still within reach when the operator is frozen for it within an epoch: the windows of a dispute leave a day of that in which to act.
fn fault_is_still_covered(model: &Model) -> Result<(), String> {
    let Some(request) = model.requests.all.last() else { return Ok(()) };
    if model.now > request.fault_time.saturating_add(EPOCH_SECONDS) {
        return Ok(());
    }
    let reach = epoch::slashable_releases(request.captured);
    let since = epoch::release_of(request.fault_time.min(model.now));
    for release in since..=epoch::release_of(model.now) {
        ensure(reach.contains(&release), || {
            format!(
                "what left after the fault is released in epoch {release}, which a slash captured in {} misses",
                request.captured
            )
        })?;
    }
    Ok(())
}

/// For stakers the order in which an operator's slashes are executed does not matter, but for one base unit each.
fn slashes_commute(model: &Model) -> Result<(), String> {
    for operator in Who::operators().map(|who| model.stage.of(who)) {
        let ready = |request: &Request| request.executable_at <= model.now && model.now < crate::model::expiry(request);
        let open: Vec<u64> = (0..)
            .zip(&model.requests.all)
            .filter(|(_, of)| of.operator == operator && model.is_open(of) && ready(of))
            .map(|(id, _)| id)
            .collect();
        let [first, second, ..] = open[..] else { continue };
        let play = |order: [u64; 2]| {
            let mut copy = model.clone();
            let done = order.map(|request| copy.play(&Action::Execute { who: Who(0), request }).is_ok());
            (done == [true, true]).then_some(copy)
        };
        let (Some(one), Some(other)) = (play([first, second]), play([second, first])) else {
            return Err(format!("requests {first} and {second} cannot both be executed"));
        };
        for (bag, owner) in model.ledger.positions.keys() {
            let (a, b) = (one.ledger.worth(*bag, *owner, one.now).1, other.ledger.worth(*bag, *owner, other.now).1);
            ensure(a.abs_diff(b) <= DUST, || format!("{owner} has {a} or {b} in {bag:?} by the order of slashes"))?;
        }
    }
    Ok(())
}

/// What a stranger does to let every frozen operator go: waits until all requests have expired, and closes them.
pub(crate) fn release_everybody(model: &Model) -> Vec<Action> {
    let open = || (0..).zip(&model.requests.all).filter(|(_, request)| model.is_open(request));
    let Some(to) = open().map(|(_, request)| crate::model::expiry(request)).max() else { return Vec::new() };
    let close = open().map(|(request, _)| Action::Expire { who: Who(6), request });
    [Action::Travel { to }].into_iter().chain(close).collect()
}

/// No path leaves an operator frozen for good.
///
/// # Errors
/// Names who is still frozen.
pub(crate) fn nobody_is_frozen(model: &Model) -> Result<(), String> {
    let frozen = Who::all().find(|who| model.is_frozen(model.stage.of(*who)));
    ensure(frozen.is_none(), || format!("{frozen:?} is still frozen when all requests have expired"))
}

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("invariant: {}", otherwise())) }
}
