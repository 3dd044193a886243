//! `/api/services`, and one of them. A service is whatever an operator ever let slash, and says what it likes.

use super::asked::{Asked, account};
use super::{ApiError, events, operators};
use crate::following::Following;
use crate::view::View;
use alloy::primitives::{Address, Log};
use alloy::sol_types::SolEvent;
use axum::Json;
use axum::extract::{Path, State};
use interfaces::IServiceManager::TermsScheduled;
use interfaces::{IDisputeResolution, ILens, IRegistry, IServiceManager, ISlasher};
use restake::warnings::leave_before;
use restake_indexer::events::Wanted;
use restake_indexer::storage::{StorageError, text};
use restake_indexer::tables::{MEMBERS, SERVICES};
use serde_json::{Value, json};

/// What kinds of faults are called, in the order of their numbers.
const FAULTS: [&str; 3] = ["equivocation", "unavailability", "miscomputation"];

/// Where a service says that its contracts are; the zero address for none.
#[derive(Clone, Copy)]
struct Contracts {
    registry: Address,
    dispute_resolution: Address,
}

pub(super) async fn services(State(following): State<Following>, asked: Asked) -> Result<Json<Value>, ApiError> {
    asked.only(&["limit", "after"])?;
    let view = following.now().await?;
    let all = view.read(|storage| {
        let rows = SERVICES.current(storage, &[])?;
        let mut found = rows.iter().map(|row| text(row, 0)).collect::<Result<Vec<Address>, StorageError>>()?;
        found.sort_by_key(Address::to_string);
        Ok(found)
    });
    let (page, after) = asked.page(all.await?)?;
    let mut told = Vec::new();
    for service in page {
        let Some(contracts) = contracts(&view, service).await? else { continue };
        let terms = view.ask_foreign(service, &IServiceManager::termsCall {}).await?;
        told.push(json!({
            "address": service, "name": view.site.name(service), "registry": there(contracts.registry),
            "disputeResolution": there(contracts.dispute_resolution),
            "operators": members(&view, service).await?.len(),
            "profitFromCorruption": terms.map(|terms| terms.profitFromCorruption.to_string()),
            "totalStake": total_stake(&view, contracts).await?,
        }));
    }
    Ok(Json(json!({ "asOf": view.as_of(), "services": told, "after": after })))
}

pub(super) async fn service(
    State(following): State<Following>,
    Path(address): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let service = account(&address)?;
    let view = following.now().await?;
    let Some(contracts) = contracts(&view, service).await? else {
        return Err(ApiError::NotFound(format!("nobody ever let {service} slash")));
    };
    let site = &view.site;
    let terms = view.ask_foreign(service, &IServiceManager::termsCall {}).await?;
    let announced = announced_terms(&view, service).await?.map(|(next, _)| {
        json!({
            "wads": next.wads.map(|wad| wad.to_string()), "challengerShare": next.challengerShare.to_string(),
            "rewardRate": next.rewardRate.to_string(), "profitFromCorruption": next.profitFromCorruption.to_string(),
            "recipient": next.recipient, "resolver": there(next.resolver), "effectiveAt": next.effectiveAt,
            "leaveBefore": leave_before(next.effectiveAt),
        })
    });
    let mut faults = Vec::new();
    if let Some(terms) = &terms {
        for ((kind, name), wad) in (0u8..).zip(FAULTS).zip(terms.wads) {
            let judge = view.ask_foreign(service, &IServiceManager::judgeOfCall { kind }).await?.unwrap_or_default();
            faults.push(json!({ "kind": kind, "name": name, "wad": wad.to_string(), "judge": there(judge) }));
        }
    }
    let terms = terms.map(|terms| {
        json!({
            "wads": terms.wads.map(|wad| wad.to_string()), "challengerShare": terms.challengerShare.to_string(),
            "rewardRate": terms.rewardRate.to_string(), "recipient": terms.recipient,
            "profitFromCorruption": terms.profitFromCorruption.to_string(), "resolver": there(terms.resolver),
        })
    });
    let mut serving = Vec::new();
    for operator in members(&view, service).await? {
        serving.push(member(&view, service, contracts, operator).await?);
    }
    Ok(Json(json!({
        "asOf": view.as_of(), "address": service, "name": site.name(service), "registry": there(contracts.registry),
        "disputeResolution": there(contracts.dispute_resolution), "terms": terms, "announced": announced,
        "totalStake": total_stake(&view, contracts).await?, "operators": serving,
        "thresholds": thresholds(&view, contracts).await?, "faults": faults,
    })))
}

/// An account, or none for the zero address.
fn there(account: Address) -> Option<Address> {
    Some(account).filter(|account| !account.is_zero())
}

/// The contracts of a service, if it is one.
async fn contracts(view: &View, service: Address) -> Result<Option<Contracts>, ApiError> {
    view.read(move |storage| {
        let rows = SERVICES.current(storage, &[("service", service.into())])?;
        let read = |row| Ok(Contracts { registry: text(row, 1)?, dispute_resolution: text(row, 2)? });
        rows.first().map(|row| read(row)).transpose()
    })
    .await
}

/// Where the operators of a service register, if it says so.
pub(super) async fn registry_of(view: &View, service: Address) -> Result<Option<Address>, ApiError> {
    Ok(contracts(view, service).await?.and_then(|contracts| there(contracts.registry)))
}

async fn members(view: &View, service: Address) -> Result<Vec<Address>, ApiError> {
    view.read(move |storage| {
        let rows = MEMBERS.current(storage, &[("service", service.into())])?;
        rows.iter().map(|row| text(row, 1)).collect::<Result<Vec<Address>, StorageError>>()
    })
    .await
}

async fn member(view: &View, service: Address, of: Contracts, operator: Address) -> Result<Value, ApiError> {
    let suite = view.site.suite;
    let grant = view.ask(suite.lens, &ILens::grantCall { operator, serviceManager: service }).await?;
    let weight = view.ask_foreign(of.registry, &IRegistry::weightedStakeOfCall { operator }).await?;
    // One of them is zero, by the tier.
    let weight = weight.map_or(0, |weight| weight.guaranteed.max(weight.shared));
    Ok(json!({
        "address": operator, "name": view.site.name(operator), "tier": operators::tier(grant.exclusive),
        "budget": grant.budget.to_string(),
        "takes": operators::takes(view, operator, service).await?.to_string(), "weight": weight.to_string(),
        "suspended": operators::is_suspended(view, of.registry, operator).await?,
        "frozen": view.ask(suite.slasher, &ISlasher::isFrozenCall { operator }).await?,
    }))
}

async fn total_stake(view: &View, of: Contracts) -> Result<Option<String>, ApiError> {
    let call = IRegistry::totalStakeAtCall { time: view.now() };
    Ok(view.ask_foreign(of.registry, &call).await?.map(|stake| stake.to_string()))
}

/// What operators and challengers need there; none where a contract does not say.
async fn thresholds(view: &View, of: Contracts) -> Result<Option<Value>, ApiError> {
    let Some(minimum) = view.ask_foreign(of.registry, &IRegistry::minimumStakeCall {}).await? else {
        return Ok(None);
    };
    let shared = view.ask_foreign(of.registry, &IRegistry::acceptsSharedCall {}).await?;
    let evidence = view.ask_foreign(of.registry, &IRegistry::evidenceWindowCall {}).await?;
    let admission = view.ask_foreign(of.registry, &IRegistry::admissionCall {}).await?;
    let answer = view.ask_foreign(of.dispute_resolution, &IDisputeResolution::answerWindowCall {}).await?;
    let bond = view.ask_foreign(of.dispute_resolution, &IDisputeResolution::bondCall {}).await?;
    let all = (shared, evidence, admission, answer, bond);
    let (Some(shared), Some(evidence), Some(admission), Some(answer), Some(bond)) = all else { return Ok(None) };
    Ok(Some(json!({
        "minimumStake": minimum.stake.to_string(), "nextMinimumStake": minimum.nextStake.to_string(),
        "minimumStakeEffectiveAt": minimum.effectiveAt, "acceptsShared": shared, "evidenceWindow": evidence,
        "answerWindow": answer, "bond": bond.to_string(), "admission": there(admission.admission),
    })))
}

/// Terms that are announced and not in force, with the event that announced them.
pub(super) async fn announced_terms(view: &View, service: Address) -> Result<Option<(TermsScheduled, Log)>, ApiError> {
    let effective_at = view.ask_foreign(service, &IServiceManager::termsEffectiveAtCall {}).await?;
    let Some(effective_at) = effective_at.filter(|time| *time > view.now()) else { return Ok(None) };
    let name = Some("TermsScheduled".to_owned());
    let wanted = Wanted { contract: Some(service), name, limit: 1, ..Wanted::default() };
    let Some(last) = events::of(view, wanted).await?.into_iter().next() else { return Ok(None) };
    let log = last.log();
    let terms = TermsScheduled::decode_log(&log).ok().map(|terms| terms.data);
    Ok(terms.filter(|terms| terms.effectiveAt == effective_at).map(|terms| (terms, log)))
}
