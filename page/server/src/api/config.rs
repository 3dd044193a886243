//! `/api/config`.

use super::ApiError;
use crate::following::Following;
use crate::view::View;
use alloy::primitives::Address;
use axum::Json;
use axum::extract::State;
use interfaces::{IERC20, IERC20Permit, ILens};
use serde_json::{Map, Value, json};

pub(super) async fn config(State(following): State<Following>) -> Result<Json<Value>, ApiError> {
    let view = following.now().await?;
    let site = &view.site;
    let contracts: Map<String, Value> =
        site.people.contracts().into_iter().map(|(name, address)| (name, json!(address))).collect();
    let mut described = Vec::new();
    for token in tokens(&view).await? {
        let permit = view.ask_foreign(token, &IERC20Permit::noncesCall { owner: Address::ZERO }).await?.is_some();
        let (symbol, name, decimals) = words(&view, token).await?;
        let token = json!({
            "address": token, "symbol": symbol, "name": name, "decimals": decimals, "permit": permit
        });
        described.push(token);
    }
    let head = view.as_of();
    Ok(Json(json!({
        "asOf": head, "chainId": site.chain_id, "rpcUrl": following.place.http(), "wsUrl": following.place.ws(),
        "genesis": site.genesis.hash, "contracts": contracts, "tokens": described, "head": head,
        "indexed": { "number": view.block.number, "hash": view.block.hash },
        "development": site.is_development, "version": env!("CARGO_PKG_VERSION"),
    })))
}

/// The tokens that are listed.
pub(super) async fn tokens(view: &View) -> Result<Vec<Address>, ApiError> {
    let lens = view.site.suite.lens;
    let count = view.ask(lens, &ILens::strategyCountCall {}).await?;
    let mut tokens = Vec::new();
    for index in 0..count {
        tokens.push(view.ask(lens, &ILens::strategyAtCall { index }).await?);
    }
    Ok(tokens)
}

/// A token's symbol, name and decimals, as it says itself: it was listed by the owner of the protocol.
pub(super) async fn words(view: &View, token: Address) -> Result<(String, String, u8), ApiError> {
    let symbol = view.ask_foreign(token, &IERC20::symbolCall {}).await?;
    let name = view.ask_foreign(token, &IERC20::nameCall {}).await?;
    let decimals = view.ask_foreign(token, &IERC20::decimalsCall {}).await?;
    let unsaid = || ApiError::Unavailable(format!("{token} does not say what it is called"));
    Ok((symbol.ok_or_else(unsaid)?, name.ok_or_else(unsaid)?, decimals.ok_or_else(unsaid)?))
}
