//! R6: services weigh what they can take, and the total changes by updates alone.

use super::{Step, ensure};
use crate::action::Action;
use alloy::primitives::Address;
use alloy::sol_types::SolEvent;
use arithmetic::epoch;
use arithmetic::wad::ONE;
use arithmetic::wide::mul_div_down;
use interfaces::IRegistry::StakeUpdated;
use restake_model::{NO_END, Protocol};
use std::collections::BTreeMap;

/// Service, operator => what counts in the total, as the last update said.
#[derive(Debug, Clone, Default)]
pub(super) struct Weights {
    updated: BTreeMap<(usize, Address), u128>,
}

impl Weights {
    pub(super) fn check(&mut self, step: &Step<'_>) -> Result<(), String> {
        for log in step.logs {
            let service = step.stage.setup.services.iter().position(|of| of.contracts.registry == log.address);
            let (Some(service), Ok(event)) = (service, StakeUpdated::decode_log(log)) else { continue };
            self.updated.insert((service, event.operator), event.stake);
        }
        for (service, registry) in step.after.registries.iter().enumerate() {
            let updated = self.updated.iter().filter(|((of, _), _)| *of == service);
            let (sum, total) = (updated.map(|(_, stake)| stake).sum::<u128>(), registry.total_at(step.after.now));
            ensure(sum == total, || {
                format!("R6: updates of service {service} said {sum} in all, and the total is {total}")
            })?;
        }
        let (service, operators) = match *step.action {
            Action::Update { service, operators, .. } => (service, operators.to_vec()),
            Action::Register { service, who, .. } => (service, vec![who]),
            _ => return Ok(()),
        };
        operators.into_iter().try_for_each(|who| updated(step, service, step.stage.of(who)))
    }
}

/// An update counts the part of the active stake that the service could take, whatever others do; what it counts,
/// signatures carry until three days into the next epoch.
fn updated(step: &Step<'_>, service: usize, operator: Address) -> Result<(), String> {
    let after = step.after;
    let registry = &after.registries[service];
    let Some(member) = registry.members.get(&operator).filter(|member| member.serves) else { return Ok(()) };
    let Some(last) = registry.checkpoint_at(operator, after.now) else { return Ok(()) };
    let refused = member.refused_since != 0;
    let gone = refused && after.now >= epoch::notice_ends(member.refused_since);
    let takes = takes(after, service, operator);
    let counts = if gone || takes < registry.minimum.at(after.now) { 0 } else { takes };
    let open = after.open_of(operator, after.setup.services[service].contracts.service_manager).count();
    // What open requests ask for may come back by a veto: until they are closed nothing leaves the total.
    let kept = open != 0 && !gone && last.stake >= counts;
    ensure(last.stake == counts || kept, || {
        format!("R6: service {service} counts {} of {operator}, and could take {counts}", last.stake)
    })?;
    let signs = !refused && (member.suspended_since == 0 || open == 0);
    ensure(last.signs == signs, || format!("R6: {operator} signs for service {service}: {}", last.signs))?;
    let expires = epoch::start(epoch::at(after.now) + 1) + 3 * 24 * 60 * 60;
    let carried = |time: u64| registry.stake_at(operator, time);
    ensure(carried(expires) == 0 && (!signs || carried(expires - 1) == last.stake), || {
        format!("R6: a checkpoint of {operator} in service {service} does not expire at {expires}")
    })
}

/// The stake that a service could take of an operator, by its weights and what it accepts.
fn takes(after: &Protocol, service: usize, operator: Address) -> u128 {
    let grant = after.grants.of(operator, after.setup.services[service].contracts.service_manager);
    let part = match (grant.until == NO_END, grant.exclusive) {
        (false, _) => 0,
        (true, true) => grant.budget,
        (true, false) if after.setup.services[service].accepts_shared => {
            let exclusive = after.sums(operator).exclusive;
            let open = after.requests.open(operator).filter(|of| !of.exclusive);
            let others = open.filter(|of| after.service_of(of.service) != Some(service)).map(|of| of.wad).sum::<u64>();
            grant.budget.min(after.magnitude(operator).saturating_sub(exclusive).saturating_sub(others))
        }
        (true, false) => 0,
    };
    let weights = after.registries[service].weights.iter();
    let weighted = weights.map(|(token, weight)| {
        let pool = after.ledger.at(restake_model::Bag::pool(operator, *token), after.now);
        mul_div_down(pool.assets, weight.at(after.now), ONE.into()).unwrap_or(0)
    });
    mul_div_down(weighted.sum(), part.into(), after.magnitude(operator).into()).unwrap_or(0)
}
