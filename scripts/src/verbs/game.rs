//! What the two sides of a game about a computation do, and whoever ends one.

use super::Verb;
use crate::computation::SignedComputation;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::sol_types::SolEvent;
use interfaces::IBisection::{
    ComputationChallenged, GameEnded, StateJudged, StateNamed, StepExecuted, StepPassed, challengeComputationCall,
    executeStepCall, judgeStateCall, nameStateCall, passStepCall, resolveGameCall, withdrawBondCall,
    withdrawDepositCall,
};
use interfaces::IDisputeResolution::BondWithdrawn;

/// Says that an operator signed a wrong result.
pub fn open(
    bisection: Address,
    operator: Address,
    signed: &SignedComputation,
    bond: U256,
) -> Verb<challengeComputationCall> {
    let call = challengeComputationCall { operator, evidence: signed.evidence() };
    Verb::new(bisection, call, &[ComputationChallenged::SIGNATURE_HASH]).carrying(bond)
}

/// Names the state after `at` steps, with the operator's deposit where it has none.
pub fn name(bisection: Address, game: u64, at: u64, state: B256, deposit: U256) -> Verb<nameStateCall> {
    let call = nameStateCall { gameId: game, at, state };
    Verb::new(bisection, call, &[StateNamed::SIGNATURE_HASH]).carrying(deposit)
}

/// Says whether the state that the operator named after `at` steps is right.
pub fn judge(bisection: Address, game: u64, at: u64, state: B256, agrees: bool) -> Verb<judgeStateCall> {
    Verb::new(bisection, judgeStateCall { gameId: game, at, state, agrees }, &[StateJudged::SIGNATURE_HASH])
}

/// Executes the step that is left, by anyone who can open what it touches.
pub fn execute(bisection: Address, game: u64, witness: Bytes) -> Verb<executeStepCall> {
    Verb::new(bisection, executeStepCall { gameId: game, witness }, &[StepExecuted::SIGNATURE_HASH])
}

/// Leaves the step to the operator.
pub fn pass(bisection: Address, game: u64) -> Verb<passStepCall> {
    Verb::new(bisection, passStepCall { gameId: game }, &[StepPassed::SIGNATURE_HASH])
}

/// Ends a game whose clock ran out, or freezes for one that is won, by anyone.
pub fn resolve(bisection: Address, game: u64) -> Verb<resolveGameCall> {
    Verb::new(bisection, resolveGameCall { gameId: game }, &[GameEnded::SIGNATURE_HASH])
}

/// Withdraws the bonds that the sender was credited with.
pub fn withdraw_bond(bisection: Address, recipient: Address) -> Verb<withdrawBondCall> {
    Verb::new(bisection, withdrawBondCall { recipient }, &[BondWithdrawn::SIGNATURE_HASH])
}

/// Takes the deposit back of an operator without open games.
pub fn withdraw_deposit(bisection: Address, recipient: Address) -> Verb<withdrawDepositCall> {
    Verb::new(bisection, withdrawDepositCall { recipient }, &[BondWithdrawn::SIGNATURE_HASH])
}
