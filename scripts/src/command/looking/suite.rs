//! The suite at a glance.

use super::super::session::Session;
use super::{named, percent, show};
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use arithmetic::epoch;
use eyre::Result;
use interfaces::{IGovernance, ILens, IRegistry, IServiceManager, ISlasher};
use restake::times::{at, seen_from};
use serde_json::{Value, json};

pub(crate) async fn status(session: &Session) -> Result<()> {
    let (suite, chain) = (&session.suite, &session.chain);
    let now = chain.now().await?;
    let this = epoch::at(now);
    let strategy = chain.view(suite.lens, &ILens::strategyCall { token: suite.token }).await?;
    let books = chain.view(suite.lens, &ILens::solvencyCall { token: suite.token }).await?;
    let paused = chain.view(suite.governance, &IGovernance::pausedCall {}).await?;
    let operators = chain.view(suite.service.registry, &IRegistry::operatorCountCall {}).await?;
    let total = chain.view(suite.service.registry, &IRegistry::totalStakeAtCall { time: now }).await?;
    let terms = chain.view(suite.service.service_manager, &IServiceManager::termsCall {}).await?;
    let requests = chain.view(suite.slasher, &ISlasher::requestCountCall {}).await?;
    let mut frozen = Vec::new();
    let were = Filter::new().address(suite.slasher).event_signature(ISlasher::OperatorFrozen::SIGNATURE_HASH);
    for operator in named(session, were, 1).await? {
        if chain.view(suite.slasher, &ISlasher::isFrozenCall { operator }).await? {
            frozen.push(session.people.name(operator));
        }
    }
    let next = epoch::start(this.saturating_add(1));
    let mut lines = vec![
        format!("Epoch {this} since {}; the next one begins {}", at(epoch::start(this)), seen_from(next, now)),
        format!(
            "Token {}: {} owed of a cap of {}, {}",
            suite.token,
            session.written(strategy.owed).await?,
            session.written(strategy.cap).await?,
            if strategy.open { "takes deposits" } else { "takes no deposits" }
        ),
        format!("The vault {} what the ledger owes", if books.solvent { "covers" } else { "DOES NOT COVER" }),
        format!("Service: {operators} operator(s) weighing {}", session.written(total).await?),
        format!(
            "  an equivocation costs {}, unavailability {} of the budget, {} of it for the challenger",
            percent(terms.wads[0]),
            percent(terms.wads[1]),
            percent(terms.challengerShare)
        ),
        format!(
            "Slash requests so far: {requests}; frozen: {}",
            if frozen.is_empty() { "nobody".to_owned() } else { frozen.join(", ") }
        ),
    ];
    if paused.flags != 0 {
        lines.push(format!("PAUSED: actions {} until {}", paused.flags, seen_from(paused.until, now)));
    }
    for (name, address) in session.people.contracts() {
        lines.push(format!("  {name:<22} {address}"));
    }
    let contracts: serde_json::Map<String, Value> =
        session.people.contracts().into_iter().map(|(name, address)| (name, json!(address))).collect();
    let value = json!({
        "epoch": this, "now": now, "owed": strategy.owed.to_string(), "cap": strategy.cap.to_string(),
        "open": strategy.open, "solvent": books.solvent, "operators": operators, "totalStake": total.to_string(),
        "slashRequests": requests, "frozen": frozen, "pausedFlags": paused.flags, "contracts": contracts
    });
    show(session, &lines, &value);
    Ok(())
}
