//! `/api/stakers/{address}`.

use super::asked::account;
use super::{ApiError, warnings};
use crate::following::Following;
use crate::view::View;
use alloy::eips::BlockId;
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use arithmetic::epoch;
use axum::Json;
use axum::extract::{Path, State};
use interfaces::{
    IBisection, IDisputeResolution, IERC20, ILens, ILiquidRestakingToken, IRedemptionDesk, ISlasher, IStrategyManager,
};
use restake_indexer::storage::{Row, StorageError, text};
use restake_indexer::tables::{FUNDS, POSITIONS, REDEMPTIONS, SERVICES, WITHDRAWALS};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(super) async fn staker(
    State(following): State<Following>,
    Path(address): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let staker = account(&address)?;
    let view = following.now().await?;
    let site = &view.site;
    let code = site.chain.provider().get_code_at(staker).block_id(BlockId::hash(view.block.hash)).await;
    let code = code.map_err(|error| ApiError::Unavailable(error.to_string()))?;
    let rows = view.read(move |storage| {
        let positions = POSITIONS.current(storage, &[("staker", staker.into())])?;
        let withdrawals = WITHDRAWALS.current(storage, &[("staker", staker.into())])?;
        let funds = FUNDS.current(storage, &[("claimant", staker.into())])?;
        Ok((positions, withdrawals, funds, REDEMPTIONS.current(storage, &[("account", staker.into())])?))
    });
    let (positions, withdrawals, funds, redemptions) = rows.await?;
    let (mut operators, mut tokens) = (BTreeSet::new(), BTreeSet::new());
    for row in positions.iter().chain(&withdrawals) {
        let (operator, token): (Address, Address) = (text(row, 1)?, text(row, 2)?);
        tokens.insert(token);
        if !operator.is_zero() {
            operators.insert(operator);
        }
    }
    let (mut at_stake, mut leaving, mut set_aside) = (Vec::new(), Vec::new(), Vec::new());
    for row in &positions {
        at_stake.extend(position(&view, row).await?);
    }
    for row in &withdrawals {
        leaving.extend(withdrawal(&view, row).await?);
    }
    for row in &funds {
        set_aside.extend(fund(&view, row).await?);
    }
    Ok(Json(json!({
        "asOf": view.as_of(), "account": staker, "name": site.name(staker), "isContract": !code.is_empty(),
        "positions": at_stake, "withdrawals": leaving, "setAside": set_aside,
        "receipts": receipts(&view, staker, &redemptions).await?, "bonds": bonds(&view, staker).await?,
        "warnings": warnings::about(&view, &operators, &tokens).await?,
    })))
}

fn there(account: Address) -> Option<Address> {
    Some(account).filter(|account| !account.is_zero())
}

/// A position; none where a slash took all of it.
async fn position(view: &View, row: &Row) -> Result<Option<Value>, ApiError> {
    let (staker, operator, token) = (text(row, 0)?, text(row, 1)?, text(row, 2)?);
    let suite = view.site.suite;
    let held = view.ask(suite.strategy_manager, &IStrategyManager::positionCall { staker, operator, token }).await?;
    if held.shares == 0 {
        return Ok(None);
    }
    let (mut commitment, mut frozen) = (None, false);
    if !operator.is_zero() {
        let risk = view.ask(suite.lens, &ILens::commitmentOfCall { operator }).await?;
        commitment = Some(risk.commitment.to_string());
        frozen = view.ask(suite.slasher, &ISlasher::isFrozenCall { operator }).await?;
    }
    Ok(Some(json!({
        "token": token, "operator": there(operator), "operatorName": view.site.name(operator),
        "shares": held.shares.to_string(), "value": held.assets.to_string(), "commitment": commitment,
        "frozen": frozen,
    })))
}

/// A withdrawal; none where a slash took all of it.
async fn withdrawal(view: &View, row: &Row) -> Result<Option<Value>, ApiError> {
    let (staker, operator, token): (Address, Address, Address) = (text(row, 0)?, text(row, 1)?, text(row, 2)?);
    let (release_epoch, queued_at): (u64, u64) = (text(row, 3)?, text(row, 4)?);
    let suite = view.site.suite;
    // Queued two epochs before it is released.
    let queued = release_epoch.saturating_sub(epoch::RELEASE_DELAY_EPOCHS);
    let call = ILens::withdrawalsCall { staker, operator, token, fromEpoch: queued, toEpoch: queued };
    let listed = view.ask(suite.lens, &call).await?;
    let amount = listed.assets.first().filter(|amount| **amount != 0);
    let (Some(ready_at), Some(amount)) = (listed.readyAt.first(), amount) else { return Ok(None) };
    let (now, releasable_at) = (view.now(), epoch::start(release_epoch));
    let status = if now < releasable_at {
        "leaving"
    } else if now < *ready_at {
        "turn"
    } else if is_held(view, operator, release_epoch).await? {
        "frozen"
    } else {
        "ready"
    };
    Ok(Some(json!({
        "token": token, "operator": there(operator), "operatorName": view.site.name(operator),
        "releaseEpoch": release_epoch, "queuedAt": queued_at, "releasableAt": releasable_at, "readyAt": ready_at,
        "amount": amount.to_string(), "status": status,
        "key": { "token": token, "operator": operator, "releaseEpoch": release_epoch },
    })))
}

/// Whether an open request reaches what an operator's stakers withdraw at an epoch.
async fn is_held(view: &View, operator: Address, release_epoch: u64) -> Result<bool, ApiError> {
    if operator.is_zero() {
        return Ok(false);
    }
    let call = ISlasher::checkReleaseCall { operator, releaseEpoch: release_epoch };
    view.is_refused(view.site.suite.slasher, &call).await
}

async fn fund(view: &View, row: &Row) -> Result<Option<Value>, ApiError> {
    let (claimant, token, release_epoch): (Address, Address, u64) = (text(row, 0)?, text(row, 1)?, text(row, 2)?);
    let call = ILens::fundsOfCall { claimant, token, releaseEpoch: release_epoch };
    let funds = view.ask(view.site.suite.lens, &call).await?;
    if funds.amount == 0 {
        return Ok(None);
    }
    let now = view.now();
    let status = match () {
        () if funds.queued < funds.amount => "queue",
        () if now < funds.readyAt || now < epoch::start(release_epoch) => "waiting",
        () => "ready",
    };
    Ok(Some(json!({
        "token": token, "releaseEpoch": release_epoch, "amount": funds.amount.to_string(),
        "queued": funds.queued.to_string(), "readyAt": funds.readyAt, "status": status,
    })))
}

async fn receipts(view: &View, holder: Address, redemptions: &[Row]) -> Result<Value, ApiError> {
    let receipt = view.site.suite.restaking_token;
    let balance = view.ask(receipt, &IERC20::balanceOfCall { account: holder }).await?;
    let worth = view.ask(receipt, &ILiquidRestakingToken::convertToAssetsCall { shares: balance }).await?;
    let exit = view.ask(receipt, &ILiquidRestakingToken::previewRedeemCall { shares: balance }).await?;
    let rate = view.ask(receipt, &ILiquidRestakingToken::rateCall {}).await?;
    let exit_rate = view.ask(receipt, &ILiquidRestakingToken::exitRateCall {}).await?;
    let mut told = Vec::new();
    for row in redemptions {
        told.extend(redemption(view, row).await?);
    }
    Ok(json!({
        "token": receipt, "balance": balance.to_string(), "worth": worth.to_string(), "exitWorth": exit.to_string(),
        "rate": rate.to_string(), "exitRate": exit_rate.to_string(), "redemptions": told,
    }))
}

async fn redemption(view: &View, row: &Row) -> Result<Option<Value>, ApiError> {
    let (id, opened_at): (u64, u64) = (text(row, 0)?, text(row, 2)?);
    let (shares, paid, claimed): (U256, U256, U256) = (text(row, 3)?, text(row, 4)?, text(row, 5)?);
    let suite = view.site.suite;
    let left = view.ask(suite.redemption_desk, &IRedemptionDesk::redemptionCall { id }).await?;
    let mut parts = Vec::new();
    // A part that was paid leaves its place to another.
    for index in 0..left.parts {
        let part = view.ask(suite.redemption_desk, &IRedemptionDesk::partOfCall { id, index }).await?;
        let (operator, waits) = (part.operator, part.releaseEpoch == 0);
        let ready = if waits { None } else { Some(ready_at(view, operator, part.releaseEpoch).await?) };
        parts.push(json!({
            "operator": operator, "units": part.units.to_string(), "releaseEpoch": part.releaseEpoch, "readyAt": ready
        }));
    }
    Ok((left.parts != 0).then(|| {
        json!({
            "id": id, "openedAt": opened_at, "shares": shares.to_string(), "paid": paid.to_string(),
            "claimed": claimed.to_string(), "partsLeft": left.parts, "releaseEpoch": left.releaseEpoch, "parts": parts,
        })
    }))
}

/// When the vault's withdrawal from an operator is ready; its release, where it was collected.
async fn ready_at(view: &View, operator: Address, release_epoch: u64) -> Result<u64, ApiError> {
    let suite = view.site.suite;
    let queued = release_epoch.saturating_sub(epoch::RELEASE_DELAY_EPOCHS);
    let (staker, token) = (suite.restaking_vault, suite.token);
    let call = ILens::withdrawalsCall { staker, operator, token, fromEpoch: queued, toEpoch: queued };
    let listed = view.ask(suite.lens, &call).await?;
    Ok(listed.readyAt.first().copied().unwrap_or(epoch::start(release_epoch)))
}

/// The bonds that an account can withdraw, wherever a service decides about them.
async fn bonds(view: &View, staker: Address) -> Result<Vec<Value>, ApiError> {
    let contracts = view.read(|storage| {
        let mut contracts = BTreeSet::new();
        for row in SERVICES.current(storage, &[])? {
            contracts.extend([(text::<Address>(&row, 2)?, false), (text::<Address>(&row, 3)?, true)]);
        }
        Ok::<_, StorageError>(contracts)
    });
    let mut told = Vec::new();
    for (contract, is_judge) in contracts.await?.into_iter().filter(|(contract, _)| !contract.is_zero()) {
        let amount = if is_judge {
            view.ask_foreign(contract, &IBisection::bondOfCall { account: staker }).await?
        } else {
            view.ask_foreign(contract, &IDisputeResolution::bondOfCall { account: staker }).await?
        };
        if let Some(amount) = amount.filter(|amount| !amount.is_zero()) {
            told.push(json!({ "contract": contract, "amount": amount.to_string() }));
        }
    }
    Ok(told)
}
