//! What operators do, and what anyone may do for them. Budgets are wads of an operator's stake; a service that slashes
//! is named by the account that does it, which is the ServiceManager of the services here.

use super::Verb;
use crate::attestation::CompactSignature;
use crate::suite::{Service, Suite};
use alloy::primitives::{Address, B256};
use alloy::sol_types::SolEvent;
use interfaces::IRegistry::{
    KeyRotated, OperatorDeregistered, OperatorRegistered, StakeUpdated, deregisterOperatorCall, registerOperatorCall,
    rotateKeyCall, updateStakesCall,
};
use interfaces::ISlasher::{
    GrantAnnounced, GrantCancelled, OptedIntoSlashing, SlashingAbilityRevoked, activateGrantCall, clearLapsedGrantCall,
    optIntoSlashingCall, optOutOfSlashingCall, raiseBudgetCall,
};

/// By which a grant is known.
const GRANTED: &[B256] = &[OptedIntoSlashing::SIGNATURE_HASH, GrantAnnounced::SIGNATURE_HASH];

/// Lets `service` slash up to `budget`: at once while nobody else's stake is with the operator, after a notice
/// otherwise. What is exclusive nobody else can slash.
pub fn opt_in(suite: &Suite, service: Address, budget: u64, exclusive: bool) -> Verb<optIntoSlashingCall> {
    let call = optIntoSlashingCall { serviceManager: service, budget, exclusive };
    Verb::new(suite.slasher, call, GRANTED)
}

/// Raises what is left of a budget to `budget`, at once or after a notice as [`opt_in`].
pub fn raise(suite: &Suite, service: Address, budget: u64) -> Verb<raiseBudgetCall> {
    Verb::new(suite.slasher, raiseBudgetCall { serviceManager: service, budget }, GRANTED)
}

/// Puts what `operator` announced into force when its notice has ended, by anyone.
pub fn activate(suite: &Suite, operator: Address, service: Address) -> Verb<activateGrantCall> {
    let call = activateGrantCall { operator, serviceManager: service };
    Verb::new(suite.slasher, call, &[OptedIntoSlashing::SIGNATURE_HASH])
}

/// Clears what `operator` announced and did not put into force in time, by anyone.
pub fn clear_lapsed(suite: &Suite, operator: Address, service: Address) -> Verb<clearLapsedGrantCall> {
    let call = clearLapsedGrantCall { operator, serviceManager: service };
    Verb::new(suite.slasher, call, &[GrantCancelled::SIGNATURE_HASH])
}

/// Ends a grant; the service can slash until the end of the next epoch.
pub fn opt_out(suite: &Suite, service: Address) -> Verb<optOutOfSlashingCall> {
    let call = optOutOfSlashingCall { serviceManager: service };
    Verb::new(suite.slasher, call, &[SlashingAbilityRevoked::SIGNATURE_HASH])
}

/// Joins a service, signing with a key that proves to be the operator's
/// ([`Domain::bind_key`](crate::attestation::Domain::bind_key)).
pub fn register(service: &Service, signing_key: Address, proof: CompactSignature) -> Verb<registerOperatorCall> {
    let CompactSignature { r, vs } = proof;
    let call = registerOperatorCall { signingKey: signing_key, r, vs };
    Verb::new(service.registry, call, &[OperatorRegistered::SIGNATURE_HASH])
}

/// Signs with another key from now on, that proves to be the operator's.
pub fn rotate_key(service: &Service, signing_key: Address, proof: CompactSignature) -> Verb<rotateKeyCall> {
    let CompactSignature { r, vs } = proof;
    Verb::new(service.registry, rotateKeyCall { signingKey: signing_key, r, vs }, &[KeyRotated::SIGNATURE_HASH])
}

/// Leaves a service.
pub fn deregister(service: &Service) -> Verb<deregisterOperatorCall> {
    Verb::new(service.registry, deregisterOperatorCall {}, &[OperatorDeregistered::SIGNATURE_HASH])
}

/// Has operators weighed again, by anyone. Of one whose weight stays nothing is logged.
pub fn update(service: &Service, operators: Vec<Address>) -> Verb<updateStakesCall> {
    Verb::new(service.registry, updateStakesCall { operators }, &[StakeUpdated::SIGNATURE_HASH])
}
