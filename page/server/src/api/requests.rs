//! `/api/requests`.

use super::ApiError;
use crate::following::Following;
use crate::view::View;
use alloy::primitives::Address;
use alloy::sol_types::SolValue;
use axum::Json;
use axum::extract::State;
use interfaces::{IBisection, IDisputeResolution, ILens, ISlasher};
use restake_indexer::storage::{Row, Storage, StorageError, Value as Stored, text};
use restake_indexer::tables::{CHALLENGES, GAMES, REQUESTS, SERVICES};
use serde_json::{Value, json};

pub(super) async fn requests(State(following): State<Following>) -> Result<Json<Value>, ApiError> {
    let view = following.now().await?;
    let challenges = view.read(|storage| with_service(storage, "dispute_resolution", CHALLENGES)).await?;
    let games = view.read(|storage| with_service(storage, "judge", GAMES)).await?;
    let (mut open, mut played) = (Vec::new(), Vec::new());
    for (service, row) in challenges {
        open.extend(challenge(&view, service, &row).await?);
    }
    for (service, row) in games {
        played.extend(game(&view, service, &row).await?);
    }
    let slashes = slash_requests(&view, None).await?;
    Ok(Json(json!({ "asOf": view.as_of(), "challenges": open, "slashRequests": slashes, "games": played })))
}

/// What is open at contracts, and for which service they decide; what is at a contract of none is nobody's affair.
fn with_service(
    storage: &mut dyn Storage,
    column: &'static str,
    table: restake_indexer::tables::Table,
) -> Result<Vec<(Address, Row)>, StorageError> {
    let mut found = Vec::new();
    for row in table.current(storage, &[])? {
        let contract: Address = text(&row, 0)?;
        let services = SERVICES.current(storage, &[(column, contract.into())])?;
        if let Some(service) = services.first() {
            found.push((text(service, 0)?, row));
        }
    }
    Ok(found)
}

fn action(action: &str, contract: Address, by: Option<Address>, from: Option<u64>, until: Option<u64>) -> Value {
    json!({ "action": action, "contract": contract, "by": by, "from": from, "until": until })
}

async fn challenge(view: &View, service: Address, row: &Row) -> Result<Option<Value>, ApiError> {
    let (contract, id): (Address, u64) = (text(row, 0)?, text(row, 1)?);
    let call = IDisputeResolution::challengeOfCall { challengeId: id };
    let Some(said) = view.ask_foreign(contract, &call).await?.filter(|said| said.state == 1) else { return Ok(None) };
    let site = &view.site;
    let can = if view.now() <= said.deadline {
        action("answerChallenge", contract, None, None, Some(said.deadline))
    } else {
        action("resolveChallenge", contract, None, Some(said.deadline.saturating_add(1)), None)
    };
    Ok(Some(json!({
        "contract": contract, "service": service, "serviceName": site.name(service), "challengeId": id,
        "operator": said.operator, "operatorName": site.name(said.operator), "challenger": said.challenger,
        "commitment": said.commitment, "index": said.index, "deadline": said.deadline, "can": [can],
    })))
}

async fn game(view: &View, service: Address, row: &Row) -> Result<Option<Value>, ApiError> {
    let (contract, id): (Address, u64) = (text(row, 0)?, text(row, 1)?);
    let Some(at) = view.ask_foreign(contract, &IBisection::positionOfCall { gameId: id }).await? else {
        return Ok(None);
    };
    let Some(of) = view.ask_foreign(contract, &IBisection::gameOfCall { gameId: id }).await? else { return Ok(None) };
    if !(1..=4).contains(&at.state) {
        return Ok(None);
    }
    let is_one_step = at.last.saturating_sub(at.first) <= 1;
    let until = Some(at.deadline);
    let can = match at.state {
        _ if at.state == 4 || view.now() > at.deadline => vec![action("resolveGame", contract, None, None, None)],
        1 => vec![action("nameState", contract, Some(of.operator), None, until)],
        2 if is_one_step => vec![
            action("executeStep", contract, None, None, until),
            action("passStep", contract, Some(of.challenger), None, until),
        ],
        2 => vec![action("judgeState", contract, Some(of.challenger), None, until)],
        _ => vec![action("executeStep", contract, None, None, until)],
    };
    let site = &view.site;
    Ok(Some(json!({
        "contract": contract, "service": service, "serviceName": site.name(service), "gameId": id,
        "operator": of.operator, "operatorName": site.name(of.operator), "challenger": of.challenger,
        "signingKey": of.signingKey, "program": of.program, "computation": of.computation, "taskTime": of.taskTime,
        "state": at.state, "first": at.first, "last": at.last, "firstState": at.firstState,
        "middleState": at.middleState, "lastState": at.lastState, "operatorClock": at.operatorClock,
        "challengerClock": at.challengerClock, "deadline": at.deadline, "can": can,
    })))
}

/// The open slash requests, of an operator or of all.
pub(super) async fn slash_requests(view: &View, operator: Option<Address>) -> Result<Vec<Value>, ApiError> {
    let equal: Vec<(&str, Stored)> = operator.map(|operator| ("operator", operator.into())).into_iter().collect();
    let rows = view.read(move |storage| REQUESTS.current(storage, &equal)).await?;
    let mut told = Vec::new();
    for row in rows {
        told.push(slash_request(view, &row).await?);
    }
    Ok(told)
}

async fn slash_request(view: &View, row: &Row) -> Result<Value, ApiError> {
    let (id, opened_at): (u64, u64) = (text(row, 0)?, text(row, 3)?);
    let (operator, service): (Address, Address) = (text(row, 1)?, text(row, 2)?);
    let fields: Value = text(row, 4)?;
    let unreadable = || StorageError::Unexpected { expected: "a request" };
    let request = request(&fields).ok_or_else(unreadable)?;
    let (site, slasher, now) = (&view.site, view.site.suite.slasher, view.now());
    // Whoever gives it to the Slasher has to give what is stored there.
    let stored = view.ask(slasher, &ISlasher::requestHashCall { requestId: id }).await?;
    if stored != alloy::primitives::keccak256(request.abi_encode()) {
        return Err(unreadable().into());
    }
    let (executable_at, paused) = (request.executableAt, request.pausedBefore);
    let expiry = ILens::requestExpiryCall { executableAt: executable_at, pausedBefore: paused };
    let expires_at = view.ask(site.suite.lens, &expiry).await?;
    let magnitude = view.ask(site.suite.lens, &ILens::commitmentOfCall { operator }).await?.magnitude;
    let part = arithmetic::wide::mul_div_up(request.wad.into(), arithmetic::wad::ONE.into(), magnitude.into());
    let mut can = Vec::new();
    if now < executable_at && !request.resolver.is_zero() {
        let last = Some(executable_at.saturating_sub(1));
        can.push(action("vetoSlash", slasher, Some(request.resolver), None, last));
    }
    if now < expires_at {
        let last = Some(expires_at.saturating_sub(1));
        can.push(action("executeSlash", slasher, None, Some(executable_at), last));
    }
    can.push(action("closeExpiredRequest", slasher, None, Some(expires_at), None));
    Ok(json!({
        "requestId": id, "request": fields_of(&request), "operatorName": site.name(operator),
        "serviceName": site.name(service), "part": part.unwrap_or(arithmetic::wad::ONE.into()).to_string(),
        "expiresAt": expires_at, "openedAt": opened_at, "can": can,
    }))
}

/// A request as its event said it.
pub(super) fn request(fields: &Value) -> Option<ISlasher::SlashRequest> {
    let account = |name: &str| fields.get(name)?.as_str()?.parse::<Address>().ok();
    let number = |name: &str| fields.get(name)?.as_str()?.parse::<u64>().ok();
    Some(ISlasher::SlashRequest {
        operator: account("operator")?,
        serviceManager: account("serviceManager")?,
        wad: number("wad")?,
        exclusive: fields.get("exclusive")?.as_bool()?,
        challenger: account("challenger")?,
        challengerShare: number("challengerShare")?,
        recipient: account("recipient")?,
        resolver: account("resolver")?,
        executableAt: number("executableAt")?,
        pausedBefore: number("pausedBefore")?,
    })
}

fn fields_of(request: &ISlasher::SlashRequest) -> Value {
    json!({
        "operator": request.operator, "serviceManager": request.serviceManager, "wad": request.wad.to_string(),
        "exclusive": request.exclusive, "challenger": request.challenger,
        "challengerShare": request.challengerShare.to_string(), "recipient": request.recipient,
        "resolver": request.resolver, "executableAt": request.executableAt, "pausedBefore": request.pausedBefore,
    })
}
