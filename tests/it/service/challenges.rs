//! Challenges that are refused before they are judged.

use alloy::primitives::{Address, U256};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IDisputeResolution::{
    AlreadyJudged, ChallengeRejected, OperatorNotRegistered, WrongBond, bondOfCall, challengeCall,
};
use interfaces::ILens::grantCall;
use interfaces::ISlasher::{CannotSlash, optOutOfSlashingCall};
use restake::chain::event;
use restake::judgements::equivocation_id;
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

/// Also where nothing accuses it: nobody has a bond to win.
#[tokio::test]
async fn who_never_served_wins_no_bond() -> Result<()> {
    let world = World::new().await?;
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    let signed = world.attest(&world.cast.dishonest, 1).await?;
    for operator in [world.dishonest(), Address::ZERO] {
        let call = World::challenge_call(operator, signed.clone(), signed.clone());
        let expected = OperatorNotRegistered { operator };
        world.refuse_paying(&world.cast.accuser, disputes, &call, bond, &expected).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_same_proof_is_judged_once() -> Result<()> {
    let (world, proof) = fault().await?;
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    let expected = AlreadyJudged { evidence: equivocation_id(world.dishonest(), TASK, world.chain.now().await?) };
    world.challenge(&world.cast.challenger, &proof).await?;
    world.refuse_paying(&world.cast.accuser, disputes, &proof, bond, &expected).await
}

#[tokio::test]
async fn a_proven_fault_is_not_proven_again_by_the_other_order_or_a_third_answer() -> Result<()> {
    let (world, first) = fault().await?;
    let (disputes, bond) = (world.suite.service.dispute_resolution, world.parameters.bond);
    let expected = AlreadyJudged { evidence: equivocation_id(world.dishonest(), TASK, world.chain.now().await?) };
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

/// Nothing is remembered of it: its price is the bond, each time.
#[tokio::test]
async fn the_same_false_evidence_costs_a_bond_each_time() -> Result<()> {
    let world = World::new().await?;
    world.join(&world.cast.dishonest, ONE).await?;
    let disputes = world.suite.service.dispute_resolution;
    let equal = proof(&world, [1, 1]).await?;
    for _ in 0..2 {
        let receipt = world.challenge(&world.cast.accuser, &equal).await?;
        assert!(event::<ChallengeRejected>(&receipt, disputes).is_some());
    }
    let won = world.chain.view(disputes, &bondOfCall { account: world.dishonest() }).await?;
    assert_eq!(won, world.parameters.bond * U256::from(2));
    Ok(())
}

#[tokio::test]
async fn a_fault_cannot_be_proven_after_the_grant_has_ended() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.dishonest, world.suite.service);
    world.join(operator, ONE).await?;
    let opt_out = optOutOfSlashingCall { serviceManager: service.service_manager };
    world.act(operator, world.suite.slasher, &opt_out).await?;
    let grant = grantCall { operator: operator.address, serviceManager: service.service_manager };
    let until = world.chain.view(world.suite.lens, &grant).await?.canSlashUntil;
    world.chain.travel_to(until + 1).await?;
    let expected = CannotSlash { operator: operator.address, canSlashUntil: until };
    let (proof, bond) = (proof(&world, [1, 2]).await?, world.parameters.bond);
    world.refuse_paying(&world.cast.challenger, service.dispute_resolution, &proof, bond, &expected).await
}
