//! What the rules of the design need of each operation, in the state in which it is measured.
//!
//! Facts that change together share a word as far as they fit into one.

use crate::floor::Floor;
use crate::rule::Rule::{Books, Consent, Contracts, Exit, Flow, Freeze, Guarantee, Queue, Verdicts, Weight};

const TOKEN_POOL: &str = "token-pool";
const STRATEGY_MANAGER: &str = "strategy-manager";
const SLASHER: &str = "slasher";
const REGISTRY: &str = "registry";
const SERVICE_MANAGER: &str = "service-manager";
const DISPUTE_RESOLUTION: &str = "dispute-resolution";

/// What is in a log of a request: its service, wad, capture, challenger, recipient, time and resolver.
const REQUEST: u64 = 7 * 32;

/// The topics of a log about one operator.
const OF_OPERATOR: u64 = 2;

pub(crate) fn stake_first(floor: Floor) -> Floor {
    credited(floor.path(Flow, &[TOKEN_POOL, STRATEGY_MANAGER])).created(Contracts, "the position").pulled()
}

pub(crate) fn stake_more_idle(floor: Floor) -> Floor {
    credited(floor.path(Flow, &[TOKEN_POOL, STRATEGY_MANAGER])).changed(Contracts, "the position").pulled()
}

pub(crate) fn stake_more(floor: Floor) -> Floor {
    let floor = joins(floor.path(Flow, &[TOKEN_POOL, STRATEGY_MANAGER, SLASHER]));
    credited(floor).changed(Contracts, "the position").pulled()
}

pub(crate) fn delegate(floor: Floor) -> Floor {
    joins(floor.path(Flow, &[TOKEN_POOL, STRATEGY_MANAGER, SLASHER]))
        .changed(Contracts, "the idle pool")
        .changed(Contracts, "the idle position")
        .changed(Contracts, "the operator's pool")
        .created(Contracts, "the position with the operator")
}

pub(crate) fn opt_in(floor: Floor) -> Floor {
    floor
        .path(Consent, &[SLASHER, STRATEGY_MANAGER])
        .created(Guarantee, "the operator's sums")
        .created(Guarantee, "the grant")
        .read(Guarantee, "which tokens there are")
        .read(Consent, "the operator's pool")
        .read(Consent, "the bucket of the next release")
        .read(Consent, "the bucket of the release after it")
}

pub(crate) fn register(floor: Floor) -> Floor {
    weighed(floor.path(Flow, &[REGISTRY, SERVICE_MANAGER, SLASHER]))
        .read(Flow, "the minimum stake")
        .created(Contracts, "the operator and its key")
        .created(Verdicts, "whose key it is, and since when")
        .created(Weight, "the operator's history")
        .created(Weight, "the history of the total")
}

pub(crate) fn update(floor: Floor) -> Floor {
    weighed(floor.path(Weight, &[REGISTRY, SLASHER]))
        .read(Weight, "the operator, which may be suspended")
        .changed(Weight, "the operator's history")
        .changed(Weight, "the history of the total")
}

pub(crate) fn deregister(floor: Floor) -> Floor {
    floor
        .path(Flow, &[REGISTRY, SERVICE_MANAGER, SLASHER])
        .read(Contracts, "the operator and its key")
        .changed(Verdicts, "until when the key counts")
        .changed(Weight, "the operator's history")
        .changed(Weight, "the history of the total")
        .changed(Guarantee, "when the grant ends")
}

pub(crate) fn queue(floor: Floor) -> Floor {
    frozen(floor.path(Flow, &[TOKEN_POOL, STRATEGY_MANAGER, SLASHER]))
        .read(Freeze, "pauses of queueing")
        .read(Queue, "the outflow limit and what is owed")
        .changed(Contracts, "the pool")
        .changed(Contracts, "the position, and the withdrawal with it")
        .created(Contracts, "the bucket")
}

/// The same while another withdrawal, of an earlier release, is on its way.
pub(crate) fn queue_beside(floor: Floor) -> Floor {
    queue(floor).created(Contracts, "the withdrawal, beside another")
}

pub(crate) fn complete_as_tokens(floor: Floor) -> Floor {
    released(floor).changed(Queue, "the outflow limit and what is owed").pushed()
}

pub(crate) fn complete_as_shares(floor: Floor) -> Floor {
    released(floor).read(Queue, "the outflow limit").changed(Contracts, "the pool").changed(Contracts, "the position")
}

pub(crate) fn challenge(floor: Floor) -> Floor {
    floor
        .path(Flow, &[DISPUTE_RESOLUTION, SERVICE_MANAGER, SLASHER])
        .started(Verdicts, REGISTRY, 1)
        .recovered(Verdicts, "who signed the one answer")
        .recovered(Verdicts, "who signed the other")
        .read(Verdicts, "whose key it is, and since when")
        .created(Verdicts, "the fault, which is used up")
        .paid(Books, "the bond, back to the challenger")
        .changed(Weight, "the operator, suspended")
        .read(Verdicts, "the terms: wads by kind, and since when")
        .read(Contracts, "the terms: recipient and the challenger's share")
        .read(Verdicts, "the terms: resolver")
        .changed(Guarantee, "the grant")
        .changed(Freeze, "the operator's sums, frozen")
        .created(Freeze, "open requests by epoch")
        .created(Contracts, "the request")
        .logged(Flow, "OperatorFrozen", OF_OPERATOR, 0)
        .logged(Contracts, "what the request is", OF_OPERATOR, REQUEST)
}

pub(crate) fn execute(floor: Floor) -> Floor {
    floor
        .path(Flow, &[SLASHER, STRATEGY_MANAGER])
        .read(Verdicts, "pauses of executing")
        .cleared(Contracts, "the request")
        .changed(Guarantee, "the grant")
        .changed(Guarantee, "the operator's sums, released")
        .changed(Freeze, "open requests by epoch")
        .logged(Flow, "FrozenStatusReset", OF_OPERATOR, 0)
        .read(Guarantee, "which tokens there are")
        .changed(Guarantee, "the operator's pool")
        .read(Guarantee, "the bucket of the next release")
        .read(Guarantee, "the bucket of the release after it")
        .created(Exit, "what the challenger gets")
        .created(Exit, "what the recipient gets")
}

/// Stake that comes from outside.
fn credited(floor: Floor) -> Floor {
    floor.changed(Queue, "what is owed of the token").changed(Contracts, "the pool")
}

/// Stake that joins an operator.
fn joins(floor: Floor) -> Floor {
    floor.read(Consent, "the operator's sums: commitment, frozen")
}

/// Stake that leaves an operator.
fn frozen(floor: Floor) -> Floor {
    floor.read(Freeze, "the operator's sums: frozen")
}

/// A withdrawal, the last of its bucket, that leaves it.
fn released(floor: Floor) -> Floor {
    frozen(floor.path(Flow, &[TOKEN_POOL, STRATEGY_MANAGER, SLASHER]))
        .read(Exit, "pauses of completing")
        .cleared(Contracts, "the bucket")
        .changed(Contracts, "the position, and the withdrawal with it")
}

/// What the Registry asks when it weighs an operator.
fn weighed(floor: Floor) -> Floor {
    floor
        .started(Guarantee, STRATEGY_MANAGER, 1)
        .read(Contracts, "what the token weighs")
        .read(Weight, "the admission contract")
        .read(Guarantee, "the grant")
        .read(Guarantee, "the operator's sums")
        .read(Guarantee, "the operator's pool")
}
