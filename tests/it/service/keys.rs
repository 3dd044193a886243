//! Signing keys: proven by themselves, to one operator for good.

use alloy::primitives::{Address, B256, ChainId};
use alloy::providers::Provider;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IRegistry::{InvalidKeyProof, SigningKeyInUse, deregisterOperatorCall, registerOperatorCall};
use restake::actors::Actor;
use restake::attestation::{CompactSignature, Domain};
use restake_tests::World;

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
    world.chain.travel_to(world.chain.now().await? + EPOCH_SECONDS + 1).await?;
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
