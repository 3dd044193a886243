//! Faults that are proven.

use alloy::network::TransactionBuilder;
use alloy::primitives::B256;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use arithmetic::fault::EQUIVOCATION;
use arithmetic::wad::ONE;
use eyre::{Result, bail};
use interfaces::IDisputeResolution::{ChallengeRejected, ChallengeUpheld, bondOfCall, challengeCall, isJudgedCall};
use interfaces::IRegistry::{OperatorSuspended, deregisterOperatorCall, isSuspendedCall, rotateKeyCall};
use interfaces::ISlasher::{OperatorFrozen, SlashRequested};
use restake::actors::Actor;
use restake::chain::event;
use restake::judgements::equivocation_id;
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

    let evidence = equivocation_id(address, TASK, now);
    let upheld = ChallengeUpheld { operator: address, challenger: challenger.address, evidence, requestId: 0 };
    assert_eq!(event::<ChallengeUpheld>(&receipt, disputes), Some(upheld));
    let service = world.suite.service.service_manager;
    let frozen = OperatorFrozen { operator: address, serviceManager: service };
    assert_eq!(event::<OperatorFrozen>(&receipt, world.suite.slasher), Some(frozen));
    let requested = event::<SlashRequested>(&receipt, world.suite.slasher);
    let asked = requested.map(|of| (of.serviceManager, of.request.wad, of.request.challenger));
    assert_eq!(asked, Some((service, world.parameters.wads[usize::from(EQUIVOCATION)], challenger.address)));
    assert!(world.chain.view(disputes, &isJudgedCall { evidence }).await?);
    for account in [challenger.address, address] {
        assert!(world.chain.view(disputes, &bondOfCall { account }).await?.is_zero());
    }
    assert!(world.chain.balance(disputes).await?.is_zero());
    assert!(world.is_frozen(address).await?);
    Ok(())
}

#[tokio::test]
async fn a_proven_fault_suspends_the_operator_in_the_same_transaction() -> Result<()> {
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.dishonest, world.suite.service.registry);
    world.join(operator, ONE).await?;
    let is_suspended = isSuspendedCall { operator: operator.address };
    assert!(!world.chain.view(registry, &is_suspended).await?);
    let proof =
        World::challenge_call(operator.address, world.attest(operator, 1).await?, world.attest(operator, 2).await?);
    let receipt = world.challenge(&world.cast.challenger, &proof).await?;
    let suspended = OperatorSuspended { operator: operator.address };
    assert_eq!(event::<OperatorSuspended>(&receipt, registry), Some(suspended));
    assert!(world.chain.view(registry, &is_suspended).await?);
    Ok(())
}

#[tokio::test]
async fn no_choice_of_gas_freezes_without_suspending() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.dishonest, world.suite.service);
    world.join(operator, ONE).await?;
    let proof =
        World::challenge_call(operator.address, world.attest(operator, 1).await?, world.attest(operator, 2).await?);
    for gas in (100_000..600_000).step_by(5_000) {
        let request = TransactionRequest::default()
            .with_from(operator.address)
            .with_to(service.dispute_resolution)
            .with_value(world.parameters.bond)
            .with_input(proof.abi_encode())
            .with_gas_limit(gas);
        let receipt = world.chain.submit(request).await?;
        let frozen = world.is_frozen(operator.address).await?;
        let is_suspended = isSuspendedCall { operator: operator.address };
        assert_eq!(receipt.status(), frozen, "with {gas} gas");
        assert_eq!(world.chain.view(service.registry, &is_suspended).await?, frozen, "with {gas} gas");
        if frozen {
            return Ok(());
        }
    }
    bail!("it was never proven")
}

#[tokio::test]
async fn a_fault_is_provable_after_the_operator_left() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.dishonest;
    world.join(operator, ONE).await?;
    let proof =
        World::challenge_call(operator.address, world.attest(operator, 1).await?, world.attest(operator, 2).await?);
    let deadline = world.chain.now().await? + world.parameters.evidence_window;
    world.act(operator, world.suite.service.registry, &deregisterOperatorCall {}).await?;
    world.chain.travel_to(deadline).await?;
    world.challenge(&world.cast.challenger, &proof).await?;
    assert!(world.is_frozen(operator.address).await?);
    Ok(())
}

/// A world whose dishonest operator, which serves since the second before, replaced its own key by Bob's now.
async fn with_a_second_key() -> Result<(World, u64)> {
    let world = World::new().await?;
    let operator = &world.cast.dishonest;
    world.join(operator, ONE).await?;
    let now = world.chain.now().await? + 10;
    world.chain.travel_to(now).await?;
    let proof = world.domain().await?.bind_key(&world.cast.bob.key, operator.address)?;
    let rotate = rotateKeyCall { signingKey: world.cast.bob.address, r: proof.r, vs: proof.vs };
    world.act(operator, world.suite.service.registry, &rotate).await?;
    Ok((world, now))
}

/// Two answers to [`TASK`], set at `time`, by the given keys.
async fn answers(world: &World, time: u64, keys: [&Actor; 2]) -> Result<challengeCall> {
    let domain = world.domain().await?;
    let first = domain.attest(&keys[0].key, TASK, time, B256::with_last_byte(1))?;
    let second = domain.attest(&keys[1].key, TASK, time, B256::with_last_byte(2))?;
    Ok(World::challenge_call(world.dishonest(), first, second))
}

#[tokio::test]
async fn a_replaced_key_accuses_for_what_it_signed_until_then() -> Result<()> {
    for age in [0, 1] {
        let (world, now) = with_a_second_key().await?;
        let old = &world.cast.dishonest;
        world.challenge(&world.cast.challenger, &answers(&world, now - age, [old, old]).await?).await?;
        assert!(world.is_frozen(world.dishonest()).await?, "{age} seconds before it was replaced");
    }
    Ok(())
}

/// Guards against: a key that was replaced accuses for ever.
#[tokio::test]
async fn a_replaced_key_accuses_for_nothing_later() -> Result<()> {
    let (world, now) = with_a_second_key().await?;
    let (old, new) = (&world.cast.dishonest, &world.cast.bob);
    world.chain.travel_to(now + 1).await?;
    for keys in [[old, old], [old, new], [new, old]] {
        let receipt = world.challenge(&world.cast.accuser, &answers(&world, now + 1, keys).await?).await?;
        assert!(event::<ChallengeRejected>(&receipt, world.suite.service.dispute_resolution).is_some());
    }
    world.challenge(&world.cast.challenger, &answers(&world, now + 1, [new, new]).await?).await?;
    assert!(world.is_frozen(world.dishonest()).await?);
    Ok(())
}

#[tokio::test]
async fn a_new_key_accuses_for_nothing_earlier() -> Result<()> {
    let (world, now) = with_a_second_key().await?;
    let new = &world.cast.bob;
    let receipt = world.challenge(&world.cast.accuser, &answers(&world, now - 1, [new, new]).await?).await?;
    assert!(event::<ChallengeRejected>(&receipt, world.suite.service.dispute_resolution).is_some());
    assert!(!world.is_frozen(world.dishonest()).await?);
    Ok(())
}

/// In the second of the change both keys are the operator's.
#[tokio::test]
async fn answers_of_two_keys_of_one_operator_are_a_fault() -> Result<()> {
    for swapped in [false, true] {
        let (world, now) = with_a_second_key().await?;
        let (old, new) = (&world.cast.dishonest, &world.cast.bob);
        let keys = if swapped { [new, old] } else { [old, new] };
        world.challenge(&world.cast.challenger, &answers(&world, now, keys).await?).await?;
        assert!(world.is_frozen(world.dishonest()).await?);
    }
    Ok(())
}

#[tokio::test]
async fn a_key_of_an_operator_that_left_accuses_until_the_second_in_which_it_left() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.dishonest, world.suite.service);
    world.join(operator, ONE).await?;
    let left = world.chain.now().await?;
    world.act(operator, service.registry, &deregisterOperatorCall {}).await?;
    world.chain.travel_to(left + 1).await?;
    let receipt = world.challenge(&world.cast.accuser, &answers(&world, left + 1, [operator, operator]).await?).await?;
    assert!(event::<ChallengeRejected>(&receipt, service.dispute_resolution).is_some());
    world.challenge(&world.cast.challenger, &answers(&world, left, [operator, operator]).await?).await?;
    assert!(world.is_frozen(operator.address).await?);
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
