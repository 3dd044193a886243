//! `/api/explain`.

use super::ApiError;
use super::asked::Asked;
use crate::following::Following;
use alloy::primitives::Bytes;
use axum::Json;
use axum::extract::State;
use restake::advice::advice;
use restake::refusal::Refusal;
use serde_json::{Value, json};

pub(super) async fn explain(State(following): State<Following>, asked: Asked) -> Result<Json<Value>, ApiError> {
    asked.only(&["data"])?;
    let text: String = asked.get("data")?.ok_or_else(|| ApiError::BadRequest("data is missing".to_owned()))?;
    let data: Option<Bytes> = text.strip_prefix("0x").and_then(|_| text.parse().ok());
    let refusal =
        Refusal { data: data.ok_or_else(|| ApiError::BadRequest("data is no hexadecimal bytes".to_owned()))? };
    let site = following.now().await?.site;
    let told = advice(&site.chain, &site.suite, &site.people, &refusal).await;
    let sentence = told.map_err(|error| ApiError::Unavailable(format!("{error:#}")))?;
    Ok(Json(json!({ "name": refusal.name(), "sentence": sentence })))
}
