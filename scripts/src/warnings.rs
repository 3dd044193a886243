//! What an event means for who has stake with its operator: until when there is time to leave.

use crate::amounts::Fraction;
use crate::people::People;
use crate::times::at;
use alloy::primitives::Log;
use alloy::sol_types::SolEvent;
use interfaces::IServiceManager::TermsScheduled;
use interfaces::ISlasher::{GrantAnnounced, OperatorFrozen, SlashExecuted, SlashRequested};
use interfaces::ITokenPool::PauseSet;
use interfaces::{IGovernance, IRegistry};

/// A sentence for stakers about an event that they should act on or know of; nothing about others.
pub fn warning(people: &People, log: &Log) -> Option<String> {
    if let Some(GrantAnnounced { operator, serviceManager, raise, effectiveAt, .. }) = decode(log) {
        let (operator, service, time) = (people.name(operator), people.name(serviceManager), at(effectiveAt));
        let raise = Fraction(raise);
        return Some(format!(
            "{operator} will let {service} take {raise} more from {time} on: who does not accept that must be out, \
             with a withdrawal released before then"
        ));
    }
    if let Some(TermsScheduled { effectiveAt, .. }) = decode(log) {
        let (service, time) = (people.name(log.address), at(effectiveAt));
        return Some(format!("{service} changes what faults cost from {time} on"));
    }
    if let Some(OperatorFrozen { operator, .. }) = decode(log) {
        let operator = people.name(operator);
        return Some(format!("{operator} is frozen: nothing joins, and queueing is refused for nine days at most"));
    }
    if let Some(SlashRequested { operator, request, .. }) = decode(log) {
        let (operator, wad, time) = (people.name(operator), Fraction(request.wad), at(request.executableAt));
        return Some(format!("{wad} of the stake with {operator} may be taken from {time} on"));
    }
    if let Some(SlashExecuted { operator, taken, magnitude, .. }) = decode(log) {
        let (operator, taken, magnitude) = (people.name(operator), Fraction(taken), Fraction(magnitude));
        return Some(format!("{taken} of {magnitude} of the stake with {operator} was taken"));
    }
    if let Some(IRegistry::OperatorSuspended { operator }) = decode(log) {
        return Some(format!("a fault of {} was proven: its signatures count no longer", people.name(operator)));
    }
    if let Some(IGovernance::LimitsScheduled { effectiveAt, outflowPercent, .. }) = decode(log) {
        let time = at(effectiveAt);
        return Some(format!("the token's limits change from {time} on, to an outflow of {outflowPercent}% per epoch"));
    }
    if let Some(PauseSet { flags, until }) = decode(log)
        && flags != 0
    {
        return Some(format!("actions {flags} are paused until {}", at(until)));
    }
    None
}

fn decode<E: SolEvent>(log: &Log) -> Option<E> {
    E::decode_log(log).ok().map(|decoded| decoded.data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::Cast;
    use alloy::primitives::Address;
    use eyre::{OptionExt, Result, ensure};
    use interfaces::ISlasher::OptedIntoSlashing;

    #[test]
    fn a_raise_is_told_with_the_last_moment_to_leave() -> Result<()> {
        let cast = Cast::development()?;
        let people = People::default().with_development_accounts(&cast);
        let (operator, service) = (cast.dishonest.address, cast.bob.address);
        let event = GrantAnnounced {
            operator,
            serviceManager: service,
            raise: arithmetic::wad::ONE / 4,
            exclusive: true,
            effectiveAt: 1_755_129_600,
        };
        let log = Log { address: Address::ZERO, data: event.encode_log_data() };
        let told = warning(&people, &log).ok_or_eyre("nothing was told")?;
        ensure!(told.starts_with("Crooked Op will let Bob take 25% more from 2025-08-14 00:00:00 UTC on"), "{told}");
        let silent =
            OptedIntoSlashing { operator, serviceManager: service, budget: arithmetic::wad::ONE, exclusive: true };
        let log = Log { address: Address::ZERO, data: silent.encode_log_data() };
        assert_eq!(warning(&people, &log), None);
        Ok(())
    }
}
