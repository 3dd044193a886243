//! `/api/strategies`.

use super::{ApiError, config, totals};
use crate::following::Following;
use alloy::primitives::Address;
use arithmetic::epoch;
use axum::Json;
use axum::extract::State;
use interfaces::{IGovernance, ILens};
use serde_json::{Value, json};

pub(super) async fn strategies(State(following): State<Following>) -> Result<Json<Value>, ApiError> {
    let view = following.now().await?;
    let suite = view.site.suite;
    let mut strategies = Vec::new();
    for token in config::tokens(&view).await? {
        let limits = view.ask(suite.lens, &ILens::strategyCall { token }).await?;
        let books = view.ask(suite.lens, &ILens::solvencyCall { token }).await?;
        // Nothing of the pool that everybody has: when it would be ready.
        let operator = Address::ZERO;
        let next = view.ask(suite.lens, &ILens::previewWithdrawCall { operator, token, shares: 0 }).await?;
        let scheduled = view.ask(suite.governance, &IGovernance::scheduledLimitsCall { token }).await?;
        let scheduled = (scheduled.effectiveAt != 0).then(|| {
            json!({
                "cap": scheduled.cap.to_string(), "depositPercent": scheduled.depositPercent,
                "outflowPercent": scheduled.outflowPercent, "effectiveAt": scheduled.effectiveAt
            })
        });
        let (symbol, name, decimals) = config::words(&view, token).await?;
        strategies.push(json!({
            "token": token, "symbol": symbol, "name": name, "decimals": decimals, "open": limits.open,
            "cap": limits.cap.to_string(), "depositPercent": limits.depositPercent,
            "outflowPercent": limits.outflowPercent, "staked": totals::staked(&view, token).await?.to_string(),
            "owed": limits.owed.to_string(), "held": books.held.to_string(), "solvent": books.solvent,
            "nextTurn": next.readyAt, "scheduled": scheduled,
        }));
    }
    let paused = view.ask(suite.governance, &IGovernance::pausedCall {}).await?;
    let this = epoch::at(view.now());
    Ok(Json(json!({
        "asOf": view.as_of(), "epoch": this, "nextEpochAt": epoch::start(this.saturating_add(1)),
        "paused": { "flags": paused.flags, "until": paused.until }, "strategies": strategies,
    })))
}
