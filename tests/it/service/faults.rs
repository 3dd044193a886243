//! Faults that are proven.

use alloy::primitives::keccak256;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IDisputeResolution::{ChallengeUpheld, bondOfCall, isJudgedCall};
use interfaces::IRegistry::deregisterOperatorCall;
use interfaces::ISlasher::{OperatorFrozen, SlashRequested};
use restake::chain::event;
use restake_tests::{TASK, World};

#[tokio::test]
async fn a_proven_fault_freezes_by_the_terms_and_gives_the_bond_back() -> Result<()> {
    let world = World::new().await?;
    let (operator, disputes) = (&world.cast.dishonest, world.suite.service.dispute_resolution);
    world.join(operator, ONE).await?;
    let (challenger, bond) = (&world.cast.challenger, world.parameters.bond);
    let (now, address) = (world.chain.now().await?, operator.address);
    let proof = World::challenge_call(address, world.attest(operator, 1).await?, world.attest(operator, 2).await?);
    assert!(world.chain.simulate(challenger.address, disputes, &proof, bond).await?, "the answer is the verdict");

    let receipt = world.challenge(challenger, &proof).await?;

    let fault = keccak256([TASK.as_slice(), &now.to_be_bytes()].concat());
    let evidence = keccak256([address.as_slice(), fault.as_slice()].concat());
    let upheld = ChallengeUpheld { operator: address, challenger: challenger.address, evidence, requestId: 0 };
    assert_eq!(event::<ChallengeUpheld>(&receipt, disputes), Some(upheld));
    let service = world.suite.service.service_manager;
    let frozen = OperatorFrozen { operator: address, serviceManager: service };
    assert_eq!(event::<OperatorFrozen>(&receipt, world.suite.slasher), Some(frozen));
    let requested = event::<SlashRequested>(&receipt, world.suite.slasher);
    let asked = requested.map(|request| (request.serviceManager, request.wad, request.challenger));
    assert_eq!(asked, Some((service, world.parameters.equivocation_wad, challenger.address)));
    assert!(world.chain.view(disputes, &isJudgedCall { evidence }).await?);
    assert_eq!(world.chain.view(disputes, &bondOfCall { account: challenger.address }).await?, bond);
    assert!(world.chain.view(disputes, &bondOfCall { account: address }).await?.is_zero());
    assert!(world.is_frozen(address).await?);
    Ok(())
}

#[tokio::test]
async fn a_fault_is_provable_after_the_operator_left() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.dishonest;
    world.join(operator, ONE).await?;
    let proof =
        World::challenge_call(operator.address, world.attest(operator, 1).await?, world.attest(operator, 2).await?);
    let deadline = world.chain.now().await? + world.parameters.challenge_window;
    world.act(operator, world.suite.service.registry, &deregisterOperatorCall {}).await?;
    world.chain.travel_to(deadline).await?;
    world.challenge(&world.cast.challenger, &proof).await?;
    assert!(world.is_frozen(operator.address).await?);
    Ok(())
}

/// A world whose dishonest operator left, came back with Bob's key, and still has its first one: its own.
async fn with_a_second_key() -> Result<World> {
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.dishonest, world.suite.service.registry);
    world.join(operator, ONE).await?;
    world.act(operator, registry, &deregisterOperatorCall {}).await?;
    world.chain.travel_to(world.chain.now().await? + EPOCH_SECONDS + 1).await?;
    world.opt_in(operator, ONE).await?;
    world.act(operator, registry, &world.register_call(operator, &world.cast.bob).await?).await?;
    Ok(world)
}

#[tokio::test]
async fn a_fault_of_an_old_key_is_provable_after_the_operator_took_another() -> Result<()> {
    let world = with_a_second_key().await?;
    let (operator, old_key) = (world.dishonest(), &world.cast.dishonest);
    let proof = World::challenge_call(operator, world.attest(old_key, 1).await?, world.attest(old_key, 2).await?);
    world.challenge(&world.cast.challenger, &proof).await?;
    assert!(world.is_frozen(operator).await?);
    Ok(())
}

#[tokio::test]
async fn answers_of_two_keys_of_one_operator_are_a_fault() -> Result<()> {
    let world = with_a_second_key().await?;
    let (operator, old_key, new_key) = (world.dishonest(), &world.cast.dishonest, &world.cast.bob);
    let proof = World::challenge_call(operator, world.attest(old_key, 1).await?, world.attest(new_key, 2).await?);
    world.challenge(&world.cast.challenger, &proof).await?;
    assert!(world.is_frozen(operator).await?);
    Ok(())
}

#[tokio::test]
async fn the_contract_and_the_client_hash_attestations_alike() -> Result<()> {
    let world = World::new().await?;
    let signed = world.attest(&world.cast.honest, 7).await?;
    let attestation = interfaces::IDisputeResolution::Attestation {
        task: signed.task,
        taskTime: signed.taskTime,
        answer: signed.answer,
    };
    let call = interfaces::IDisputeResolution::attestationHashCall {
        task: signed.task,
        taskTime: signed.taskTime,
        answer: signed.answer,
    };
    let hash = world.chain.view(world.suite.service.dispute_resolution, &call).await?;
    assert_eq!(hash, world.domain().await?.attestation_hash(&attestation));
    Ok(())
}
