//! What an event means for who has stake with its operator: until when there is time to leave.

use crate::amounts::Fraction;
use crate::people::People;
use crate::times::at;
use alloy::primitives::{Address, Log};
use alloy::sol_types::SolEvent;
use arithmetic::epoch::{self, RELEASE_DELAY_EPOCHS};
use interfaces::IServiceManager::TermsScheduled;
use interfaces::ISlasher::{GrantAnnounced, OperatorFrozen, SlashExecuted, SlashRequested};
use interfaces::ITokenPool::PauseSet;
use interfaces::{IGovernance, IRegistry};

/// How much a warning matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Notice,
    /// The risk becomes larger.
    Warning,
    /// Stake may be taken, or cannot leave.
    Danger,
}

impl Severity {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}

/// What stakers should act on or know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What they read.
    pub sentence: String,
    /// How much it matters.
    pub severity: Severity,
    /// The operator, service or contract that it is about.
    pub about: Address,
    /// Whoever queues before that (Unix seconds) is out in time; none where that is not possible, or not needed.
    pub leave_before: Option<u64>,
}

/// Before when a withdrawal has to be queued that shall be released when a change takes effect at `effective_at`, so
/// that nothing that follows from the change reaches it (Unix seconds).
pub fn leave_before(effective_at: u64) -> u64 {
    // The last second of an epoch is good for the release two epochs later.
    let release = epoch::at(effective_at);
    epoch::start(release.saturating_sub(RELEASE_DELAY_EPOCHS).saturating_add(1))
}

/// A warning about an event that stakers should act on or know of; nothing about others.
pub fn warning(people: &People, log: &Log) -> Option<Warning> {
    let told = |severity, about, sentence| Some(Warning { sentence, severity, about, leave_before: None });
    let announced = |about, effective_at, sentence| {
        let leave_before = Some(leave_before(effective_at));
        Some(Warning { sentence, severity: Severity::Warning, about, leave_before })
    };
    if let Some(GrantAnnounced { operator, serviceManager, raise, effectiveAt, .. }) = decode(log) {
        let (name, service, time) = (people.name(operator), people.name(serviceManager), at(effectiveAt));
        let raise = Fraction(raise);
        let sentence = format!(
            "{name} will let {service} take {raise} more from {time} on: who does not accept that must be out, with a \
             withdrawal released before then"
        );
        return announced(operator, effectiveAt, sentence);
    }
    if let Some(TermsScheduled { effectiveAt, .. }) = decode(log) {
        let (service, time) = (people.name(log.address), at(effectiveAt));
        return announced(log.address, effectiveAt, format!("{service} changes what faults cost from {time} on"));
    }
    if let Some(OperatorFrozen { operator, .. }) = decode(log) {
        let name = people.name(operator);
        let sentence = format!("{name} is frozen: nothing joins, and queueing is refused for nine days at most");
        return told(Severity::Danger, operator, sentence);
    }
    if let Some(SlashRequested { operator, request, .. }) = decode(log) {
        let (name, wad, time) = (people.name(operator), Fraction(request.wad), at(request.executableAt));
        return told(Severity::Danger, operator, format!("{wad} of the stake with {name} may be taken from {time} on"));
    }
    if let Some(SlashExecuted { operator, taken, magnitude, .. }) = decode(log) {
        let (name, taken, magnitude) = (people.name(operator), Fraction(taken), Fraction(magnitude));
        return told(Severity::Notice, operator, format!("{taken} of {magnitude} of the stake with {name} was taken"));
    }
    if let Some(IRegistry::OperatorSuspended { operator }) = decode(log) {
        let sentence = format!("a fault of {} was proven: its signatures count no longer", people.name(operator));
        return told(Severity::Notice, operator, sentence);
    }
    if let Some(IGovernance::LimitsScheduled { token, effectiveAt, outflowPercent, .. }) = decode(log) {
        let time = at(effectiveAt);
        let sentence =
            format!("the token's limits change from {time} on, to an outflow of {outflowPercent}% per epoch");
        return told(Severity::Notice, token, sentence);
    }
    if let Some(PauseSet { flags, until }) = decode(log)
        && flags != 0
    {
        return told(Severity::Danger, log.address, format!("actions {flags} are paused until {}", at(until)));
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
        let sentence = &told.sentence;
        ensure!(
            sentence.starts_with("Crooked Op will let Bob take 25% more from 2025-08-14 00:00:00 UTC on"),
            "{sentence}"
        );
        // That is the first second of an epoch: queued in the last one of that before the last, it is out by then.
        assert_eq!(told.leave_before, Some(1_755_129_600 - 604_800));
        assert_eq!((told.severity, told.about), (Severity::Warning, operator));
        let silent =
            OptedIntoSlashing { operator, serviceManager: service, budget: arithmetic::wad::ONE, exclusive: true };
        let log = Log { address: Address::ZERO, data: silent.encode_log_data() };
        assert_eq!(warning(&people, &log), None);
        Ok(())
    }
}
