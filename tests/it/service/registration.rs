//! `registerOperator`: joining the service.

use super::support::service_with;
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ILens::{grantCall, pendingGrantCall};
use interfaces::IRegistry::{self, AlreadyRegistered, OperatorRegistered, StakeBelowMinimum};
use interfaces::ISlasher::{GrantPending, NotOptedIn, ServiceJoined};
use restake::chain::event;
use restake_tests::{World, ether};

#[tokio::test]
async fn joining_puts_an_operator_on_the_list_and_is_told_to_the_slasher() -> Result<()> {
    let world = World::new().await?;
    let (operator, key, registry) = (&world.cast.honest, &world.cast.bob, world.suite.service.registry);
    world.stake(operator, ether(33), operator.address).await?;
    world.opt_in(operator, ONE).await?;

    let receipt = world.act(operator, registry, &world.register_call(operator, key).await?).await?;

    let joined = OperatorRegistered { operator: operator.address, signingKey: key.address, stake: ether(33) };
    assert_eq!(event::<OperatorRegistered>(&receipt, registry), Some(joined));
    let address = operator.address;
    assert!(world.chain.view(registry, &IRegistry::isRegisteredCall { operator: address }).await?);
    let bound: Address = world.chain.view(registry, &IRegistry::signingKeyOfCall { operator: address }).await?;
    assert_eq!(bound, key.address);
    let bound = world.chain.view(registry, &IRegistry::keyOfCall { signingKey: key.address }).await?;
    assert_eq!((bound.operator, bound.from, bound.until), (address, world.chain.now().await?, u64::MAX));
    assert_eq!(world.chain.view(registry, &IRegistry::operatorCountCall {}).await?, 1);

    let service = world.suite.service.service_manager;
    let told = ServiceJoined { operator: address, serviceManager: service };
    assert_eq!(event::<ServiceJoined>(&receipt, world.suite.slasher), Some(told));
    let grant = grantCall { operator: address, serviceManager: service };
    assert_eq!(world.chain.view(world.suite.lens, &grant).await?.canSlashUntil, u64::MAX);
    Ok(())
}

#[tokio::test]
async fn joining_without_opting_in_is_refused() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.stake(operator, ether(32), operator.address).await?;
    let expected = NotOptedIn { operator: operator.address, serviceManager: world.suite.service.service_manager };
    let join = world.register_call(operator, operator).await?;
    world.refuse(operator, world.suite.service.registry, &join, &expected).await
}

#[tokio::test]
async fn joining_one_base_unit_below_the_minimum_stake_is_refused() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    let (minimum, stake) = (ether(32), ether(32) - 1);
    world.stake(operator, stake, operator.address).await?;
    world.opt_in(operator, ONE).await?;
    let join = world.register_call(operator, operator).await?;
    world.refuse(operator, world.suite.service.registry, &join, &StakeBelowMinimum { stake, minimum }).await?;
    world.stake(operator, 1, operator.address).await?;
    world.act(operator, world.suite.service.registry, &join).await?;
    Ok(())
}

#[tokio::test]
async fn delegated_stake_counts_and_idle_stake_does_not() -> Result<()> {
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    world.opt_in(operator, ONE).await?;
    world.stake(&world.cast.alice, ether(31), operator.address).await?;
    world.stake(operator, ether(40), Address::ZERO).await?;
    let join = world.register_call(operator, operator).await?;
    let refusal = StakeBelowMinimum { stake: ether(31), minimum: ether(32) };
    world.refuse(operator, registry, &join, &refusal).await?;
    world.stake(&world.cast.bob, ether(1), operator.address).await?;
    world.act(operator, registry, &join).await?;
    Ok(())
}

#[tokio::test]
async fn joining_twice_is_refused() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.join(operator, ONE).await?;
    let again = world.register_call(operator, &world.cast.bob).await?;
    let expected = AlreadyRegistered { operator: operator.address };
    world.refuse(operator, world.suite.service.registry, &again, &expected).await
}

#[tokio::test]
async fn joining_without_opting_in_is_refused_where_no_stake_is_needed_either() -> Result<()> {
    let world = service_with(|parameters| parameters.minimum_stake = 0).await?;
    let operator = &world.cast.honest;
    let expected = NotOptedIn { operator: operator.address, serviceManager: world.suite.service.service_manager };
    let join = world.register_call(operator, operator).await?;
    world.refuse(operator, world.suite.service.registry, &join, &expected).await
}

#[tokio::test]
async fn joining_before_the_notice_of_the_grant_has_ended_is_refused() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    // Somebody else's stake is at risk, so the grant is announced first.
    world.stake(&world.cast.alice, ether(32), operator.address).await?;
    world.opt_in(operator, ONE).await?;
    let pending = pendingGrantCall { operator: operator.address, serviceManager: world.suite.service.service_manager };
    let effective_at = world.chain.view(world.suite.lens, &pending).await?.effectiveAt;
    let join = world.register_call(operator, operator).await?;
    let expected = GrantPending { effectiveAt: effective_at };
    world.refuse(operator, world.suite.service.registry, &join, &expected).await
}

#[tokio::test]
async fn only_what_the_service_can_take_counts_for_the_minimum() -> Result<()> {
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    world.stake(operator, ether(64) - 1, operator.address).await?;
    world.opt_in(operator, ONE / 2).await?;
    let join = world.register_call(operator, operator).await?;
    let refusal = StakeBelowMinimum { stake: ether(32) - 1, minimum: ether(32) };
    world.refuse(operator, registry, &join, &refusal).await?;
    world.stake(operator, 1, operator.address).await?;
    world.act(operator, registry, &join).await?;
    Ok(())
}
