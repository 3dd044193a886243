//! What challengers do, and whoever sees to it that slash requests end. A challenge carries the bond that the service
//! asks for. The chain keeps only the hash of a slash request: [`requests`](crate::requests) finds the whole.

use super::Verb;
use crate::attestation;
use crate::availability;
use crate::suite::{Service, Suite};
use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolEvent;
use interfaces::IDisputeResolution::{
    AvailabilityChallenged, BondWithdrawn, ChallengeAnswered, ChallengeRanOut, ChallengeRejected, ChallengeUpheld,
    SignedAttestation, Unavailability, answerChallengeCall, challengeAvailabilityCall, challengeCall,
    resolveChallengeCall, withdrawBondCall,
};
use interfaces::ISlasher::{
    SlashExecuted, SlashExpired, SlashRequest, SlashVetoed, closeExpiredRequestCall, executeSlashCall, vetoSlashCall,
};

/// Accuses an operator of two answers to one task.
pub fn equivocation(
    service: &Service,
    operator: Address,
    first: SignedAttestation,
    second: SignedAttestation,
    bond: U256,
) -> Verb<challengeCall> {
    let call = challengeCall { operator, evidence: attestation::equivocation(first, second) };
    let known_by = &[ChallengeUpheld::SIGNATURE_HASH, ChallengeRejected::SIGNATURE_HASH];
    Verb::new(service.dispute_resolution, call, known_by).carrying(bond)
}

/// Asks an operator for a leaf of data that it committed to
/// ([`SignedCommitment::leaf`](crate::availability::SignedCommitment::leaf)).
pub fn availability(
    service: &Service,
    operator: Address,
    leaf: &Unavailability,
    bond: U256,
) -> Verb<challengeAvailabilityCall> {
    let call = challengeAvailabilityCall { operator, evidence: availability::unavailability(leaf) };
    Verb::new(service.dispute_resolution, call, &[AvailabilityChallenged::SIGNATURE_HASH]).carrying(bond)
}

/// Opens the leaf that a challenge asks for, with its Merkle proof, by anyone.
pub fn answer(service: &Service, id: u64, leaf: Bytes, proof: Bytes) -> Verb<answerChallengeCall> {
    let call = answerChallengeCall { challengeId: id, leaf, proof };
    Verb::new(service.dispute_resolution, call, &[ChallengeAnswered::SIGNATURE_HASH])
}

/// Decides a challenge that nobody answered in time, by anyone.
pub fn resolve(service: &Service, id: u64) -> Verb<resolveChallengeCall> {
    let call = resolveChallengeCall { challengeId: id };
    Verb::new(service.dispute_resolution, call, &[ChallengeRanOut::SIGNATURE_HASH])
}

/// Withdraws the bonds that the sender was credited with.
pub fn withdraw_bond(service: &Service, recipient: Address) -> Verb<withdrawBondCall> {
    Verb::new(service.dispute_resolution, withdrawBondCall { recipient }, &[BondWithdrawn::SIGNATURE_HASH])
}

/// Executes a slash request after its challenge period, by anyone.
pub fn execute(suite: &Suite, id: u64, request: SlashRequest) -> Verb<executeSlashCall> {
    Verb::new(suite.slasher, executeSlashCall { requestId: id, request }, &[SlashExecuted::SIGNATURE_HASH])
}

/// Takes a slash request back: its resolver, until it can be executed.
pub fn veto(suite: &Suite, id: u64, request: SlashRequest) -> Verb<vetoSlashCall> {
    Verb::new(suite.slasher, vetoSlashCall { requestId: id, request }, &[SlashVetoed::SIGNATURE_HASH])
}

/// Closes a slash request that nobody executed in time, by anyone.
pub fn close(suite: &Suite, id: u64, request: SlashRequest) -> Verb<closeExpiredRequestCall> {
    Verb::new(suite.slasher, closeExpiredRequestCall { requestId: id, request }, &[SlashExpired::SIGNATURE_HASH])
}
