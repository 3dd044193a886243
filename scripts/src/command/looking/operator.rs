//! What an operator holds, risks and serves, and what happened to it.

use super::super::session::Session;
use super::{named, percent, show};
use alloy::primitives::Address;
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::SolEvent;
use eyre::Result;
use interfaces::ISlasher::{OptedIntoSlashing, SlashExecuted, SlashExpired, SlashRequested, SlashVetoed};
use interfaces::{ILens, IRegistry, IStrategyManager};
use restake::events;
use restake::times::seen_from;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How many of the last events about an operator are told.
const LAST_EVENTS: usize = 10;

pub(crate) async fn operator(session: &Session, operator: Address) -> Result<()> {
    let (suite, chain) = (&session.suite, &session.chain);
    let (now, token, service) = (chain.now().await?, suite.token, suite.service);
    let name = session.people.name(operator);
    let stake = chain.view(suite.strategy_manager, &IStrategyManager::operatorStakeCall { operator, token }).await?;
    let risk = chain.view(suite.lens, &ILens::commitmentOfCall { operator }).await?;
    let status = chain.view(suite.lens, &ILens::operatorStatusCall { operator }).await?;
    let grant = ILens::grantCall { operator, serviceManager: service.service_manager };
    let grant = chain.view(suite.lens, &grant).await?;
    let serves = chain.view(service.registry, &IRegistry::isRegisteredCall { operator }).await?;
    let weight = chain.view(service.registry, &IRegistry::weightedStakeOfCall { operator }).await?;
    let tier = if grant.exclusive { "exclusive" } else { "shared" };
    let frozen = match status.openRequests {
        0 => "not frozen".to_owned(),
        open => format!("frozen since {} by {open} open request(s)", seen_from(status.frozenSince, now)),
    };
    let mut lines = vec![
        format!("{name} ({operator}): {frozen}"),
        format!("  stake: {}", session.written(stake).await?),
        format!(
            "  commitment: {} ({} exclusive, {} shared, {} announced, of {})",
            percent(risk.commitment),
            percent(risk.exclusive),
            percent(risk.shared),
            percent(risk.announced),
            percent(risk.magnitude)
        ),
        format!(
            "  service: {}, budget {} of {} ({tier}), weighs {} guaranteed and {} shared",
            if serves { "serves" } else { "does not serve" },
            percent(grant.budget),
            percent(grant.fullBudget),
            session.written(weight.guaranteed).await?,
            session.written(weight.shared).await?
        ),
    ];
    let (elsewhere, grants) = other_grants(session, operator).await?;
    let events = events_about(session, operator).await?;
    let (open, requests) = open_requests(session, &events, now);
    lines.extend(elsewhere);
    lines.extend(open);
    let (told, history) = history(session, &events);
    lines.extend(told);
    let value = json!({
        "operator": operator, "stake": stake.to_string(), "openRequests": status.openRequests,
        "frozenSince": status.frozenSince, "commitment": risk.commitment.to_string(),
        "exclusive": risk.exclusive.to_string(), "shared": risk.shared.to_string(),
        "announced": risk.announced.to_string(), "magnitude": risk.magnitude.to_string(), "serves": serves,
        "budget": grant.budget.to_string(), "guaranteed": weight.guaranteed.to_string(),
        "sharedWeight": weight.shared.to_string(), "otherGrants": grants, "requests": requests, "history": history
    });
    show(session, &lines, &value);
    Ok(())
}

/// What it lets other services slash than the one of the deployment.
async fn other_grants(session: &Session, operator: Address) -> Result<(Vec<String>, Vec<Value>)> {
    let granted = Filter::new().address(session.suite.slasher).event_signature(OptedIntoSlashing::SIGNATURE_HASH);
    let (mut lines, mut values) = (vec![], vec![]);
    for service in named(session, granted.topic1(operator), 2).await? {
        let grant = ILens::grantCall { operator, serviceManager: service };
        let grant = session.chain.view(session.suite.lens, &grant).await?;
        if service == session.suite.service.service_manager || grant.budget == 0 {
            continue;
        }
        let tier = if grant.exclusive { "exclusive" } else { "shared" };
        let (budget, full) = (percent(grant.budget), percent(grant.fullBudget));
        lines.push(format!("  service {}: budget {budget} of {full} ({tier})", session.people.name(service)));
        values.push(json!({
            "serviceManager": service, "budget": grant.budget.to_string(), "exclusive": grant.exclusive
        }));
    }
    Ok((lines, values))
}

/// What the Slasher said about an operator, the first first.
async fn events_about(session: &Session, operator: Address) -> Result<Vec<Log>> {
    let filter = || Filter::new().address(session.suite.slasher);
    let mut found = session.chain.logs_since(&filter().topic1(operator), session.since).await?;
    found.extend(session.chain.logs_since(&filter().topic2(operator), session.since).await?);
    found.sort_by_key(|log| (log.block_number, log.log_index));
    Ok(found)
}

/// The requests to slash it that are neither executed nor closed.
fn open_requests(session: &Session, events: &[Log], now: u64) -> (Vec<String>, Vec<Value>) {
    let mut open = BTreeMap::new();
    for log in events {
        if let Ok(opened) = SlashRequested::decode_log(&log.inner) {
            open.insert(opened.requestId, opened.data.request);
        }
        let closed = SlashExecuted::decode_log(&log.inner).map(|event| event.requestId);
        let closed = closed.or_else(|_| SlashVetoed::decode_log(&log.inner).map(|event| event.requestId));
        let closed = closed.or_else(|_| SlashExpired::decode_log(&log.inner).map(|event| event.requestId));
        if let Ok(number) = closed {
            open.remove(&number);
        }
    }
    let (mut lines, mut values) = (vec![], vec![]);
    for (number, request) in open {
        let (service, from) = (session.people.name(request.serviceManager), seen_from(request.executableAt, now));
        let asked = percent(request.wad);
        lines.push(format!("  request {number} of {service}: {asked} of the magnitude, executable from {from} on"));
        values.push(json!({
            "requestId": number, "serviceManager": request.serviceManager, "wad": request.wad.to_string(),
            "executableAt": request.executableAt, "resolver": request.resolver
        }));
    }
    (lines, values)
}

/// The last things that happened to it.
fn history(session: &Session, events: &[Log]) -> (Vec<String>, Vec<Value>) {
    let (mut lines, mut values) = (vec![], vec![]);
    for log in events.iter().skip(events.len().saturating_sub(LAST_EVENTS)) {
        let (block, sentence) = (log.block_number.unwrap_or_default(), events::sentence(&session.people, &log.inner));
        lines.push(format!("  block {block}: {sentence}"));
        values.push(json!({ "block": block, "transactionHash": log.transaction_hash, "event": sentence }));
    }
    (lines, values)
}
