//! What stakers should know before anything else: the sentences of the command line, about what is so now.

use super::{ApiError, events, operators, requests, services};
use crate::view::View;
use alloy::primitives::{Address, Log, LogData};
use alloy::sol_types::SolEvent;
use interfaces::ISlasher::{GrantAnnounced, OperatorFrozen, SlashRequested};
use interfaces::{IGovernance, ILens, IRegistry, ITokenPool};
use restake::warnings::{Warning, warning};
use restake_indexer::events::Wanted;
use restake_indexer::storage::text;
use restake_indexer::tables::{GRANTS, REQUESTS};
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// For how long an executed slash is told of (seconds): two epochs, in which what it reached was released.
const TOLD_SECONDS: u64 = 2 * arithmetic::time::EPOCH_SECONDS;

/// Those about stake of these tokens with these operators, what matters most first.
pub(super) async fn about(
    view: &View,
    operators: &BTreeSet<Address>,
    tokens: &BTreeSet<Address>,
) -> Result<Vec<Value>, ApiError> {
    let (mut logs, mut services) = (Vec::new(), BTreeSet::new());
    for operator in operators {
        logs.extend(of_operator(view, *operator).await?);
        logs.extend(of_grants(view, *operator, &mut services).await?);
    }
    for service in services {
        logs.extend(services::announced_terms(view, service).await?.map(|(_, log)| log));
    }
    logs.extend(of_protocol(view, tokens).await?);
    let mut warnings: Vec<Warning> = logs.iter().filter_map(|log| warning(&view.site.people, log)).collect();
    warnings.sort_by_key(|warning| (Reverse(warning.severity), warning.leave_before.unwrap_or(u64::MAX)));
    let told = |warning: &Warning| {
        json!({
            "sentence": warning.sentence, "severity": warning.severity.name(), "leaveBefore": warning.leave_before,
            "about": warning.about
        })
    };
    Ok(warnings.iter().map(told).collect())
}

/// An event that says what is so now.
fn log(contract: Address, data: LogData) -> Log {
    Log { address: contract, data }
}

/// Freezes, requests, and slashes of late.
async fn of_operator(view: &View, operator: Address) -> Result<Vec<Log>, ApiError> {
    let slasher = view.site.suite.slasher;
    let rows = view.read(move |storage| REQUESTS.current(storage, &[("operator", operator.into())])).await?;
    let mut logs = Vec::new();
    for row in rows {
        let (id, fields): (u64, Value) = (text(&row, 0)?, text(&row, 4)?);
        let Some(request) = requests::request(&fields) else { continue };
        let service = request.serviceManager;
        if logs.is_empty() {
            logs.push(log(slasher, OperatorFrozen { operator, serviceManager: service }.encode_log_data()));
        }
        let open = SlashRequested { requestId: id, operator, serviceManager: service, request };
        logs.push(log(slasher, open.encode_log_data()));
    }
    let name = Some("SlashExecuted".to_owned());
    let wanted = Wanted { account: Some(operator), contract: Some(slasher), name, before: None, limit: 10 };
    let executed = events::of(view, wanted).await?.into_iter();
    let since = view.now().saturating_sub(TOLD_SECONDS);
    logs.extend(executed.filter(|event| event.timestamp >= since).map(|event| event.log()));
    Ok(logs)
}

/// Raises that are announced, and suspensions. Adds the services that have a grant.
async fn of_grants(view: &View, operator: Address, services: &mut BTreeSet<Address>) -> Result<Vec<Log>, ApiError> {
    let (lens, slasher) = (view.site.suite.lens, view.site.suite.slasher);
    let rows = view.read(move |storage| GRANTS.current(storage, &[("operator", operator.into())])).await?;
    let mut logs = Vec::new();
    for row in rows {
        let service: Address = text(&row, 1)?;
        let pending = view.ask(lens, &ILens::pendingGrantCall { operator, serviceManager: service }).await?;
        if pending.raise != 0 {
            let (exclusive, effective_at) = (pending.exclusive, pending.effectiveAt);
            let announced = GrantAnnounced {
                operator,
                serviceManager: service,
                raise: pending.raise,
                exclusive,
                effectiveAt: effective_at,
            };
            logs.push(log(slasher, announced.encode_log_data()));
        }
        let grant = view.ask(lens, &ILens::grantCall { operator, serviceManager: service }).await?;
        if grant.budget != 0 || pending.raise != 0 {
            services.insert(service);
        }
        if let Some(registry) = services::registry_of(view, service).await?
            && operators::is_suspended(view, registry, operator).await?
        {
            logs.push(log(registry, IRegistry::OperatorSuspended { operator }.encode_log_data()));
        }
    }
    Ok(logs)
}

/// Pauses, and limits that change.
async fn of_protocol(view: &View, tokens: &BTreeSet<Address>) -> Result<Vec<Log>, ApiError> {
    let governance = view.site.suite.governance;
    let mut logs = Vec::new();
    let paused = view.ask(governance, &IGovernance::pausedCall {}).await?;
    if paused.flags != 0 {
        let paused = ITokenPool::PauseSet { flags: paused.flags, until: paused.until };
        logs.push(log(view.site.suite.token_pool, paused.encode_log_data()));
    }
    for token in tokens {
        let limits = view.ask(governance, &IGovernance::scheduledLimitsCall { token: *token }).await?;
        if limits.effectiveAt != 0 {
            let scheduled = IGovernance::LimitsScheduled {
                token: *token,
                cap: limits.cap,
                depositPercent: limits.depositPercent,
                outflowPercent: limits.outflowPercent,
                effectiveAt: limits.effectiveAt,
            };
            logs.push(log(governance, scheduled.encode_log_data()));
        }
    }
    Ok(logs)
}
