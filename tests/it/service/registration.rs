//! Joining the service.

use alloy::primitives::Address;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IRegistry::{self, AlreadyRegistered, OperatorRegistered, StakeBelowMinimum};
use interfaces::ISlasher::{NotOptedIn, grantCall};
use restake::chain::event;
use restake_tests::{World, ether};

#[tokio::test]
async fn joining_puts_an_operator_on_the_list_and_records_its_obligation() -> Result<()> {
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
    let owner: Address = world.chain.view(registry, &IRegistry::operatorOfCall { signingKey: key.address }).await?;
    assert_eq!(owner, address);
    assert_eq!(world.chain.view(registry, &IRegistry::operatorCountCall {}).await?, 1);

    let grant = grantCall { operator: address, serviceManager: world.suite.service.service_manager };
    let (grant, now) = (world.chain.view(world.suite.slasher, &grant).await?, world.chain.now().await?);
    assert_eq!((grant.serveUntil, grant.lastUpdate), (now + EPOCH_SECONDS, now));
    assert_eq!(grant.canSlashUntil, u64::MAX);
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
