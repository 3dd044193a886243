//! `registerOperator`, `rotateKey`, `keyOf`: signing keys are proven by themselves, belong to one operator for good,
//! sign for a time, and never return.

use super::support::{EPOCH, next_epoch, rotate, rotate_call, serving, signed_at, tick, total_at};
use alloy::primitives::{Address, B256, ChainId};
use alloy::providers::Provider;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IDisputeResolution::{ChallengeRejected, ChallengeUpheld};
use interfaces::IRegistry::{
    InvalidKeyProof, KeyRotated, NotRegistered, SigningKeyInUse, deregisterOperatorCall, keyOfCall, keyOfReturn,
    registerOperatorCall, rotateKeyCall, signingKeyOfCall,
};
use interfaces::ISlasher::releaseCommitmentCall;
use restake::actors::Actor;
use restake::attestation::{CompactSignature, Domain};
use restake::chain::event;
use restake_tests::{TASK, World, ether};

/// A world whose honest operator has staked and opted in, and has only to register.
async fn candidate() -> Result<World> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.stake(operator, world.parameters.minimum_stake, operator.address).await?;
    world.opt_in(operator, ONE).await?;
    Ok(world)
}

/// The honest operator registers `key` with a proof that is not one.
async fn refuse_proof(world: &World, key: &Actor, proof: CompactSignature) -> Result<()> {
    let call = registerOperatorCall { signingKey: key.address, r: proof.r, vs: proof.vs };
    world.refuse(&world.cast.honest, world.suite.service.registry, &call, &InvalidKeyProof {}).await
}

#[tokio::test]
async fn a_key_of_another_operator_is_refused() -> Result<()> {
    let world = candidate().await?;
    world.join(&world.cast.dishonest, ONE).await?;
    let key = &world.cast.dishonest;
    let steal = world.register_call(&world.cast.honest, key).await?;
    let expected = SigningKeyInUse { signingKey: key.address };
    world.refuse(&world.cast.honest, world.suite.service.registry, &steal, &expected).await
}

#[tokio::test]
async fn a_key_of_another_operator_is_refused_after_that_one_left() -> Result<()> {
    let world = candidate().await?;
    let key = &world.cast.dishonest;
    world.join(key, ONE).await?;
    world.act(key, world.suite.service.registry, &deregisterOperatorCall {}).await?;
    world.chain.travel_to(next_epoch(&world).await? + EPOCH).await?;
    let steal = world.register_call(&world.cast.honest, key).await?;
    let expected = SigningKeyInUse { signingKey: key.address };
    world.refuse(&world.cast.honest, world.suite.service.registry, &steal, &expected).await
}

#[tokio::test]
async fn the_zero_key_cannot_be_proven() -> Result<()> {
    let world = candidate().await?;
    // A signature that recovers to nothing must not prove the key that is nothing.
    let call = registerOperatorCall { signingKey: Address::ZERO, r: B256::ZERO, vs: B256::ZERO };
    world.refuse(&world.cast.honest, world.suite.service.registry, &call, &InvalidKeyProof {}).await
}

#[tokio::test]
async fn a_proof_by_another_key_is_refused() -> Result<()> {
    let world = candidate().await?;
    let proof = world.domain().await?.bind_key(&world.cast.bob.key, world.honest())?;
    refuse_proof(&world, &world.cast.alice, proof).await
}

#[tokio::test]
async fn a_proof_for_another_operator_is_refused() -> Result<()> {
    let world = candidate().await?;
    let key = &world.cast.bob;
    let proof = world.domain().await?.bind_key(&key.key, world.dishonest())?;
    refuse_proof(&world, key, proof).await
}

#[tokio::test]
async fn a_proof_for_another_service_is_refused() -> Result<()> {
    let world = candidate().await?;
    let (key, chain_id) = (&world.cast.bob, chain_id(&world).await?);
    // The Registry itself is not the service: its ServiceManager is.
    let proof = Domain::new(chain_id, world.suite.service.registry).bind_key(&key.key, world.honest())?;
    refuse_proof(&world, key, proof).await
}

#[tokio::test]
async fn a_proof_for_another_chain_is_refused() -> Result<()> {
    let world = candidate().await?;
    let (key, chain_id) = (&world.cast.bob, chain_id(&world).await?);
    let service = world.suite.service.service_manager;
    let proof = Domain::new(chain_id + 1, service).bind_key(&key.key, world.honest())?;
    refuse_proof(&world, key, proof).await
}

async fn chain_id(world: &World) -> Result<ChainId> {
    Ok(world.chain.provider().get_chain_id().await?)
}

async fn key_of(world: &World, key: Address) -> Result<keyOfReturn> {
    Ok(world.chain.view(world.suite.service.registry, &keyOfCall { signingKey: key }).await?)
}

/// The honest operator leaves, and could come back: its grant is over and another given.
async fn leave_and_opt_in_again(world: &World) -> Result<()> {
    let operator = &world.cast.honest;
    world.act(operator, world.suite.service.registry, &deregisterOperatorCall {}).await?;
    world.chain.travel_to(next_epoch(world).await? + EPOCH).await?;
    let service = world.suite.service.service_manager;
    let release = releaseCommitmentCall { operator: operator.address, serviceManager: service };
    world.act(operator, world.suite.slasher, &release).await?;
    world.opt_in(operator, ONE).await
}

#[tokio::test]
async fn a_key_is_replaced_without_leaving() -> Result<()> {
    let world = serving().await?;
    let (operator, new, registry) = (&world.cast.honest, &world.cast.bob, world.suite.service.registry);
    let joined = world.chain.now().await?;
    let rotated = tick(&world).await?;
    let receipt = rotate(&world, operator, new).await?;

    let told = KeyRotated { operator: operator.address, oldKey: operator.address, newKey: new.address };
    assert_eq!(event::<KeyRotated>(&receipt, registry), Some(told));
    assert_eq!(world.chain.view(registry, &signingKeyOfCall { operator: operator.address }).await?, new.address);
    let old = keyOfReturn { operator: operator.address, from: joined, until: rotated };
    assert_eq!(key_of(&world, operator.address).await?, old);
    let current = keyOfReturn { operator: operator.address, from: rotated, until: u64::MAX };
    assert_eq!(key_of(&world, new.address).await?, current);
    assert_eq!(total_at(&world, rotated).await?, ether(128), "it serves on");
    Ok(())
}

#[tokio::test]
async fn each_key_counts_for_the_tasks_of_its_time_and_never_two_of_one_operator() -> Result<()> {
    let world = serving().await?;
    let (operator, bob, alice) = (&world.cast.honest, &world.cast.bob, &world.cast.alice);
    let joined = world.chain.now().await?;
    let first = tick(&world).await?;
    rotate(&world, operator, bob).await?;
    let second = tick(&world).await?;
    rotate(&world, operator, alice).await?;
    let keys = [operator.address, bob.address, alice.address];
    for time in [joined - 1, joined, first - 1, first, second - 1, second, second + 1] {
        let mut signed = [0; 3];
        for (stake, key) in signed.iter_mut().zip(keys) {
            *stake = signed_at(&world, &[key], time).await?;
        }
        let whose = |from: u64, until: u64| if (from..until).contains(&time) { ether(96) } else { 0 };
        assert_eq!(signed, [whose(joined, first), whose(first, second), whose(second, u64::MAX)], "at {time}");
        let all = if time < joined { 0 } else { ether(96) };
        assert_eq!(signed_at(&world, &keys, time).await?, all, "at {time}");
    }
    Ok(())
}

#[tokio::test]
async fn keys_replaced_in_one_second_count_once_in_it() -> Result<()> {
    let world = serving().await?;
    let (operator, bob, alice) = (&world.cast.honest, &world.cast.bob, &world.cast.alice);
    let now = tick(&world).await?;
    rotate(&world, operator, bob).await?;
    rotate(&world, operator, alice).await?;
    assert_eq!(world.chain.now().await?, now, "time stands still");
    let keys = [operator.address, bob.address, alice.address];
    assert_eq!(signed_at(&world, &keys, now).await?, ether(96));
    assert_eq!(signed_at(&world, &[alice.address], now).await?, ether(96), "it is the last one's");
    assert_eq!(signed_at(&world, &[bob.address], now).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_key_replaced_in_the_second_of_a_task_still_accuses_for_it() -> Result<()> {
    let world = serving().await?;
    let (operator, bob) = (&world.cast.honest, &world.cast.bob);
    tick(&world).await?;
    // A quorum could be shown with the old key, then with the new one, in one second.
    let (old, new) = (world.attest(operator, 1).await?, world.attest(bob, 2).await?);
    rotate(&world, operator, bob).await?;
    let receipt = world.challenge(&world.cast.challenger, &World::challenge_call(operator.address, old, new)).await?;
    assert!(event::<ChallengeUpheld>(&receipt, world.suite.service.dispute_resolution).is_some());
    Ok(())
}

#[tokio::test]
async fn a_replaced_key_accuses_of_nothing_later() -> Result<()> {
    let world = serving().await?;
    let (operator, bob, disputes) = (&world.cast.honest, &world.cast.bob, world.suite.service.dispute_resolution);
    tick(&world).await?;
    rotate(&world, operator, bob).await?;
    tick(&world).await?;
    // Whoever has the old key now signs with it what it likes.
    let (first, second) = (world.attest(operator, 1).await?, world.attest(operator, 2).await?);
    let receipt =
        world.challenge(&world.cast.challenger, &World::challenge_call(operator.address, first, second)).await?;
    assert!(event::<ChallengeRejected>(&receipt, disputes).is_some());
    Ok(())
}

#[tokio::test]
async fn a_key_that_is_registered_later_accuses_of_nothing_earlier_and_nothing_is_used_up() -> Result<()> {
    let world = serving().await?;
    let (operator, bob, disputes) = (&world.cast.honest, &world.cast.bob, world.suite.service.dispute_resolution);
    let now = tick(&world).await?;
    let domain = world.domain().await?;
    let answer = |key: &Actor, time: u64, number: u8| domain.attest(&key.key, TASK, time, B256::with_last_byte(number));
    // Rejected on purpose: the key is not registered yet.
    let early = World::challenge_call(operator.address, answer(bob, now, 1)?, answer(bob, now, 2)?);
    let receipt = world.challenge(&world.cast.accuser, &early).await?;
    assert!(event::<ChallengeRejected>(&receipt, disputes).is_some());
    rotate(&world, operator, bob).await?;
    let receipt = world.challenge(&world.cast.challenger, &early).await?;
    assert!(event::<ChallengeUpheld>(&receipt, disputes).is_some(), "in the second of its registration it is a key");
    Ok(())
}

#[tokio::test]
async fn no_key_ever_returns() -> Result<()> {
    let world = serving().await?;
    let (operator, bob, registry) = (&world.cast.honest, &world.cast.bob, world.suite.service.registry);
    let in_use = |key: &Actor| SigningKeyInUse { signingKey: key.address };
    // Its own current one, one that it replaced, and one of another operator.
    let same = rotate_call(&world, operator, operator).await?;
    world.refuse(operator, registry, &same, &in_use(operator)).await?;
    rotate(&world, operator, bob).await?;
    world.refuse(operator, registry, &same, &in_use(operator)).await?;
    let theirs = rotate_call(&world, operator, &world.cast.dishonest).await?;
    world.refuse(operator, registry, &theirs, &in_use(&world.cast.dishonest)).await?;
    // Nor after leaving, to the same operator or another.
    leave_and_opt_in_again(&world).await?;
    for key in [operator, bob] {
        let join = world.register_call(operator, key).await?;
        world.refuse(operator, registry, &join, &in_use(key)).await?;
    }
    let theirs = rotate_call(&world, &world.cast.dishonest, bob).await?;
    world.refuse(&world.cast.dishonest, registry, &theirs, &in_use(bob)).await
}

#[tokio::test]
async fn leaving_closes_the_key_and_coming_back_opens_another() -> Result<()> {
    let world = serving().await?;
    let (operator, bob) = (&world.cast.honest, &world.cast.bob);
    let joined = world.chain.now().await?;
    let left = tick(&world).await?;
    leave_and_opt_in_again(&world).await?;
    let back = world.chain.now().await?;
    let join = world.register_call(operator, bob).await?;
    world.act(operator, world.suite.service.registry, &join).await?;
    let closed = keyOfReturn { operator: operator.address, from: joined, until: left };
    assert_eq!(key_of(&world, operator.address).await?, closed);
    let open = keyOfReturn { operator: operator.address, from: back, until: u64::MAX };
    assert_eq!(key_of(&world, bob.address).await?, open);
    let keys = [operator.address, bob.address];
    assert_eq!(signed_at(&world, &keys, left - 1).await?, ether(96));
    assert_eq!(signed_at(&world, &keys, left).await?, 0);
    assert_eq!(signed_at(&world, &keys, back).await?, ether(96));
    Ok(())
}

#[tokio::test]
async fn a_key_that_came_and_went_in_one_second_counts_for_nothing() -> Result<()> {
    let world = candidate().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    world.register(operator).await?;
    world.act(operator, registry, &deregisterOperatorCall {}).await?;
    let now = world.chain.now().await?;
    assert_eq!(signed_at(&world, &[operator.address], now).await?, 0);
    assert_eq!(total_at(&world, now).await?, 0);
    assert_eq!(
        key_of(&world, operator.address).await?,
        keyOfReturn { operator: operator.address, from: now, until: now }
    );
    Ok(())
}

#[tokio::test]
async fn nobodys_key_is_nobodys() -> Result<()> {
    let world = serving().await?;
    let nobody = keyOfReturn { operator: Address::ZERO, from: 0, until: 0 };
    for key in [Address::ZERO, world.cast.bob.address] {
        assert_eq!(key_of(&world, key).await?, nobody);
        for time in [0, world.chain.now().await?, u64::MAX] {
            assert_eq!(signed_at(&world, &[key], time).await?, 0);
        }
    }
    Ok(())
}

#[tokio::test]
async fn only_an_operator_that_serves_replaces_its_key() -> Result<()> {
    let world = candidate().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    let call = rotate_call(&world, operator, &world.cast.bob).await?;
    let refusal = NotRegistered { operator: operator.address };
    world.refuse(operator, registry, &call, &refusal).await?;
    world.register(operator).await?;
    world.act(operator, registry, &deregisterOperatorCall {}).await?;
    world.refuse(operator, registry, &call, &refusal).await
}

#[tokio::test]
async fn a_new_key_is_proven_like_the_first() -> Result<()> {
    let world = serving().await?;
    let (operator, bob, registry) = (&world.cast.honest, &world.cast.bob, world.suite.service.registry);
    // Signed by another key, for another operator, and by nobody for the key that is nothing.
    let domain = world.domain().await?;
    let wrong_key = domain.bind_key(&world.cast.alice.key, operator.address)?;
    let wrong_operator = domain.bind_key(&bob.key, world.dishonest())?;
    let nobody = CompactSignature { r: B256::ZERO, vs: B256::ZERO };
    for (key, proof) in [(bob.address, wrong_key), (bob.address, wrong_operator), (Address::ZERO, nobody)] {
        let call = rotateKeyCall { signingKey: key, r: proof.r, vs: proof.vs };
        world.refuse(operator, registry, &call, &InvalidKeyProof {}).await?;
    }
    Ok(())
}
