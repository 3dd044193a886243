//! The operations whose gas is measured, beside what the same cost two releases of EigenLayer.
//!
//! The peers' figures are recorded: they were measured once, of the contracts behind their proxies, with the intrinsic
//! part, on a plain EVM, in the same states (others hold stake, the token's rate is 1).

use crate::floor::Floor;
use crate::needs;

/// An operation.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// What it is.
    pub name: &'static str,
    /// The gas of the first release, the tag `mainnet-deployment`.
    pub peer: u64,
    /// The gas of the release with slashing, v1.3.0, if it has the operation.
    pub later_peer: Option<u64>,
    /// Who does it.
    pub role: Role,
    /// The most gas that it is meant to cost inside the cache.
    pub goal: u64,
    /// What its rules need.
    pub needs: fn(Floor) -> Floor,
}

/// Who does an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Who stakes. Outside the cache it is meant to cost no more than the first release.
    Staker,
    /// Who serves, challenges or executes.
    Service,
}

impl Operation {
    const fn staker(
        name: &'static str,
        peer: u64,
        later_peer: u64,
        hundredths: u64,
        needs: fn(Floor) -> Floor,
    ) -> Self {
        Self { role: Role::Staker, ..Self::service(name, peer, Some(later_peer), hundredths, needs) }
    }

    const fn service(
        name: &'static str,
        peer: u64,
        later_peer: Option<u64>,
        hundredths: u64,
        needs: fn(Floor) -> Floor,
    ) -> Self {
        Self { name, peer, later_peer, role: Role::Service, goal: peer * hundredths / 100, needs }
    }
}

/// A challenge is meant to cost no more than this, whatever a bare freeze costs the peer.
const CHALLENGE_GOAL: u64 = 180_000;

/// What is measured, in the order of the table, with the goal in hundredths of the first release.
pub const OPERATIONS: [Operation; 15] = [
    Operation::staker("stake: first of this staker", 179_875, 205_803, 55, needs::stake_first),
    Operation::staker("stake: more, idle", 118_146, 125_087, 65, needs::stake_more_idle),
    Operation::staker("stake: more, with an operator", 133_704, 132_435, 65, needs::stake_more),
    Operation::staker("delegate: one token", 103_777, 124_957, 65, needs::delegate),
    // v1.3.0: the first allocation of a part of the magnitude, to one strategy.
    Operation::service("opt into slashing", 67_988, Some(251_325), 100, needs::opt_in),
    Operation::service("register with a service", 164_655, Some(228_925), 100, needs::register),
    // v1.3.0 leaves that to the services.
    Operation::service("update an operator's stake", 85_653, None, 100, needs::update),
    // Of two checkpoints one needs a new word, in the operator's history and in that of the total.
    Operation::service("update an operator's stake: the next", 85_653, None, 100, needs::update),
    Operation::service("deregister", 85_285, Some(77_784), 100, needs::deregister),
    Operation::staker("queue a withdrawal: first", 139_640, 430_485, 65, needs::queue),
    Operation::staker("queue a withdrawal: later one", 122_540, 401_811, 65, needs::queue_beside),
    Operation::staker("complete as tokens", 121_664, 149_600, 65, needs::complete_as_tokens),
    Operation::staker("complete as shares", 102_901, 134_528, 65, needs::complete_as_shares),
    // The first release: a bare freeze; here two signatures are recovered, the proof is judged, and a request is
    // stored. v1.3.0 has no freeze.
    Operation {
        goal: CHALLENGE_GOAL,
        ..Operation::service("challenge, proof and freeze", 64_002, None, 0, needs::challenge)
    },
    // The first release: one staker's slash and the release.
    Operation::service("execute a slash and release", 172_126, None, 70, needs::execute),
];

/// The last two operations, which v1.3.0 does in one: a dispute, which judges nothing, slashes for the first time.
pub const FAULT: usize = 2;

/// What that costs there.
pub const LATER_PEER_FAULT: u64 = 271_038;
