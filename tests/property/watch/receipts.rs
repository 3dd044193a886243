//! R9: receipts and redemptions own what they own in kind, whatever order things happen in.

use super::{Step, ensure};
use crate::action::Action;
use alloy::primitives::{Address, U256};
use alloy::sol_types::SolEvent;
use arithmetic::epoch;
use arithmetic::receipt::VIRTUAL;
use arithmetic::redemption::{WAITING, queued_units};
use arithmetic::wad::ONE;
use interfaces::IStrategyManager::Staked;
use restake_model::{Bag, Protocol, Receipts};
use std::collections::BTreeMap;

pub(super) fn check(step: &Step<'_>) -> Result<(), String> {
    books(step.after)?;
    price(step)?;
    weights(step)
}

/// The vault holds what is idle and what came in for redemptions, to the unit; and what redemptions own of each bucket
/// and each pool is there, unless a slash took all of it.
fn books(after: &Protocol) -> Result<(), String> {
    let (of, receipts) = (after.setup.receipt, &after.receipts);
    let held = after.tokens.held(of.token, of.vault);
    ensure(held == receipts.idle + receipts.pots_total, || {
        format!("R9: the vault holds {held}: {} idle, {} for redemptions", receipts.idle, receipts.pots_total)
    })?;
    let pots: u128 = receipts.pots.values().map(|pot| pot.amount).sum();
    ensure(pots == receipts.pots_total, || format!("R9: {pots} in pots, {} noted", receipts.pots_total))?;
    let (buckets, waiting) = owned(receipts);
    for (batch, units) in &waiting {
        let shares = receipts.batches.get(batch).map_or(0, |batch| batch.shares);
        ensure(*units <= shares, || format!("R9: {units} wait in {batch:?} of {shares}"))?;
    }
    for place in &receipts.places {
        let unqueued = receipts.batches.iter().filter(|(of, batch)| of.0 == place.id && batch.queued.is_none());
        let apart: u128 = unqueued.map(|(_, batch)| batch.shares).sum();
        ensure(apart == place.set_apart, || format!("R9: {apart} wait with {place:?}"))?;
    }
    for ((id, release), units) in buckets {
        let operator = receipts.known[usize::try_from(id - 1).unwrap_or(usize::MAX)];
        let bucket = after.ledger.at(Bag::pool(operator, of.token).bucket(release), after.now);
        if bucket.generation != 0 {
            // A slash took its last base unit, and what redemptions owned of that counts again: dust.
            continue;
        }
        let place = receipts.places.iter().find(|place| place.id == id);
        let transits = place.into_iter().flat_map(|place| place.transits.iter().flatten());
        let own: u128 = transits.filter(|(at, _)| *at == release).map(|(_, own)| *own).sum();
        let there = match receipts.pots.get(&(id, release)) {
            Some(pot) if pot.shares != 0 => pot.shares,
            _ => after.vault_withdrawal(operator, release).0,
        };
        ensure(there == 0 || units + own <= there, || {
            format!("R9: {units} and {own} are owned of {there} from operator {id} in epoch {release}")
        })?;
    }
    Ok(())
}

type Units = BTreeMap<(u64, u64), u128>;

/// What redemptions own: bucket shares by operator and release, pool shares by operator and period.
fn owned(receipts: &Receipts) -> (Units, Units) {
    let (mut buckets, mut waiting) = (Units::new(), Units::new());
    for redemption in receipts.redemptions.values() {
        for part in &redemption.parts {
            if part.place != WAITING {
                let release = redemption.release - u64::from(part.place);
                *buckets.entry((part.operator, release)).or_default() += part.units;
                continue;
            }
            let batch = (part.operator, redemption.period);
            *waiting.entry(batch).or_default() += part.units;
            if let Some((queued, bucket_shares)) = receipts.batches.get(&batch).and_then(|batch| batch.queued) {
                let shares = receipts.batches[&batch].shares;
                let units = queued_units(part.units, shares, bucket_shares);
                *buckets.entry((part.operator, queued)).or_default() += units;
            }
        }
    }
    (buckets, waiting)
}

/// Only slashes make a receipt worth less: no deposit, redemption or claim, no move of the vault, and no freeze.
fn price(step: &Step<'_>) -> Result<(), String> {
    let worth = |state: &Protocol| (state.receipt_assets(), state.receipts.supply());
    let ((had, were), (has, are)) = (worth(step.before), worth(step.after));
    if were == 0 || are == 0 || matches!(step.action, Action::Execute { .. }) {
        return Ok(());
    }
    // What moves behind the receipts rounds a few base units with each operator.
    let places = u128::try_from(step.after.receipts.places.len()).unwrap_or(0);
    let moved = match *step.action {
        Action::StakeIdle { .. }
        | Action::Deposit { stakes: true, .. }
        | Action::Rebalance { .. }
        | Action::Collect { .. }
        | Action::ClaimRedemption { .. }
        | Action::QueueWaiting { .. }
        | Action::Redeem { .. } => 6 * places + 2,
        _ => 0,
    };
    // As the price counts: below the initial one nothing virtual.
    let counted = |assets: u128, supply: u128| {
        let beside = if assets < supply { 0 } else { VIRTUAL };
        (U256::from(assets + beside), U256::from(supply + beside))
    };
    let ((assets, supply), (now, issued)) = (counted(had, were), counted(has + moved, are));
    ensure(now * supply >= assets * issued, || {
        format!("R9: {were} receipts were worth {had}, now {are} are worth {has}")
    })
}

/// The vault stakes only with operators that have a weight of which holders had notice, committed to what was agreed;
/// and more weight, or a higher commitment, holds after a notice only.
fn weights(step: &Step<'_>) -> Result<(), String> {
    let (before, after) = (step.before, step.after);
    let at = |state: &Protocol, operator: Address| {
        let known = state.receipts.weights.iter().find(|weight| weight.operator == operator);
        known.map(|weight| weight.at(epoch::at(state.now))).unwrap_or_default()
    };
    let vault = after.setup.receipt.vault;
    let staked = step.logs.iter().filter_map(|log| Staked::decode_log(log).ok());
    let moves = matches!(step.action, Action::StakeIdle { .. } | Action::Deposit { stakes: true, .. });
    for staked in staked.filter(|staked| moves && staked.staker == vault) {
        let (operator, agreed) = (staked.operator, at(before, staked.operator));
        let (committed, magnitude) = (after.sums(operator).committed(), after.magnitude(operator));
        let above = U256::from(committed) * U256::from(ONE) > U256::from(agreed.max_commitment) * U256::from(magnitude);
        ensure(agreed.weight != 0 && (!above || agreed.max_commitment == u64::MAX), || {
            format!("R9: the vault staked with {operator}, committed to {committed} of {magnitude}: {agreed:?}")
        })?;
    }
    if let Action::WeighOperator { operator, .. } = *step.action
        && before.receipt_assets() != 0
    {
        let operator = step.stage.of(operator);
        let (had, has) = (at(before, operator), at(after, operator));
        ensure(has.weight <= had.weight && has.max_commitment <= had.max_commitment, || {
            format!("R9: {operator} had {had:?} and has {has:?} at once")
        })?;
    }
    Ok(())
}
