//! Challenges that are refused before they are judged.

use alloy::primitives::{B256, U256, keccak256};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IDisputeResolution::{AlreadyJudged, EvidenceExpired, OperatorNotRegistered, WrongBond, challengeCall};
use interfaces::ISlasher::{CannotSlash, SlashBudgetExhausted, grantCall, optOutOfSlashingCall};
use restake_tests::{TASK, World};

/// A world with a dishonest operator that has just given two answers, and the challenge that proves it.
async fn fault() -> Result<(World, challengeCall)> {
    let world = World::new().await?;
    world.join(&world.cast.dishonest, ONE).await?;
    let proof = proof(&world, [1, 2]).await?;
    Ok((world, proof))
}

/// The dishonest operator's two answers to the task set now, as a challenge.
async fn proof(world: &World, [first, second]: [u64; 2]) -> Result<challengeCall> {
    let operator = &world.cast.dishonest;
    let answers = (world.attest(operator, first).await?, world.attest(operator, second).await?);
    Ok(World::challenge_call(operator.address, answers.0, answers.1))
}

/// The name of the fault of answering [`TASK`], set at `task_time`, twice: keccak256(operator ‖ keccak256(task ‖ taskTime)).
fn fault_name(world: &World, task_time: u64) -> B256 {
    let fault = keccak256([TASK.as_slice(), &task_time.to_be_bytes()].concat());
    keccak256([world.dishonest().as_slice(), fault.as_slice()].concat())
}

#[tokio::test]
async fn a_challenge_carries_exactly_the_bond() -> Result<()> {
    let (world, proof) = fault().await?;
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    for sent in [U256::ZERO, bond - U256::ONE, bond + U256::ONE] {
        world.refuse_paying(&world.cast.challenger, disputes, &proof, sent, &WrongBond { sent, bond }).await?;
    }
    world.challenge(&world.cast.challenger, &proof).await?;
    Ok(())
}

#[tokio::test]
async fn who_never_served_is_not_challenged() -> Result<()> {
    let world = World::new().await?;
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    let expected = OperatorNotRegistered { operator: world.dishonest() };
    let proof = proof(&world, [1, 2]).await?;
    world.refuse_paying(&world.cast.challenger, disputes, &proof, bond, &expected).await
}

#[tokio::test]
async fn a_fault_can_be_proven_in_the_last_second_of_the_window() -> Result<()> {
    let (world, proof) = fault().await?;
    world.chain.travel_to(world.chain.now().await? + world.parameters.challenge_window).await?;
    world.challenge(&world.cast.challenger, &proof).await?;
    assert!(world.is_frozen(world.dishonest()).await?);
    Ok(())
}

#[tokio::test]
async fn a_fault_cannot_be_proven_one_second_after_the_window() -> Result<()> {
    let (world, proof) = fault().await?;
    let deadline = world.chain.now().await? + world.parameters.challenge_window;
    world.chain.travel_to(deadline + 1).await?;
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    let expected = EvidenceExpired { deadline };
    world.refuse_paying(&world.cast.challenger, disputes, &proof, bond, &expected).await
}

#[tokio::test]
async fn the_same_proof_is_judged_once() -> Result<()> {
    let (world, proof) = fault().await?;
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    let expected = AlreadyJudged { evidence: fault_name(&world, world.chain.now().await?) };
    world.challenge(&world.cast.challenger, &proof).await?;
    world.refuse_paying(&world.cast.accuser, disputes, &proof, bond, &expected).await
}

#[tokio::test]
async fn a_proven_fault_is_not_proven_again_by_the_other_order_or_a_third_answer() -> Result<()> {
    let (world, first) = fault().await?;
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    let expected = AlreadyJudged { evidence: fault_name(&world, world.chain.now().await?) };
    world.challenge(&world.cast.challenger, &first).await?;
    for answers in [[2, 1], [1, 3], [3, 4]] {
        let again = proof(&world, answers).await?;
        world.refuse_paying(&world.cast.accuser, disputes, &again, bond, &expected).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_same_task_at_another_time_is_another_fault() -> Result<()> {
    let (world, first) = fault().await?;
    world.challenge(&world.cast.challenger, &first).await?;
    world.chain.travel_to(world.chain.now().await? + 1).await?;
    let second = proof(&world, [1, 2]).await?;
    world.challenge(&world.cast.challenger, &second).await?;
    Ok(())
}

#[tokio::test]
async fn the_same_false_evidence_is_judged_once() -> Result<()> {
    let world = World::new().await?;
    world.join(&world.cast.dishonest, ONE).await?;
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    let equal = proof(&world, [1, 1]).await?;
    world.challenge(&world.cast.accuser, &equal).await?;
    let name = keccak256([world.dishonest().as_slice(), &equal.evidence].concat());
    let expected = AlreadyJudged { evidence: name };
    world.refuse_paying(&world.cast.challenger, disputes, &equal, bond, &expected).await
}

#[tokio::test]
async fn a_fault_cannot_be_proven_after_the_grant_has_ended() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.dishonest, world.suite.service);
    world.join(operator, ONE).await?;
    let opt_out = optOutOfSlashingCall { serviceManager: service.service_manager };
    world.act(operator, world.suite.slasher, &opt_out).await?;
    let grant = grantCall { operator: operator.address, serviceManager: service.service_manager };
    let until = world.chain.view(world.suite.slasher, &grant).await?.canSlashUntil;
    world.chain.travel_to(until + 1).await?;
    let expected = CannotSlash { operator: operator.address, canSlashUntil: until };
    let (proof, bond) = (proof(&world, [1, 2]).await?, world.parameters.bond);
    world.refuse_paying(&world.cast.challenger, service.dispute_resolution, &proof, bond, &expected).await
}

#[tokio::test]
async fn a_fault_beyond_the_budget_cannot_be_proven() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.dishonest;
    // One fault costs half of the stake, which is all that the operator granted.
    world.join(operator, ONE / 2).await?;
    world.freeze(operator).await?;
    world.chain.travel_to(world.chain.now().await? + 1).await?;
    let expected = SlashBudgetExhausted { operator: operator.address };
    let (proof, bond) = (proof(&world, [1, 2]).await?, world.parameters.bond);
    let disputes = world.suite.service.dispute_resolution;
    world.refuse_paying(&world.cast.challenger, disputes, &proof, bond, &expected).await
}
