//! Refusals of grants: of what operators let services slash.

use super::percent;
use crate::people::People;
use crate::refusal::Refusal;
use interfaces::IRegistry::NotAdmitted;
use interfaces::ISlasher::{
    AlreadyOptedIn, BudgetTooSmall, CannotSlash, CommitmentTooHigh, ExclusiveTierFull, GrantHasLapsed,
    GrantHasOpenRequests, GrantNotEnded, GrantPending, MagnitudeDepleted, NotOptedIn, NothingPending,
    SlashBudgetExhausted,
};

/// A sentence about a grant.
pub(super) fn about_grants(refusal: &Refusal, people: &People, time: &dyn Fn(u64) -> String) -> Option<String> {
    about_size(refusal, people).or_else(|| about_state(refusal, people, time))
}

/// About how much is granted.
fn about_size(refusal: &Refusal, people: &People) -> Option<String> {
    if let Some(ExclusiveTierFull { size, magnitude }) = refusal.decode() {
        let (size, magnitude) = (percent(size), percent(magnitude));
        return Some(format!(
            "exclusive budgets would add up to {size} of {magnitude}: grant less, or end another grant"
        ));
    }
    if let Some(BudgetTooSmall { budget, minimum }) = refusal.decode() {
        return Some(format!("{} is less than the smallest budget, {}", percent(budget), percent(minimum)));
    }
    if let Some(CommitmentTooHigh { commitment, limit }) = refusal.decode() {
        let (commitment, limit) = (percent(commitment), percent(limit));
        return Some(format!("all grants together would be {commitment} of the stake, more than {limit}: grant less"));
    }
    if let Some(MagnitudeDepleted { operator, .. }) = refusal.decode() {
        let operator = people.name(operator);
        return Some(format!(
            "slashes left nearly nothing of what {operator} can promise: it takes no stake or grants"
        ));
    }
    if let Some(SlashBudgetExhausted { operator }) = refusal.decode() {
        return Some(format!("what {} granted the service is used up", people.name(operator)));
    }
    None
}

/// About what there is.
fn about_state(refusal: &Refusal, people: &People, time: &dyn Fn(u64) -> String) -> Option<String> {
    if let Some(NotOptedIn { operator, serviceManager }) = refusal.decode() {
        let (operator, service) = (people.name(operator), people.name(serviceManager));
        return Some(format!("{operator} lets {service} slash nothing: opt in first, with `operator opt-in`"));
    }
    if refusal.decode::<AlreadyOptedIn>().is_some() {
        return Some("this service has a grant: raise it, or end it and release its commitment first".to_owned());
    }
    if let Some(CannotSlash { operator, .. }) = refusal.decode() {
        return Some(format!("the service may not slash {}", people.name(operator)));
    }
    if let Some(GrantPending { effectiveAt }) = refusal.decode() {
        return Some(format!("what was announced holds from {} at the earliest", time(effectiveAt)));
    }
    if let Some(GrantHasLapsed { lapsedAt }) = refusal.decode() {
        return Some(format!("what was announced lapsed at {}: announce it again", time(lapsedAt)));
    }
    if refusal.decode::<NothingPending>().is_some() {
        return Some("nothing is announced to this service".to_owned());
    }
    if let Some(GrantNotEnded { canSlashUntil }) = refusal.decode() {
        return Some(format!("the grant can be used until {}: release it then", time(canSlashUntil)));
    }
    if let Some(GrantHasOpenRequests { .. }) = refusal.decode() {
        return Some("open slash requests ask for a part of the grant: they end first".to_owned());
    }
    if let Some(NotAdmitted { operator }) = refusal.decode() {
        return Some(format!("the service's admission contract does not admit {}", people.name(operator)));
    }
    None
}
