//! Refusals of those who judge: of evidence, of answers to it, and of keys.

use crate::people::People;
use crate::refusal::Refusal;
use arithmetic::fault::NAMES;
use interfaces::IDisputeResolution::{
    AlreadyJudged, AnswerTooLate, AnswerWindowOpen, EvidenceExpired, EvidenceFromFuture, FaultKindIsOff,
    MalformedEvidence, NoBond, NoOpenChallenge, NotCommitted, NotSigned, OperatorNotRegistered, WrongOpening,
};
use interfaces::IRegistry::{InvalidKeyProof, SigningKeyInUse};
use interfaces::ISlasher::{SlashNotExpired, VetoWindowEnded};

/// A sentence about times of disputes.
pub(super) fn about_time(refusal: &Refusal, time: &dyn Fn(u64) -> String) -> Option<String> {
    if let Some(EvidenceExpired { deadline }) = refusal.decode() {
        return Some(format!("evidence of this task was good until {}", time(deadline)));
    }
    if let Some(EvidenceFromFuture { taskTime }) = refusal.decode() {
        return Some(format!("the task is set at {}: there is no evidence about it before", time(taskTime)));
    }
    if let Some(AnswerTooLate { deadline }) = refusal.decode() {
        return Some(format!("the leaf could be opened until {}", time(deadline)));
    }
    if let Some(AnswerWindowOpen { deadline }) = refusal.decode() {
        return Some(format!("the leaf can be opened until {}: resolve it then", time(deadline)));
    }
    if let Some(VetoWindowEnded { endedAt }) = refusal.decode() {
        return Some(format!("it could be vetoed until {}", time(endedAt)));
    }
    if let Some(SlashNotExpired { expiresAt }) = refusal.decode() {
        return Some(format!("it can be executed until {}: close it then", time(expiresAt)));
    }
    None
}

/// A sentence about what somebody presented.
pub(super) fn about_evidence(refusal: &Refusal, people: &People) -> Option<String> {
    if refusal.decode::<AlreadyJudged>().is_some() {
        return Some("this fault was proven before, or this leaf asked for".to_owned());
    }
    if let Some(OperatorNotRegistered { operator }) = refusal.decode() {
        return Some(format!("nobody called {} ever served here", people.name(operator)));
    }
    if let Some(FaultKindIsOff { kind }) = refusal.decode() {
        let name = NAMES.get(usize::from(kind)).copied().unwrap_or("this kind of fault");
        return Some(format!("the terms of the service did not punish {name} when the task was set"));
    }
    if let Some(NotSigned { operator }) = refusal.decode() {
        let operator = people.name(operator);
        return Some(format!("no key that {operator} had when the task was set signed this"));
    }
    if refusal.decode::<NotCommitted>().is_some() {
        return Some("the leaf is none of those that the operator said it keeps".to_owned());
    }
    if refusal.decode::<WrongOpening>().is_some() {
        return Some("this is not the leaf that was asked for: is it that file, in leaves of that size?".to_owned());
    }
    if refusal.decode::<MalformedEvidence>().is_some() {
        return Some("this is no evidence of the kind that is asked for".to_owned());
    }
    if let Some(NoOpenChallenge { challengeId }) = refusal.decode() {
        return Some(format!("challenge {challengeId} is not open: never opened, answered, or resolved already"));
    }
    if refusal.decode::<NoBond>().is_some() {
        return Some("there is no bond to withdraw".to_owned());
    }
    if refusal.decode::<InvalidKeyProof>().is_some() {
        return Some("the signing key did not sign that it signs for this operator of this service".to_owned());
    }
    if let Some(SigningKeyInUse { signingKey }) = refusal.decode() {
        return Some(format!("{} signs here already, or did: take a key of its own", people.name(signingKey)));
    }
    None
}
