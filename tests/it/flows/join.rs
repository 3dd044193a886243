//! Flow 4: an operator lets the service slash it, then registers: Registry, ServiceManager and Slasher in one
//! transaction.

use arithmetic::wad;
use eyre::Result;
use interfaces::IRegistry::{OperatorRegistered, StakeBelowMinimum};
use interfaces::ISlasher::{NotOptedIn, OptedIntoSlashing, ServiceJoined};
use interfaces::{ILens, IRegistry};
use restake::chain::event;
use restake_tests::World;

#[tokio::test]
async fn opting_in_grants_the_service_a_budget() -> Result<()> {
    let world = World::new().await?;
    let (operator, service_manager) = (world.honest(), world.suite.service.service_manager);
    let receipt = world.act(&world.cast.honest, world.suite.slasher, &world.opt_in_call(wad::ONE / 2)).await?;
    let expected =
        OptedIntoSlashing { operator, serviceManager: service_manager, budget: wad::ONE / 2, exclusive: true };
    assert_eq!(event::<OptedIntoSlashing>(&receipt, world.suite.slasher), Some(expected));
    let grant = ILens::grantCall { operator, serviceManager: service_manager };
    let grant = world.chain.view(world.suite.lens, &grant).await?;
    assert_eq!((grant.budget, grant.exclusive, grant.canSlashUntil), (wad::ONE / 2, true, u64::MAX));
    Ok(())
}

#[tokio::test]
async fn registering_is_recorded_by_three_programs_in_one_transaction() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, world.suite.service);
    world.stake(operator, world.parameters.minimum_stake, operator.address).await?;
    world.opt_in(operator, wad::ONE).await?;

    let register = world.register_call(operator, operator).await?;
    let receipt = world.act(operator, service.registry, &register).await?;

    let registered = OperatorRegistered {
        operator: operator.address,
        signingKey: operator.address,
        stake: world.parameters.minimum_stake,
    };
    assert_eq!(event::<OperatorRegistered>(&receipt, service.registry), Some(registered));
    let joined = ServiceJoined { operator: operator.address, serviceManager: service.service_manager };
    assert_eq!(event::<ServiceJoined>(&receipt, world.suite.slasher), Some(joined));
    assert!(world.chain.view(service.registry, &IRegistry::isRegisteredCall { operator: operator.address }).await?);
    Ok(())
}

#[tokio::test]
async fn registering_without_having_opted_in_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, world.suite.service);
    world.stake(operator, world.parameters.minimum_stake, operator.address).await?;
    let register = world.register_call(operator, operator).await?;
    let expected = NotOptedIn { operator: operator.address, serviceManager: service.service_manager };
    world.refuse(operator, service.registry, &register, &expected).await
}

#[tokio::test]
async fn registering_one_base_unit_below_the_minimum_stake_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (operator, minimum) = (&world.cast.honest, world.parameters.minimum_stake);
    world.stake(operator, minimum - 1, operator.address).await?;
    world.opt_in(operator, wad::ONE).await?;
    let register = world.register_call(operator, operator).await?;
    let expected = StakeBelowMinimum { stake: minimum - 1, minimum };
    world.refuse(operator, world.suite.service.registry, &register, &expected).await
}

#[tokio::test]
async fn stake_of_others_counts_towards_the_minimum() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.opt_in(operator, wad::ONE).await?;
    world.stake(&world.cast.alice, world.parameters.minimum_stake, operator.address).await?;
    world.register(operator).await?;
    let stake = IRegistry::weightedStakeOfCall { operator: operator.address };
    let stake = world.chain.view(world.suite.service.registry, &stake).await?;
    assert_eq!((stake.guaranteed, stake.shared), (world.parameters.minimum_stake, 0));
    Ok(())
}

#[tokio::test]
async fn an_operator_weighs_what_the_service_can_take_of_its_stake() -> Result<()> {
    let world = World::new().await?;
    let (operator, minimum) = (&world.cast.honest, world.parameters.minimum_stake);
    world.opt_in(operator, wad::ONE / 4).await?;
    world.stake(&world.cast.alice, 4 * minimum - 1, operator.address).await?;
    let register = world.register_call(operator, operator).await?;
    let expected = StakeBelowMinimum { stake: minimum - 1, minimum };
    world.refuse(operator, world.suite.service.registry, &register, &expected).await?;
    world.stake(&world.cast.alice, 1, operator.address).await?;
    world.act(operator, world.suite.service.registry, &register).await?;
    Ok(())
}
