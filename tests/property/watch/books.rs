//! The books: what is held and owed, shares, bonds, budgets, freezes.

use super::{Step, ensure};
use crate::action::Action;
use crate::stage::Stage;
use alloy::primitives::U256;
use arithmetic::epoch;
use arithmetic::wad::{MAX_COMMITMENT, ONE};
use restake_model::{Bag, NO_END, Protocol, State};
use std::collections::BTreeMap;

pub(super) fn check(step: &Step<'_>) -> Result<(), String> {
    solvency(step.stage, step.after)?;
    shares_are_owned(step.after)?;
    freezes(step.after)?;
    bonds(step.after)?;
    budgets(step.after)?;
    tiers(step)?;
    requests(step)
}

/// The vault holds what is owed and what was given to it, to the unit.
fn solvency(stage: &Stage, after: &Protocol) -> Result<(), String> {
    for token in stage.tokens {
        let held = after.tokens.held(token, stage.setup.contracts.token_pool);
        let (owed, given) = (after.ledger.owed(token), after.tokens.donations.get(&token).copied().unwrap_or(0));
        ensure(held == owed + given, || {
            format!("the vault holds {held} of {token}, owes {owed} and was given {given}")
        })?;
    }
    Ok(())
}

/// A pool's shares are those of its positions, and they are worth no more than its assets.
fn shares_are_owned(after: &Protocol) -> Result<(), String> {
    let mut sums: BTreeMap<Bag, (u128, u128)> = BTreeMap::new();
    for (bag, owner) in after.ledger.positions.keys() {
        let (shares, assets) = after.ledger.worth(*bag, *owner, after.now);
        let sum = sums.entry(*bag).or_default();
        *sum = (sum.0 + shares, sum.1 + assets);
    }
    for bag in after.ledger.bags.keys() {
        let (shares, assets) = sums.get(bag).copied().unwrap_or_default();
        let pool = after.ledger.at(*bag, after.now);
        ensure(shares == pool.shares, || format!("{bag:?} has {} shares, its positions {shares}", pool.shares))?;
        ensure(assets <= pool.assets, || format!("{bag:?} has {} assets and owes {assets}", pool.assets))?;
        ensure(pool.assets <= pool.shares, || format!("a share of {bag:?} is worth more than a base unit"))?;
    }
    Ok(())
}

/// Frozen exactly while there is an open request.
fn freezes(after: &Protocol) -> Result<(), String> {
    for (operator, freezes) in &after.requests.freezes {
        let open = after.requests.open(*operator).count();
        let runs = freezes.last().is_some_and(|freeze| freeze.until.is_none());
        let frozen = after.is_frozen(*operator);
        ensure(frozen == (open > 0) && runs == frozen, || format!("{operator} has {open} open requests"))?;
    }
    Ok(())
}

/// A service's ETH is the bonds to withdraw and those of open challenges.
fn bonds(after: &Protocol) -> Result<(), String> {
    for (service, disputes) in after.disputes.iter().enumerate() {
        let setup = &after.setup.services[service];
        let open = disputes.challenges.iter().filter(|challenge| challenge.state == 1).count();
        let owed: U256 = disputes.bonds.values().sum();
        let owed = owed + setup.bond * U256::from(open);
        let held = after.eth.get(&setup.contracts.dispute_resolution).copied().unwrap_or_default();
        ensure(held == owed, || format!("service {service} holds bonds of {held} and owes {owed}"))?;
    }
    Ok(())
}

/// What a service took and can still take is at most what it was granted, and no service keeps an operator.
fn budgets(after: &Protocol) -> Result<(), String> {
    for ((operator, service), grant) in &after.grants.all {
        let of = after.requests.all.iter().filter(|of| of.operator == *operator && of.service == *service);
        let of = of.filter(|of| of.captured_at >= grant.since && of.state != State::TakenBack);
        let all = of.map(|of| u128::from(of.wad)).sum::<u128>() + u128::from(grant.budget);
        ensure(all <= grant.granted, || format!("{service} has {all} of {} granted by {operator}", grant.granted))?;
        let bounded = grant.until == NO_END || grant.until < epoch::start(epoch::at(after.now) + 2);
        ensure(bounded, || format!("{operator} cannot leave {service} within an epoch"))?;
    }
    Ok(())
}

/// R1: exclusive budgets and requests never exceed the magnitude; a new grant or raise is no smaller than a hundredth
/// of it, and commits the operator to no more than the limit.
fn tiers(step: &Step<'_>) -> Result<(), String> {
    let after = step.after;
    let operators: std::collections::BTreeSet<_> = after.grants.all.keys().map(|(operator, _)| *operator).collect();
    for operator in operators {
        let (sums, magnitude) = (after.sums(operator), after.magnitude(operator));
        ensure(sums.exclusive <= magnitude, || {
            format!("R1: {operator} owes the exclusive tier {}, and has {magnitude}", sums.exclusive)
        })?;
    }
    let grown = match *step.action {
        Action::OptIn { who, service, .. } | Action::Raise { who, service, .. } => Some((who, service)),
        Action::Activate { operator, service, .. } => Some((operator, service)),
        _ => None,
    };
    let Some((operator, service)) = grown else { return Ok(()) };
    let (operator, service) = (step.stage.of(operator), step.stage.manager(service));
    let grant = after.grants.of(operator, service);
    let (size, magnitude) = (grant.budget + grant.announced.map_or(0, |of| of.raise), after.magnitude(operator));
    ensure(u128::from(size) * 100 >= u128::from(magnitude), || {
        format!("R1: {operator} granted {service} {size}, less than a hundredth of {magnitude}")
    })?;
    let committed = u128::from(after.sums(operator).committed()) * u128::from(ONE);
    ensure(committed <= u128::from(MAX_COMMITMENT) * u128::from(magnitude), || {
        format!("{operator} is committed to {committed} of {magnitude}")
    })
}

/// A request is of a budget, no smaller than a hundredth of it, and takes what it asks for if it is exclusive.
fn requests(step: &Step<'_>) -> Result<(), String> {
    for request in &step.after.requests.all[step.before.requests.all.len()..] {
        let had = step.before.grants.of(request.operator, request.service);
        let least = had.full.div_ceil(100).min(had.budget);
        ensure(request.wad >= least && request.wad <= had.budget, || {
            format!("R1: a request takes {} of a budget of {}, of {}", request.wad, had.budget, had.full)
        })?;
    }
    if let Action::Execute { request, .. } = *step.action {
        let request = step.after.requests.get(request).ok_or("no such request")?;
        ensure(request.taken == request.wad || !request.exclusive, || {
            format!("R1: an exclusive request for {} took {}", request.wad, request.taken)
        })?;
    }
    Ok(())
}
