//! Several open requests on one operator.

use super::services::{freeze, grant, request, status_of};
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ISlasher::{FrozenStatusReset, OperatorFrozen};
use restake::chain::event;
use restake_tests::{Attack, World, ether};

#[tokio::test]
async fn an_operator_is_frozen_until_its_last_request_is_closed() -> Result<()> {
    let world = World::new().await?;
    let (operator, slasher) = (&world.cast.honest, world.suite.slasher);
    for service in [&world.cast.owner, &world.cast.bob] {
        grant(&world, operator, service, ONE / 2).await?;
    }
    let start = world.chain.now().await?;
    let first = world.act(&world.cast.owner, slasher, &request(&world, operator, ONE / 4)).await?;
    world.chain.travel_to(start + 100).await?;
    let second = world.act(&world.cast.bob, slasher, &request(&world, operator, ONE / 4)).await?;
    assert!(event::<OperatorFrozen>(&first, slasher).is_some());
    assert_eq!(event::<OperatorFrozen>(&second, slasher), None, "it is frozen already");
    let status = status_of(&world, operator).await?;
    assert_eq!((status.openRequests, status.frozenSince), (2, start), "since the first request");

    world.chain.travel_to(Attack::of(&second, slasher)?.executable_at).await?;
    let executed = world.act(&world.cast.alice, slasher, &world.attack(0).await?.execution()).await?;
    assert_eq!(event::<FrozenStatusReset>(&executed, slasher), None);
    let status = status_of(&world, operator).await?;
    assert_eq!((status.openRequests, status.frozenSince), (1, start));
    assert!(world.is_frozen(operator.address).await?);

    let executed = world.act(&world.cast.alice, slasher, &world.attack(1).await?.execution()).await?;
    let released = FrozenStatusReset { operator: operator.address };
    assert_eq!(event::<FrozenStatusReset>(&executed, slasher), Some(released));
    assert!(!world.is_frozen(operator.address).await?);
    Ok(())
}

#[tokio::test]
async fn a_released_operator_can_be_frozen_again() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let first = freeze(&world, service, operator, ONE / 4).await?;
    world.execute(&first).await?;
    let again = world.act(service, slasher, &request(&world, operator, ONE / 4)).await?;
    assert!(event::<OperatorFrozen>(&again, slasher).is_some());
    assert_eq!(status_of(&world, operator).await?.frozenSince, first.executable_at, "anew, from the second request");
    Ok(())
}

#[tokio::test]
async fn the_order_of_execution_changes_a_stake_by_at_most_one_base_unit_per_slash() -> Result<()> {
    // 30 %, then 15 % of what was there: of 10e18 + 4, 3e18 + 1.2 is taken as 3e18 + 2; of the 7e18 + 2 left, 15 / 70
    // are 1.5e18 + 0.4, taken as 1.5e18 + 1.
    assert_eq!(stake_after_slashes_in_order([0, 1]).await?, 5_500_000_000_000_000_001);
    // 15 %, then 30 %: 1.5e18 + 0.6 is taken as 1.5e18 + 1; of the 8.5e18 + 3 left, 30 / 85 are 3e18 + 1.06, as 3e18 +
    // 2.
    assert_eq!(stake_after_slashes_in_order([1, 0]).await?, 5_500_000_000_000_000_001);
    Ok(())
}

/// What is left of 10e18 + 4 base units after slashes of 30 % (request 0) and 15 % (request 1) by two services.
async fn stake_after_slashes_in_order(order: [usize; 2]) -> Result<u128> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.stake(operator, ether(10) + 4, operator.address).await?;
    grant(&world, operator, &world.cast.owner, ONE / 2).await?;
    grant(&world, operator, &world.cast.bob, ONE / 2).await?;
    let attacks = [
        freeze(&world, &world.cast.owner, operator, ONE / 10 * 6).await?,
        freeze(&world, &world.cast.bob, operator, ONE / 10 * 3).await?,
    ];
    for request_id in order {
        world.execute(&attacks[request_id]).await?;
    }
    Ok(world.position(operator.address, operator.address).await?.1)
}
