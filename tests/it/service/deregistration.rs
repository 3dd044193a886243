//! Leaving the service, and coming back.

use alloy::primitives::Address;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IRegistry::{self, NotRegistered, OperatorDeregistered, deregisterOperatorCall};
use interfaces::ISlasher::{NotOptedIn, grantCall};
use restake::chain::event;
use restake_tests::World;

#[tokio::test]
async fn leaving_ends_the_grant_one_epoch_later_and_keeps_the_key() -> Result<()> {
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
    let grant = grantCall { operator: address, serviceManager: world.suite.service.service_manager };
    let grant = world.chain.view(world.suite.slasher, &grant).await?;
    assert_eq!(grant.canSlashUntil, world.chain.now().await? + EPOCH_SECONDS);
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

#[tokio::test]
async fn leaving_works_after_the_operator_opted_out_itself() -> Result<()> {
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    world.join(operator, ONE).await?;
    let service = world.suite.service.service_manager;
    let opt_out = interfaces::ISlasher::optOutOfSlashingCall { serviceManager: service };
    world.act(operator, world.suite.slasher, &opt_out).await?;
    let until = world.chain.now().await? + EPOCH_SECONDS;
    world.chain.travel_to(until - 1).await?;
    world.act(operator, registry, &deregisterOperatorCall {}).await?;
    let grant = grantCall { operator: operator.address, serviceManager: service };
    assert_eq!(world.chain.view(world.suite.slasher, &grant).await?.canSlashUntil, until, "not extended");
    Ok(())
}

#[tokio::test]
async fn coming_back_waits_for_the_end_of_the_old_grant() -> Result<()> {
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    world.join(operator, ONE).await?;
    world.act(operator, registry, &deregisterOperatorCall {}).await?;
    let expected = NotOptedIn { operator: operator.address, serviceManager: world.suite.service.service_manager };
    world.refuse(operator, registry, &world.register_call(operator, operator).await?, &expected).await
}

#[tokio::test]
async fn coming_back_with_the_same_key_is_possible() -> Result<()> {
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    world.join(operator, ONE).await?;
    world.act(operator, registry, &deregisterOperatorCall {}).await?;
    world.chain.travel_to(world.chain.now().await? + EPOCH_SECONDS + 1).await?;
    world.opt_in(operator, ONE).await?;
    world.register(operator).await?;
    assert!(world.chain.view(registry, &IRegistry::isRegisteredCall { operator: operator.address }).await?);
    Ok(())
}

#[tokio::test]
async fn coming_back_with_a_new_key_keeps_the_old_one_bound() -> Result<()> {
    let world = World::new().await?;
    let (operator, new_key, registry) = (&world.cast.honest, &world.cast.bob, world.suite.service.registry);
    world.join(operator, ONE).await?;
    world.act(operator, registry, &deregisterOperatorCall {}).await?;
    world.chain.travel_to(world.chain.now().await? + EPOCH_SECONDS + 1).await?;
    world.opt_in(operator, ONE).await?;

    world.act(operator, registry, &world.register_call(operator, new_key).await?).await?;

    let address = operator.address;
    let current: Address = world.chain.view(registry, &IRegistry::signingKeyOfCall { operator: address }).await?;
    assert_eq!(current, new_key.address);
    for key in [operator.address, new_key.address] {
        let owner: Address = world.chain.view(registry, &IRegistry::operatorOfCall { signingKey: key }).await?;
        assert_eq!(owner, address);
    }
    assert_eq!(world.chain.view(registry, &IRegistry::operatorCountCall {}).await?, 1);
    Ok(())
}
