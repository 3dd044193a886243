//! `/api/totals`.

use super::{ApiError, config};
use crate::following::Following;
use crate::view::View;
use alloy::primitives::{Address, U256};
use axum::Json;
use axum::extract::State;
use interfaces::ILens;
use restake_indexer::storage::{StorageError, number, text};
use restake_indexer::tables::{OPERATORS, REQUESTS, SERVICES, WITHDRAWALS};
use serde_json::{Value, json};

pub(super) async fn totals(State(following): State<Following>) -> Result<Json<Value>, ApiError> {
    let view = following.now().await?;
    let mut amounts = Vec::new();
    for token in config::tokens(&view).await? {
        amounts.push(json!({ "token": token, "amount": staked(&view, token).await?.to_string() }));
    }
    let counted = view.read(|storage| {
        // One who has stake with several operators is one staker.
        let stakers = "SELECT COUNT(DISTINCT staker) FROM positions WHERE until_block IS NULL";
        let rows = storage.query(stakers, &[])?;
        let stakers = number(rows.first().map(Vec::as_slice).unwrap_or_default(), 0)?;
        let [operators, services] = [OPERATORS.count(storage)?, SERVICES.count(storage)?];
        Ok((stakers, operators, services, REQUESTS.count(storage)?, WITHDRAWALS.count(storage)?))
    });
    let (stakers, operators, services, requests, withdrawals) = counted.await?;
    Ok(Json(json!({
        "asOf": view.as_of(), "staked": amounts, "stakers": stakers, "operators": operators, "services": services,
        "openRequests": requests, "queuedWithdrawals": withdrawals,
    })))
}

/// All active stake of a token, idle stake included.
pub(super) async fn staked(view: &View, token: Address) -> Result<U256, ApiError> {
    let mut staked = U256::ZERO;
    for operator in operators(view).await?.into_iter().chain([Address::ZERO]) {
        let pool = view.ask(view.site.suite.lens, &ILens::poolCall { operator, token }).await?;
        staked = staked.saturating_add(U256::from(pool.assets));
    }
    Ok(staked)
}

/// All operators, in the order of their addresses as they are written.
pub(super) async fn operators(view: &View) -> Result<Vec<Address>, ApiError> {
    view.read(|storage| {
        let rows = OPERATORS.current(storage, &[])?;
        let mut found = rows.iter().map(|row| text(row, 0)).collect::<Result<Vec<Address>, StorageError>>()?;
        found.sort_by_key(Address::to_string);
        Ok(found)
    })
    .await
}
