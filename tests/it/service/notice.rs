//! Weights and the minimum stake: at once while nobody serves, after a notice otherwise.

use arithmetic::epoch;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IRegistry::{
    MinimumStakeScheduled, StakeBelowMinimum, StakeTooLarge, StrategyWeightScheduled, minimumStakeCall,
    minimumStakeReturn, scheduleMinimumStakeCall, scheduleStrategyWeightCall, strategyWeightCall, strategyWeightReturn,
    weightedStakeOfCall,
};
use restake::chain::event;
use restake_tests::{World, ether};

/// The owner schedules the minimum stake. Returns from when it holds (Unix seconds).
async fn schedule_minimum(world: &World, minimum_stake: u128) -> Result<u64> {
    let (owner, registry) = (&world.cast.owner, world.suite.service.registry);
    let receipt = world.act(owner, registry, &scheduleMinimumStakeCall { minimumStake: minimum_stake }).await?;
    let scheduled = event::<MinimumStakeScheduled>(&receipt, registry).ok_or_eyre("no MinimumStakeScheduled event")?;
    assert_eq!(scheduled.minimumStake, minimum_stake);
    Ok(scheduled.effectiveAt)
}

/// The owner schedules the weight of the token. Returns from when it holds (Unix seconds).
async fn schedule_weight(world: &World, weight: u64) -> Result<u64> {
    let (owner, registry, token) = (&world.cast.owner, world.suite.service.registry, world.token());
    let receipt = world.act(owner, registry, &scheduleStrategyWeightCall { token, weight }).await?;
    let scheduled =
        event::<StrategyWeightScheduled>(&receipt, registry).ok_or_eyre("no StrategyWeightScheduled event")?;
    assert_eq!((scheduled.token, scheduled.weight), (token, weight));
    Ok(scheduled.effectiveAt)
}

async fn minimum(world: &World) -> Result<minimumStakeReturn> {
    Ok(world.chain.view(world.suite.service.registry, &minimumStakeCall {}).await?)
}

async fn weight(world: &World) -> Result<strategyWeightReturn> {
    Ok(world.chain.view(world.suite.service.registry, &strategyWeightCall { token: world.token() }).await?)
}

#[tokio::test]
async fn while_nobody_serves_the_owner_changes_weights_and_the_minimum_at_once() -> Result<()> {
    let world = World::new().await?;
    assert_eq!(schedule_weight(&world, 2 * ONE).await?, world.chain.now().await?);
    let now = weight(&world).await?;
    assert_eq!((now.weight, now.nextWeight), (2 * ONE, 2 * ONE));
    assert_eq!(schedule_minimum(&world, 5).await?, world.chain.now().await?);
    let now = minimum(&world).await?;
    assert_eq!((now.stake, now.nextStake), (5, 5));
    Ok(())
}

#[tokio::test]
async fn a_new_minimum_stake_holds_from_the_end_of_its_notice_and_not_one_second_before() -> Result<()> {
    let world = World::new().await?;
    let registry = world.suite.service.registry;
    world.join(&world.cast.honest, ONE).await?;
    for candidate in [&world.cast.dishonest, &world.cast.bob] {
        world.stake(candidate, ether(32), candidate.address).await?;
        world.opt_in(candidate, ONE).await?;
    }

    let effective_at = schedule_minimum(&world, ether(50)).await?;
    assert_eq!(effective_at, epoch::notice_ends(world.chain.now().await?));
    let expected = minimumStakeReturn { stake: ether(32), nextStake: ether(50), effectiveAt: effective_at };
    assert_eq!(minimum(&world).await?, expected);
    world.chain.travel_to(effective_at - 1).await?;
    let join = world.register_call(&world.cast.dishonest, &world.cast.dishonest).await?;
    world.act(&world.cast.dishonest, registry, &join).await?;

    world.chain.travel_to(effective_at).await?;
    assert_eq!(minimum(&world).await?.stake, ether(50));
    let join = world.register_call(&world.cast.bob, &world.cast.bob).await?;
    let refusal = StakeBelowMinimum { stake: ether(32), minimum: ether(50) };
    world.refuse(&world.cast.bob, registry, &join, &refusal).await
}

#[tokio::test]
async fn a_new_weight_holds_from_the_end_of_its_notice_and_not_one_second_before() -> Result<()> {
    let world = World::new().await?;
    let operator = world.honest();
    world.join(&world.cast.honest, ONE).await?;
    let weighed = || async {
        let weighed = world.chain.view(world.suite.service.registry, &weightedStakeOfCall { operator }).await;
        weighed.map(|weighed| weighed.guaranteed)
    };
    let effective_at = schedule_weight(&world, ONE / 2).await?;
    assert_eq!(effective_at, epoch::notice_ends(world.chain.now().await?));
    assert_eq!(
        weight(&world).await?,
        strategyWeightReturn { weight: ONE, nextWeight: ONE / 2, effectiveAt: effective_at }
    );
    world.chain.travel_to(effective_at - 1).await?;
    assert_eq!(weighed().await?, ether(32));
    world.chain.travel_to(effective_at).await?;
    assert_eq!(weighed().await?, ether(16));
    Ok(())
}

#[tokio::test]
async fn what_was_scheduled_is_replaced_and_its_notice_begins_again() -> Result<()> {
    let world = World::new().await?;
    world.join(&world.cast.honest, ONE).await?;
    let first = schedule_weight(&world, 3 * ONE).await?;
    world.chain.travel_to(first - 1).await?;
    let second = schedule_weight(&world, 4 * ONE).await?;
    assert!(second > first);
    world.chain.travel_to(second - 1).await?;
    assert_eq!(weight(&world).await?.weight, ONE, "the first change was replaced");
    world.chain.travel_to(second).await?;
    assert_eq!(weight(&world).await?.weight, 4 * ONE);
    Ok(())
}

#[tokio::test]
async fn a_minimum_stake_has_96_bits_at_most() -> Result<()> {
    let world = World::new().await?;
    let limit = (1 << 96) - 1;
    schedule_minimum(&world, limit).await?;
    let call = scheduleMinimumStakeCall { minimumStake: limit + 1 };
    world.refuse(&world.cast.owner, world.suite.service.registry, &call, &StakeTooLarge {}).await
}
