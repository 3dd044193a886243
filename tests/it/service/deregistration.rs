//! `deregisterOperator`: leaving the service, and coming back.

use super::support::{EPOCH, next_epoch, tick, total_at, update};
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ILens::grantCall;
use interfaces::IRegistry::{self, NotRegistered, OperatorDeregistered, SigningKeyInUse, deregisterOperatorCall};
use interfaces::ISlasher::{AlreadyOptedIn, NotOptedIn, optOutOfSlashingCall, releaseCommitmentCall};
use restake::chain::event;
use restake_tests::{World, ether};

#[tokio::test]
async fn leaving_ends_the_grant_with_the_next_epoch_and_closes_the_key() -> Result<()> {
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    world.join(operator, ONE).await?;

    let receipt = world.act(operator, registry, &deregisterOperatorCall {}).await?;

    let left = OperatorDeregistered { operator: operator.address };
    assert_eq!(event::<OperatorDeregistered>(&receipt, registry), Some(left));
    let address = operator.address;
    assert!(!world.chain.view(registry, &IRegistry::isRegisteredCall { operator: address }).await?);
    assert_eq!(world.chain.view(registry, &IRegistry::operatorCountCall {}).await?, 0);
    let kept: Address = world.chain.view(registry, &IRegistry::signingKeyOfCall { operator: address }).await?;
    assert_eq!(kept, address);
    let now = world.chain.now().await?;
    let closed = world.chain.view(registry, &IRegistry::keyOfCall { signingKey: address }).await?;
    assert_eq!((closed.operator, closed.until), (address, now));
    let grant = grantCall { operator: address, serviceManager: world.suite.service.service_manager };
    let grant = world.chain.view(world.suite.lens, &grant).await?;
    assert_eq!(grant.canSlashUntil, next_epoch(&world).await? + EPOCH - 1, "its last second");
    Ok(())
}

#[tokio::test]
async fn leaving_without_having_joined_is_refused() -> Result<()> {
    let world = World::new().await?;
    world.join(&world.cast.dishonest, ONE).await?;
    let expected = NotRegistered { operator: world.honest() };
    world.refuse(&world.cast.honest, world.suite.service.registry, &deregisterOperatorCall {}, &expected).await
}

#[tokio::test]
async fn leaving_twice_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    world.join(operator, ONE).await?;
    world.act(operator, registry, &deregisterOperatorCall {}).await?;
    let expected = NotRegistered { operator: operator.address };
    world.refuse(operator, registry, &deregisterOperatorCall {}, &expected).await
}

/// The honest operator ends its grant itself.
async fn opt_out(world: &World) -> Result<()> {
    let opt_out = optOutOfSlashingCall { serviceManager: world.suite.service.service_manager };
    world.act(&world.cast.honest, world.suite.slasher, &opt_out).await?;
    Ok(())
}

/// Waits for the end of the honest operator's grant, which anyone releases.
async fn release(world: &World) -> Result<()> {
    world.chain.travel_to(next_epoch(world).await? + EPOCH).await?;
    let service = world.suite.service.service_manager;
    let release = releaseCommitmentCall { operator: world.honest(), serviceManager: service };
    world.act(&world.cast.accuser, world.suite.slasher, &release).await?;
    Ok(())
}

#[tokio::test]
async fn leaving_works_after_the_operator_opted_out_itself() -> Result<()> {
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    world.join(operator, ONE).await?;
    opt_out(&world).await?;
    let until = next_epoch(&world).await? + EPOCH - 1;
    world.chain.travel_to(until).await?;
    world.act(operator, registry, &deregisterOperatorCall {}).await?;
    let grant = grantCall { operator: operator.address, serviceManager: world.suite.service.service_manager };
    assert_eq!(world.chain.view(world.suite.lens, &grant).await?.canSlashUntil, until, "not extended");
    Ok(())
}

#[tokio::test]
async fn leaving_works_after_the_grant_was_released() -> Result<()> {
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    world.join(operator, ONE).await?;
    opt_out(&world).await?;
    release(&world).await?;
    world.act(operator, registry, &deregisterOperatorCall {}).await?;
    assert!(!world.chain.view(registry, &IRegistry::isRegisteredCall { operator: operator.address }).await?);
    Ok(())
}

#[tokio::test]
async fn a_serving_operator_that_opts_out_and_in_again_with_little_weighs_little() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.join(operator, ONE).await?;
    opt_out(&world).await?;
    world.refuse(operator, world.suite.slasher, &world.opt_in_call(ONE / 100), &AlreadyOptedIn {}).await?;
    release(&world).await?;
    world.opt_in(operator, ONE / 100).await?;
    world.stake(operator, ether(3_168), operator.address).await?;
    let now = tick(&world).await?;
    update(&world, operator.address).await?;
    assert_eq!(total_at(&world, now).await?, ether(32), "a hundredth of 3,200");
    Ok(())
}

#[tokio::test]
async fn coming_back_waits_for_another_grant() -> Result<()> {
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    world.join(operator, ONE).await?;
    world.act(operator, registry, &deregisterOperatorCall {}).await?;
    let expected = NotOptedIn { operator: operator.address, serviceManager: world.suite.service.service_manager };
    world.refuse(operator, registry, &world.register_call(operator, &world.cast.bob).await?, &expected).await
}

#[tokio::test]
async fn coming_back_takes_a_new_key() -> Result<()> {
    let world = World::new().await?;
    let (operator, new_key, registry) = (&world.cast.honest, &world.cast.bob, world.suite.service.registry);
    world.join(operator, ONE).await?;
    world.act(operator, registry, &deregisterOperatorCall {}).await?;
    release(&world).await?;
    world.opt_in(operator, ONE).await?;
    let same = world.register_call(operator, operator).await?;
    world.refuse(operator, registry, &same, &SigningKeyInUse { signingKey: operator.address }).await?;

    world.act(operator, registry, &world.register_call(operator, new_key).await?).await?;

    let address = operator.address;
    let current: Address = world.chain.view(registry, &IRegistry::signingKeyOfCall { operator: address }).await?;
    assert_eq!(current, new_key.address);
    for key in [operator.address, new_key.address] {
        let bound = world.chain.view(registry, &IRegistry::keyOfCall { signingKey: key }).await?;
        assert_eq!(bound.operator, address);
    }
    assert_eq!(world.chain.view(registry, &IRegistry::operatorCountCall {}).await?, 1);
    Ok(())
}
