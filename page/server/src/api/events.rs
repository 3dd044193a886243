//! `/api/events`.

use super::ApiError;
use super::asked::Asked;
use crate::following::Following;
use crate::view::View;
use axum::Json;
use axum::extract::State;
use restake_indexer::events::{Stored, Wanted};
use serde_json::{Value, json};

pub(super) async fn events(State(following): State<Following>, asked: Asked) -> Result<Json<Value>, ApiError> {
    asked.only(&["account", "contract", "limit", "after"])?;
    let limit = asked.limit()?;
    let before = match asked.get::<String>("after")? {
        Some(after) => Some(place(&after).ok_or_else(|| ApiError::BadRequest("after cannot be read".to_owned()))?),
        None => None,
    };
    // One more, to see whether there is more.
    let asked_for = u64::try_from(limit.saturating_add(1)).unwrap_or(u64::MAX);
    let (account, contract) = (asked.get("account")?, asked.get("contract")?);
    let view = following.now().await?;
    let mut found = of(&view, Wanted { account, contract, name: None, before, limit: asked_for }).await?;
    let is_more = found.len() > limit;
    found.truncate(limit);
    let after = found.last().filter(|_| is_more).map(|last| format!("{}:{}", last.block, last.log_index));
    let events: Vec<Value> = found.iter().map(|event| told(&view, event)).collect();
    Ok(Json(json!({ "asOf": view.as_of(), "events": events, "after": after })))
}

/// The events that are wanted, the newest first.
pub(super) async fn of(view: &View, wanted: Wanted) -> Result<Vec<Stored>, ApiError> {
    view.read(move |storage| restake_indexer::events::events(storage, &wanted)).await
}

/// An event as it is told.
pub(super) fn told(view: &View, event: &Stored) -> Value {
    json!({
        "block": event.block, "timestamp": event.timestamp, "transactionHash": event.transaction_hash,
        "logIndex": event.log_index, "contract": event.contract, "contractName": view.site.name(event.contract),
        "name": event.name, "fields": event.fields,
        "sentence": restake::events::sentence(&view.site.people, &event.log()),
    })
}

/// `block:index`, both as numbers that the index has.
fn place(text: &str) -> Option<(u64, u64)> {
    let (block, log_index) = text.split_once(':')?;
    let number = |text: &str| text.parse::<i64>().ok().and_then(|number| u64::try_from(number).ok());
    Some((number(block)?, number(log_index)?))
}
