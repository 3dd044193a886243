//! Calls of the ABI itself, for tests of a contract's edges: which contract they go to, and what they carry, is the
//! test's. What people do is in [`restake::verbs`].

use crate::world::World;
use alloy::primitives::Address;
use interfaces::IDisputeResolution::SignedAttestation;
use interfaces::{IDisputeResolution, IGovernance, ISlasher};
use restake::attestation::equivocation;

impl World {
    /// The call that accuses `operator` of having signed both.
    pub fn challenge_call(
        operator: Address,
        first: SignedAttestation,
        second: SignedAttestation,
    ) -> IDisputeResolution::challengeCall {
        IDisputeResolution::challengeCall { operator, evidence: equivocation(first, second) }
    }

    /// The call that lets `service` slash up to `budget` (wad), in the exclusive tier.
    pub fn grant_call(service: Address, budget: u64) -> ISlasher::optIntoSlashingCall {
        ISlasher::optIntoSlashingCall { serviceManager: service, budget, exclusive: true }
    }

    /// The call that lists `token` with a `cap`, without other limits.
    pub fn list_call(token: Address, cap: u128) -> IGovernance::addStrategyCall {
        IGovernance::addStrategyCall { token, cap, depositPercent: 100, outflowPercent: 0 }
    }
}
