//! `/api/operators`, and one of them.

use super::asked::{Asked, account};
use super::{ApiError, config, events, requests, services, totals};
use crate::following::Following;
use crate::view::View;
use alloy::primitives::{Address, U256};
use arithmetic::time::LONGEST_QUEUE_REFUSAL_SECONDS;
use arithmetic::wad::ONE;
use arithmetic::wide::mul_div_up;
use axum::Json;
use axum::extract::{Path, State};
use interfaces::{ILens, IRegistry, IRewards, ISlasher};
use restake::warnings::leave_before;
use restake_indexer::events::Wanted;
use restake_indexer::storage::{StorageError, text};
use restake_indexer::tables::{GRANTS, MEMBERS, OPERATORS};
use serde_json::{Map, Value, json};

/// How many of the last events about an operator are told.
const LAST_EVENTS: u64 = 50;

pub(super) async fn operators(State(following): State<Following>, asked: Asked) -> Result<Json<Value>, ApiError> {
    asked.only(&["limit", "after"])?;
    let view = following.now().await?;
    let (page, after) = asked.page(totals::operators(&view).await?)?;
    let mut told = Vec::new();
    for operator in page {
        told.push(summary(&view, operator).await?);
    }
    Ok(Json(json!({ "asOf": view.as_of(), "operators": told, "after": after })))
}

async fn summary(view: &View, operator: Address) -> Result<Map<String, Value>, ApiError> {
    let lens = view.site.suite.lens;
    let (mut stakes, mut value) = (Vec::new(), U256::ZERO);
    for token in config::tokens(view).await? {
        let amount = view.ask(lens, &ILens::poolCall { operator, token }).await?.assets;
        value = value.saturating_add(U256::from(amount));
        stakes.push(json!({ "token": token, "amount": amount.to_string() }));
    }
    let risk = view.ask(lens, &ILens::commitmentOfCall { operator }).await?;
    let status = view.ask(lens, &ILens::operatorStatusCall { operator }).await?;
    let part = |promised: u64| mul_div_up(promised.into(), ONE.into(), risk.magnitude.into()).unwrap_or(u128::MAX);
    let (exclusive, shared) = (risk.exclusive, risk.shared);
    // All shared budgets together take what exclusive ones leave at most.
    let lost = exclusive.saturating_add(shared).min(risk.magnitude);
    let told = json!({
        "address": operator, "name": view.site.name(operator), "stake": stakes, "value": value.to_string(),
        "magnitude": risk.magnitude.to_string(), "guaranteed": exclusive.to_string(), "shared": shared.to_string(),
        "announced": risk.announced.to_string(), "commitment": risk.commitment.to_string(),
        "degree": part(exclusive.saturating_add(shared)).to_string(), "worstLoss": part(lost).to_string(),
        "frozen": status.openRequests != 0, "openRequests": status.openRequests,
        "services": serves(view, operator).await?.len(),
    });
    Ok(if let Value::Object(told) = told { told } else { Map::new() })
}

/// The services that an operator joined and did not leave.
async fn serves(view: &View, operator: Address) -> Result<Vec<Address>, ApiError> {
    view.read(move |storage| {
        let rows = MEMBERS.current(storage, &[("operator", operator.into())])?;
        rows.iter().map(|row| text(row, 0)).collect::<Result<Vec<Address>, StorageError>>()
    })
    .await
}

pub(super) async fn operator(
    State(following): State<Following>,
    Path(address): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let operator = account(&address)?;
    let view = following.now().await?;
    let known = view.read(move |storage| OPERATORS.current(storage, &[("operator", operator.into())])).await?;
    if known.is_empty() {
        return Err(ApiError::NotFound(format!("nobody staked with {operator}, and it let nobody slash")));
    }
    let suite = view.site.suite;
    let status = view.ask(suite.lens, &ILens::operatorStatusCall { operator }).await?;
    let commission = view.ask(suite.rewards, &IRewards::commissionOfCall { operator }).await?;
    let is_frozen = status.openRequests != 0;
    let mut asked = [Address::ZERO; 8];
    asked[0] = operator;
    let refused = view.ask(suite.slasher, &ISlasher::refuseQueueingCall { operators: asked }).await?[0];
    let opens = refused.then(|| status.frozenSince.saturating_add(LONGEST_QUEUE_REFUSAL_SECONDS));
    let serves = serves(&view, operator).await?;
    let grants = grants(&view, operator, &serves).await?;
    let wanted = Wanted { account: Some(operator), limit: LAST_EVENTS, ..Wanted::default() };
    let history = events::of(&view, wanted).await?;
    let mut told = summary(&view, operator).await?;
    told.extend([
        ("asOf".to_owned(), view.as_of()),
        ("frozenSince".to_owned(), json!(is_frozen.then_some(status.frozenSince))),
        ("queueingOpensAt".to_owned(), json!(opens)),
        (
            "commission".to_owned(),
            json!({
                "now": commission.commission.to_string(), "next": commission.next.to_string(),
                "effectiveAt": commission.effectiveAt
            }),
        ),
        ("grants".to_owned(), grants.into()),
        ("serves".to_owned(), json!(serves)),
        ("requests".to_owned(), requests::slash_requests(&view, Some(operator)).await?.into()),
        ("history".to_owned(), history.iter().map(|event| events::told(&view, event)).collect()),
    ]);
    Ok(Json(told.into()))
}

async fn grants(view: &View, operator: Address, serves: &[Address]) -> Result<Vec<Value>, ApiError> {
    let rows = view.read(move |storage| GRANTS.current(storage, &[("operator", operator.into())])).await?;
    let mut told = Vec::new();
    for row in rows {
        told.extend(grant(view, operator, text(&row, 1)?, serves).await?);
    }
    Ok(told)
}

/// A grant; none where nothing is left of it.
async fn grant(
    view: &View,
    operator: Address,
    service: Address,
    serves: &[Address],
) -> Result<Option<Value>, ApiError> {
    let suite = view.site.suite;
    let grant = view.ask(suite.lens, &ILens::grantCall { operator, serviceManager: service }).await?;
    let pending = view.ask(suite.lens, &ILens::pendingGrantCall { operator, serviceManager: service }).await?;
    if grant.fullBudget == 0 && pending.raise == 0 {
        return Ok(None);
    }
    let ends = grant.canSlashUntil != u64::MAX;
    let takes = if ends && view.now() <= grant.canSlashUntil {
        takes_at_most(view, operator, grant.budget).await?
    } else {
        takes(view, operator, service).await?
    };
    let announced = (pending.raise != 0).then(|| {
        json!({
            "raise": pending.raise.to_string(), "tier": tier(pending.exclusive), "effectiveAt": pending.effectiveAt,
            "lapsesAt": pending.lapsesAt, "leaveBefore": leave_before(pending.effectiveAt),
        })
    });
    let suspended = match services::registry_of(view, service).await? {
        Some(registry) => is_suspended(view, registry, operator).await?,
        None => false,
    };
    let is_exclusive = if grant.fullBudget == 0 { pending.exclusive } else { grant.exclusive };
    Ok(Some(json!({
        "service": service, "name": view.site.name(service), "tier": tier(is_exclusive),
        "budget": grant.budget.to_string(), "fullBudget": grant.fullBudget.to_string(), "takes": takes.to_string(),
        "pending": grant.pending.to_string(),
        "canSlashUntil": ends.then_some(grant.canSlashUntil),
        "joined": serves.contains(&service), "suspended": suspended, "announced": announced,
    })))
}

/// The part of an operator's stake that a service counts now (wad, rounded down).
pub(super) async fn takes(view: &View, operator: Address, service: Address) -> Result<u128, ApiError> {
    let call = ISlasher::guaranteeOfCall { operator, serviceManager: service };
    let counts = view.ask(view.site.suite.slasher, &call).await?;
    let budget = counts.guaranteed.max(counts.shared);
    Ok(arithmetic::wide::mul_div_down(budget.into(), ONE.into(), counts.magnitude.into()).unwrap_or(0))
}

/// The part of an operator's stake that a grant takes which ended and is not over: nothing of it counts (wad, rounded
/// up).
async fn takes_at_most(view: &View, operator: Address, budget: u64) -> Result<u128, ApiError> {
    let committed = view.ask(view.site.suite.lens, &ILens::commitmentOfCall { operator }).await?;
    let part = mul_div_up(budget.into(), ONE.into(), committed.magnitude.into());
    Ok(part.unwrap_or(ONE.into()).min(ONE.into()))
}

pub(super) fn tier(exclusive: bool) -> &'static str {
    if exclusive { "exclusive" } else { "shared" }
}

/// Whether the signatures of an operator count for nothing at a registry.
pub(super) async fn is_suspended(view: &View, registry: Address, operator: Address) -> Result<bool, ApiError> {
    Ok(view.ask_foreign(registry, &IRegistry::isSuspendedCall { operator }).await?.unwrap_or(false))
}
