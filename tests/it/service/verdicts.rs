//! Challenges that are judged and do not hold.

use alloy::primitives::{B256, keccak256};
use alloy::providers::Provider;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IDisputeResolution::{
    ChallengeRejected, ChallengeUpheld, SignedAttestation, bondOfCall, challengeCall, isJudgedCall,
};
use restake::attestation::Domain;
use restake::chain::event;
use restake_tests::{TASK, World};

/// A world with an operator that serves and is accused.
async fn accused() -> Result<World> {
    let world = World::new().await?;
    world.join(&world.cast.honest, ONE).await?;
    Ok(world)
}

/// The accusation is false: the operator gets the bond, and nothing else happens to it.
async fn reject(world: &World, first: SignedAttestation, second: SignedAttestation) -> Result<()> {
    let (operator, disputes, bond) = (world.honest(), world.suite.service.dispute_resolution, world.parameters.bond);
    let accuser = &world.cast.accuser;
    let call = World::challenge_call(operator, first, second);
    assert!(!world.chain.simulate(accuser.address, disputes, &call, bond).await?, "the answer is the verdict");

    let receipt = world.challenge(accuser, &call).await?;

    let evidence = keccak256([operator.as_slice(), &call.evidence].concat());
    let rejected = ChallengeRejected { operator, challenger: accuser.address, evidence, bond };
    assert_eq!(event::<ChallengeRejected>(&receipt, disputes), Some(rejected));
    assert_eq!(receipt.logs().len(), 1, "and no other event");
    assert!(world.chain.view(disputes, &isJudgedCall { evidence }).await?);
    assert_eq!(world.chain.view(disputes, &bondOfCall { account: operator }).await?, bond);
    assert_eq!(world.chain.view(disputes, &bondOfCall { account: accuser.address }).await?.to::<u64>(), 0);
    assert!(!world.is_frozen(operator).await?);
    Ok(())
}

#[tokio::test]
async fn answers_signed_by_somebody_else_prove_nothing() -> Result<()> {
    let world = accused().await?;
    let stranger = &world.cast.accuser;
    reject(&world, world.attest(stranger, 1).await?, world.attest(stranger, 2).await?).await
}

#[tokio::test]
async fn answers_signed_by_another_operator_prove_nothing() -> Result<()> {
    let world = accused().await?;
    let other = &world.cast.dishonest;
    world.join(other, ONE).await?;
    reject(&world, world.attest(other, 1).await?, world.attest(other, 2).await?).await
}

#[tokio::test]
async fn one_answer_of_the_operator_and_one_of_somebody_else_prove_nothing() -> Result<()> {
    for (first, second) in [(1, 2), (2, 1)] {
        let world = accused().await?;
        let (honest, stranger) =
            (world.attest(&world.cast.honest, first).await?, world.attest(&world.cast.accuser, second).await?);
        if first < second { reject(&world, honest, stranger).await? } else { reject(&world, stranger, honest).await? }
    }
    Ok(())
}

#[tokio::test]
async fn an_answer_without_a_signature_proves_nothing() -> Result<()> {
    let world = accused().await?;
    let signed = world.attest(&world.cast.honest, 1).await?;
    let unsigned =
        SignedAttestation { answer: B256::with_last_byte(2), r: B256::ZERO, vs: B256::ZERO, ..signed.clone() };
    reject(&world, signed, unsigned).await
}

#[tokio::test]
async fn a_signature_of_another_answer_proves_nothing() -> Result<()> {
    let world = accused().await?;
    let signed = world.attest(&world.cast.honest, 1).await?;
    let forged = SignedAttestation { answer: B256::with_last_byte(2), ..signed.clone() };
    reject(&world, signed, forged).await
}

#[tokio::test]
async fn the_same_answer_twice_proves_nothing() -> Result<()> {
    let world = accused().await?;
    let signed = world.attest(&world.cast.honest, 1).await?;
    reject(&world, signed.clone(), signed).await
}

#[tokio::test]
async fn answers_to_two_tasks_prove_nothing() -> Result<()> {
    let world = accused().await?;
    let (key, now) = (&world.cast.honest.key, world.chain.now().await?);
    let first = world.attest(&world.cast.honest, 1).await?;
    let other_task = keccak256(TASK);
    let second = world.domain().await?.attest(key, other_task, now, B256::with_last_byte(2))?;
    reject(&world, first, second).await
}

#[tokio::test]
async fn answers_to_a_task_set_at_two_times_prove_nothing() -> Result<()> {
    let world = accused().await?;
    let first = world.attest(&world.cast.honest, 1).await?;
    world.chain.travel_to(first.taskTime + 1).await?;
    let second = world.attest(&world.cast.honest, 2).await?;
    reject(&world, first, second).await
}

#[tokio::test]
async fn answers_for_another_service_prove_nothing() -> Result<()> {
    let world = accused().await?;
    let chain_id = world.chain.provider().get_chain_id().await?;
    let elsewhere = Domain::new(chain_id, world.suite.service.dispute_resolution);
    let (key, now) = (&world.cast.honest.key, world.chain.now().await?);
    let first = elsewhere.attest(key, TASK, now, B256::with_last_byte(1))?;
    let second = elsewhere.attest(key, TASK, now, B256::with_last_byte(2))?;
    reject(&world, first, second).await
}

#[tokio::test]
async fn answers_for_another_chain_prove_nothing() -> Result<()> {
    let world = accused().await?;
    let chain_id = world.chain.provider().get_chain_id().await?;
    let elsewhere = Domain::new(chain_id + 1, world.suite.service.service_manager);
    let (key, now) = (&world.cast.honest.key, world.chain.now().await?);
    let first = elsewhere.attest(key, TASK, now, B256::with_last_byte(1))?;
    let second = elsewhere.attest(key, TASK, now, B256::with_last_byte(2))?;
    reject(&world, first, second).await
}

#[tokio::test]
async fn an_operator_cannot_have_its_own_fault_rejected_in_advance() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let (first, second) = (world.attest(operator, 1).await?, world.attest(operator, 2).await?);
    let spoilt: [challengeCall; 3] = [
        World::challenge_call(operator.address, first.clone(), first.clone()),
        World::challenge_call(operator.address, SignedAttestation { r: B256::ZERO, ..first.clone() }, second.clone()),
        World::challenge_call(operator.address, first.clone(), SignedAttestation { r: B256::ZERO, ..second.clone() }),
    ];
    for call in spoilt {
        let receipt = world.challenge(operator, &call).await?;
        assert!(event::<ChallengeRejected>(&receipt, disputes).is_some());
    }
    let proof = World::challenge_call(operator.address, first, second);
    let receipt = world.challenge(&world.cast.challenger, &proof).await?;
    assert!(event::<ChallengeUpheld>(&receipt, disputes).is_some());
    assert!(world.is_frozen(operator.address).await?);
    Ok(())
}
