//! `/api/risk`: the network as restake-simulator sees it, with every token at a price of one.

use super::{ApiError, config, totals};
use crate::following::Following;
use crate::view::View;
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use axum::Json;
use axum::extract::State;
use interfaces::{ILens, IServiceManager};
use restake_indexer::storage::{StorageError, text};
use restake_indexer::tables::{GRANTS, SERVICES};
use restake_simulator::network::{Grant, Operator, Service, Tier, Token};
use restake_simulator::search::profitable_attack;
use restake_simulator::shock::Shock;
use restake_simulator::{Allocations, Bounds, Network, exposure};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The part of what a service counts that corrupts it (wad): no contract says it, two thirds are usual.
const THRESHOLD: u64 = ONE / 3 * 2;

/// A network, and whose the places in it are. After the services come those who take what is left of grants that ended.
struct Read {
    network: Network,
    operators: Vec<Address>,
    services: Vec<Address>,
}

pub(super) async fn risk(State(following): State<Following>) -> Result<Json<Value>, ApiError> {
    let view = following.now().await?;
    let read = network(&view).await?;
    let told = tokio::task::spawn_blocking(move || told(&view, &read)).await;
    told.map(Json).map_err(|error| ApiError::Unavailable(error.to_string()))
}

async fn network(view: &View) -> Result<Read, ApiError> {
    let (lens, tokens) = (view.site.suite.lens, config::tokens(view).await?);
    let operators = totals::operators(view).await?;
    let services = view.read(|storage| {
        let rows = SERVICES.current(storage, &[])?;
        rows.iter().map(|row| text(row, 0)).collect::<Result<Vec<Address>, StorageError>>()
    });
    let services = services.await?;
    let mut network = Network::default();
    network.tokens.extend(tokens.iter().map(|token| Token { name: token.to_string(), price: ONE }));
    for service in &services {
        let terms = view.ask_foreign(*service, &IServiceManager::termsCall {}).await?;
        // Whoever attacks chooses how. Who says nothing takes all of its budgets, and declares no profit.
        let mildest = terms.as_ref().and_then(|terms| terms.wads.into_iter().filter(|wad| *wad > 0).min());
        let profit = terms.map_or(0, |terms| terms.profitFromCorruption);
        let penalty = mildest.unwrap_or(ONE).min(ONE);
        network.services.push(Service { name: service.to_string(), profit, threshold: THRESHOLD, penalty });
    }
    for name in ["exclusive", "shared"] {
        let name = name.to_owned();
        network.services.push(Service { name, profit: 0, threshold: ONE, penalty: ONE });
    }
    for operator in &operators {
        let committed = view.ask(lens, &ILens::commitmentOfCall { operator: *operator }).await?;
        let name = operator.to_string();
        let mut read = Operator { name, magnitude: committed.magnitude, stakes: vec![], grants: vec![] };
        for token in &tokens {
            let pool = view.ask(lens, &ILens::poolCall { operator: *operator, token: *token }).await?;
            read.stakes.push(pool.assets);
        }
        read.grants = grants(view, *operator, &services).await?;
        for (place, tier, all) in [
            (services.len(), Tier::Exclusive, committed.exclusive),
            (services.len().saturating_add(1), Tier::Shared, committed.shared),
        ] {
            let budget = all.saturating_sub(read.granted(tier));
            if budget > 0 {
                read.grants.push(Grant { service: place, budget, tier });
            }
        }
        network.operators.push(read);
    }
    Ok(Read { network, operators, services })
}

/// The grants of an operator that back a service: those that did not end.
async fn grants(view: &View, operator: Address, services: &[Address]) -> Result<Vec<Grant>, ApiError> {
    let granted = view.read(move |storage| GRANTS.current(storage, &[("operator", operator.into())])).await?;
    let mut grants = Vec::new();
    for row in granted {
        let manager: Address = text(&row, 1)?;
        let Some(service) = services.iter().position(|service| *service == manager) else { continue };
        let grant = view.ask(view.site.suite.lens, &ILens::grantCall { operator, serviceManager: manager }).await?;
        if grant.budget > 0 && grant.canSlashUntil == u64::MAX {
            let tier = if grant.exclusive { Tier::Exclusive } else { Tier::Shared };
            grants.push(Grant { service, budget: grant.budget, tier });
        }
    }
    Ok(grants)
}

fn told(view: &View, read: &Read) -> Value {
    let Read { network, operators, services } = read;
    let allocations = Allocations::of(network);
    let bounds = Bounds::of(&allocations);
    let name = |account: &Address| view.site.name(*account);
    let of_operators = operators.iter().zip(exposure::of_operators(network, &allocations)).map(|(operator, of)| {
        json!({
            "operator": operator, "name": name(operator), "value": of.value.to_string(),
            "guaranteed": of.guaranteed.to_string(), "shared": of.shared.to_string(),
            "degree": of.degree.to_string(), "worstLoss": of.worst_loss.to_string(),
        })
    });
    let secured = exposure::of_services(&allocations);
    let of_services = services.iter().zip(secured).zip(&bounds.ratios).zip(&network.services);
    let of_services = of_services.map(|(((service, of), ratio), said)| {
        json!({
            "service": service, "name": name(service), "profit": said.profit.to_string(), "operators": of.operators,
            "guaranteed": of.guaranteed.to_string(), "shared": of.shared.to_string(), "ratio": ratio.to_string(),
        })
    });
    let edges = operators.iter().zip(&allocations.holdings).flat_map(|(operator, holding)| {
        holding.edges.iter().filter_map(move |edge| {
            let service = services.get(edge.service)?;
            let tier = if edge.tier == Tier::Exclusive { "exclusive" } else { "shared" };
            Some(json!({ "operator": operator, "service": service, "tier": tier, "takes": edge.takes.to_string() }))
        })
    });
    let falls = (0..operators.len()).filter_map(|place| fall(read, &allocations, place));
    json!({
        "asOf": view.as_of(), "operators": of_operators.collect::<Vec<_>>(),
        "services": of_services.collect::<Vec<_>>(), "edges": edges.collect::<Vec<_>>(),
        "falls": falls.collect::<Vec<_>>(), "utilisation": bounds.utilisation.to_string(),
    })
}

/// What falls with an operator that loses everything: attacks are carried out as long as one is worth it.
fn fall(read: &Read, before: &Allocations, place: usize) -> Option<Value> {
    let operator = read.operators.get(place)?;
    let loses = before.holdings.get(place)?.value;
    let mut after = Shock::Operators(vec![place]).hit(&read.network);
    let mut fallen = BTreeSet::new();
    // Each attack ends at least one service.
    for _ in 0..read.network.services.len() {
        let Some(attack) = profitable_attack(&after) else { break };
        after.carry_out(&attack);
        fallen.extend(attack.services);
    }
    let services: Vec<&Address> = fallen.iter().filter_map(|service| read.services.get(*service)).collect();
    let lost = before.value().saturating_sub(after.value());
    Some(json!({ "operator": operator, "loses": loses.to_string(), "services": services, "lost": lost.to_string() }))
}
