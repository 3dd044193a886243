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
    /// What its rules need.
    pub needs: fn(Floor) -> Floor,
}

impl Operation {
    const fn new(name: &'static str, peer: u64, later_peer: Option<u64>, needs: fn(Floor) -> Floor) -> Self {
        Self { name, peer, later_peer, needs }
    }
}

/// What is measured, in the order of the table.
pub const OPERATIONS: [Operation; 15] = [
    Operation::new("stake: first of this staker", 179_875, Some(205_803), needs::stake_first),
    Operation::new("stake: more, idle", 118_146, Some(125_087), needs::stake_more_idle),
    Operation::new("stake: more, with an operator", 133_704, Some(132_435), needs::stake_more),
    Operation::new("delegate: one token", 103_777, Some(124_957), needs::delegate),
    // v1.3.0: the first allocation of a part of the magnitude, to one strategy.
    Operation::new("opt into slashing", 67_988, Some(251_325), needs::opt_in),
    Operation::new("register with a service", 164_655, Some(228_925), needs::register),
    // v1.3.0 leaves that to the services.
    Operation::new("update an operator's stake", 85_653, None, needs::update),
    // Of two checkpoints one needs a new word, in the operator's history and in that of the total.
    Operation::new("update an operator's stake: the next", 85_653, None, needs::update),
    Operation::new("deregister", 85_285, Some(77_784), needs::deregister),
    Operation::new("queue a withdrawal: first", 139_640, Some(430_485), needs::queue),
    Operation::new("queue a withdrawal: later one", 122_540, Some(401_811), needs::queue_beside),
    Operation::new("complete as tokens", 121_664, Some(149_600), needs::complete_as_tokens),
    Operation::new("complete as shares", 102_901, Some(134_528), needs::complete_as_shares),
    // The first release: a bare freeze; here two signatures are recovered, the proof is judged, and a request is
    // stored. v1.3.0 has no freeze.
    Operation::new("challenge, proof and freeze", 64_002, None, needs::challenge),
    // The first release: one staker's slash and the release.
    Operation::new("execute a slash and release", 172_126, None, needs::execute),
];

/// The last two operations, which v1.3.0 does in one: a dispute, which judges nothing, slashes for the first time.
pub const FAULT: usize = 2;

/// What that costs there.
pub const LATER_PEER_FAULT: u64 = 271_038;
