//! What is answered under `/api`: `openapi.json` says what each answer looks like.

mod asked;
mod config;
mod error;
mod events;
mod explain;
mod operators;
mod requests;
mod risk;
mod services;
mod staker;
mod strategies;
mod totals;
mod warnings;

pub(crate) use error::ApiError;

use crate::following::Following;
use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

/// What the answers look like.
const OPENAPI: &str = include_str!("../../openapi.json");

pub(crate) fn router(following: Following) -> Router {
    let api = Router::new()
        .route("/config", get(config::config))
        .route("/totals", get(totals::totals))
        .route("/strategies", get(strategies::strategies))
        .route("/operators", get(operators::operators))
        .route("/operators/{address}", get(operators::operator))
        .route("/services", get(services::services))
        .route("/services/{address}", get(services::service))
        .route("/stakers/{address}", get(staker::staker))
        .route("/requests", get(requests::requests))
        .route("/events", get(events::events))
        .route("/risk", get(risk::risk))
        .route("/explain", get(explain::explain))
        .route("/openapi.json", get(openapi))
        .fallback(nothing)
        .with_state(following);
    Router::new().nest("/api", api).fallback(nothing)
}

async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}

async fn nothing() -> ApiError {
    ApiError::NotFound("there is nothing here: /api/openapi.json says what there is".to_owned())
}
