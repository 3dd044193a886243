//! Shares, withdrawals and funds, by the events of the StrategyManager.

use super::{Happened, ProjectionError, nobody};
use crate::storage::{Storage, Value, text};
use crate::tables::{DOUBTS, FUNDS, OPERATORS, POSITIONS, WITHDRAWALS};
use alloy::primitives::U256;
use arithmetic::epoch;

const POOL: [&str; 3] = ["staker", "operator", "token"];
const WITHDRAWAL: [&str; 4] = ["staker", "operator", "token", "releaseEpoch"];

pub(super) fn project(storage: &mut dyn Storage, happened: &Happened<'_>) -> Result<(), ProjectionError> {
    match happened.event.name.as_str() {
        "Staked" => add(storage, happened, &happened.values(POOL)?, happened.amount("shares")?),
        "Delegated" => {
            let [staker, token] = [happened.value("staker")?, happened.value("token")?];
            take(storage, happened, &[staker, nobody(), token], happened.amount("idleShares")?)?;
            add(storage, happened, &happened.values(POOL)?, happened.amount("shares")?)
        }
        "WithdrawalQueued" => {
            take(storage, happened, &happened.values(POOL)?, happened.amount("shares")?)?;
            Ok(WITHDRAWALS.put(storage, happened.block, &happened.values(WITHDRAWAL)?, &[happened.time()])?)
        }
        "WithdrawalCompleted" => Ok(WITHDRAWALS.end(storage, happened.block, &happened.values(WITHDRAWAL)?)?),
        "WithdrawalRestaked" => {
            WITHDRAWALS.end(storage, happened.block, &happened.values(WITHDRAWAL)?)?;
            let pool = happened.values(["staker", "newOperator", "token"])?;
            add(storage, happened, &pool, happened.amount("shares")?)
        }
        "PoolSlashed" => {
            for claimant in ["challenger", "recipient"] {
                let funds = happened.values([claimant, "token", "releaseEpoch"])?;
                FUNDS.put(storage, happened.block, &funds, &[])?;
            }
            Ok(DOUBTS.put(storage, happened.block, &happened.values(["operator", "token"])?, &[])?)
        }
        "RewardAdded" if !happened.amount("commission")?.is_zero() => {
            // It is set aside like a withdrawal that is queued now.
            let release: Value = epoch::release_of(happened.timestamp).to_string().into();
            let funds = [happened.value("operator")?, happened.value("token")?, release];
            Ok(FUNDS.put(storage, happened.block, &funds, &[])?)
        }
        "FundsClaimed" => {
            let funds = happened.values(["claimant", "token", "releaseEpoch"])?;
            Ok(FUNDS.end(storage, happened.block, &funds)?)
        }
        _ => Ok(()),
    }
}

fn shares(storage: &mut dyn Storage, pool: &[Value]) -> Result<U256, ProjectionError> {
    let position = POSITIONS.get(storage, pool)?;
    Ok(position.map(|position| text(&position, 0)).transpose()?.unwrap_or_default())
}

fn add(storage: &mut dyn Storage, happened: &Happened<'_>, pool: &[Value], more: U256) -> Result<(), ProjectionError> {
    if let Some(operator) = pool.get(1).filter(|operator| **operator != nobody()) {
        OPERATORS.put(storage, happened.block, std::slice::from_ref(operator), &[])?;
    }
    // Two numbers of 128 bits: their sum has 129 at most.
    let shares = shares(storage, pool)?.saturating_add(more);
    set(storage, happened.block, pool, shares)
}

fn take(storage: &mut dyn Storage, happened: &Happened<'_>, pool: &[Value], less: U256) -> Result<(), ProjectionError> {
    let shares = shares(storage, pool)?.checked_sub(less).ok_or_else(|| ProjectionError::Overdrawn {
        staker: happened.field("staker").unwrap_or_default(),
        operator: happened.field("operator").unwrap_or_default(),
    })?;
    set(storage, happened.block, pool, shares)
}

/// From a block on a position has so many shares.
pub(crate) fn set(storage: &mut dyn Storage, block: u64, pool: &[Value], shares: U256) -> Result<(), ProjectionError> {
    if shares.is_zero() {
        return Ok(POSITIONS.end(storage, block, pool)?);
    }
    Ok(POSITIONS.put(storage, block, pool, &[shares.to_string().into()])?)
}
