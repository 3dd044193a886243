//! What a service promises, and who serves it.

use super::super::session::Session;
use super::{named, percent, show};
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use arithmetic::fault::MISCOMPUTATION;
use eyre::Result;
use interfaces::IRegistry::OperatorRegistered;
use interfaces::{ILens, IRegistry, IServiceManager, ISlasher};
use restake::times::seen_from;
use serde_json::json;

pub(crate) async fn terms(session: &Session) -> Result<()> {
    let (service, chain) = (session.suite.service.service_manager, &session.chain);
    let (now, terms) = (chain.now().await?, chain.view(service, &IServiceManager::termsCall {}).await?);
    let judge = chain.view(service, &IServiceManager::judgeOfCall { kind: MISCOMPUTATION }).await?;
    let effective_at = chain.view(service, &IServiceManager::termsEffectiveAtCall {}).await?;
    let mut lines = vec![
        format!(
            "an equivocation costs {} of the budget, unavailability {}, a wrong result {}",
            percent(terms.wads[0]),
            percent(terms.wads[1]),
            percent(terms.wads[2])
        ),
        format!("{} decides wrong results", session.people.name(judge)),
        format!(
            "{} of that is for the challenger, the rest for {}",
            percent(terms.challengerShare),
            session.people.name(terms.recipient)
        ),
        format!("{} may veto", session.people.name(terms.resolver)),
        format!("it promises {} of the weighted stake a year", percent(terms.rewardRate)),
        format!("it says that corrupting it earns {} at most", session.written(terms.profitFromCorruption).await?),
    ];
    if effective_at > now {
        lines.push(format!("other terms hold from {} on", seen_from(effective_at, now)));
    }
    let value = json!({
        "equivocation": terms.wads[0].to_string(), "unavailability": terms.wads[1].to_string(),
        "miscomputation": terms.wads[2].to_string(), "judge": judge,
        "challengerShare": terms.challengerShare.to_string(), "recipient": terms.recipient,
        "resolver": terms.resolver, "rewardRate": terms.rewardRate.to_string(),
        "profitFromCorruption": terms.profitFromCorruption.to_string(), "effectiveAt": effective_at
    });
    show(session, &lines, &value);
    Ok(())
}

/// Everybody who serves, with what it weighs and risks there.
pub(crate) async fn operators(session: &Session) -> Result<()> {
    let (service, chain) = (session.suite.service, &session.chain);
    let joined = Filter::new().address(service.registry).event_signature(OperatorRegistered::SIGNATURE_HASH);
    let (mut lines, mut serving) = (vec![], vec![]);
    for operator in named(session, joined, 1).await? {
        if !chain.view(service.registry, &IRegistry::isRegisteredCall { operator }).await? {
            continue;
        }
        let weight = chain.view(service.registry, &IRegistry::weightedStakeOfCall { operator }).await?;
        let suspended = chain.view(service.registry, &IRegistry::isSuspendedCall { operator }).await?;
        let grant = ILens::grantCall { operator, serviceManager: service.service_manager };
        let grant = chain.view(session.suite.lens, &grant).await?;
        let frozen = chain.view(session.suite.slasher, &ISlasher::isFrozenCall { operator }).await?;
        let mut line = format!(
            "{}: weighs {} guaranteed and {} shared, budget {}",
            session.people.name(operator),
            session.written(weight.guaranteed).await?,
            session.written(weight.shared).await?,
            percent(grant.budget)
        );
        for (state, holds) in [("suspended", suspended), ("frozen", frozen)] {
            if holds {
                line.push_str(", ");
                line.push_str(state);
            }
        }
        lines.push(line);
        serving.push(json!({
            "operator": operator, "guaranteed": weight.guaranteed.to_string(), "shared": weight.shared.to_string(),
            "budget": grant.budget.to_string(), "exclusive": grant.exclusive, "suspended": suspended, "frozen": frozen
        }));
    }
    if lines.is_empty() {
        lines.push("nobody".to_owned());
    }
    show(session, &lines, &json!({ "serviceManager": service.service_manager, "operators": serving }));
    Ok(())
}
