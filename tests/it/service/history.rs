//! The stake that counts for a service, now and at any past time.

use alloy::primitives::Address;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IRegistry::{
    NotRegistered, StakeUpdated, deregisterOperatorCall, scheduleMinimumStakeCall, stakeAtCall, totalStakeAtCall,
    updateStakesCall,
};
use interfaces::ISlasher::{grantCall, optOutOfSlashingCall, securesCall};
use restake::chain::event;
use restake_tests::{World, ether};

async fn stake_at(world: &World, operator: Address, time: u64) -> Result<u128> {
    Ok(world.chain.view(world.suite.service.registry, &stakeAtCall { operator, time }).await?)
}

async fn total_at(world: &World, time: u64) -> Result<u128> {
    Ok(world.chain.view(world.suite.service.registry, &totalStakeAtCall { time }).await?)
}

/// Anyone weighs `operators` again.
async fn update(world: &World, operators: Vec<Address>) -> Result<alloy::rpc::types::TransactionReceipt> {
    let call = updateStakesCall { operators };
    Ok(world.act(&world.cast.accuser, world.suite.service.registry, &call).await?)
}

/// One second passes, so that the next change is another checkpoint. Returns the time.
async fn tick(world: &World) -> Result<u64> {
    let now = world.chain.now().await? + 1;
    world.chain.travel_to(now).await?;
    Ok(now)
}

async fn secures(world: &World, operator: Address) -> Result<bool> {
    let call = securesCall { operator, serviceManager: world.suite.service.service_manager };
    Ok(world.chain.view(world.suite.slasher, &call).await?)
}

#[tokio::test]
async fn stake_counts_from_the_second_of_the_registration() -> Result<()> {
    let world = World::new().await?;
    let joined = tick(&world).await?;
    world.join(&world.cast.honest, ONE).await?;
    assert_eq!(stake_at(&world, world.honest(), joined - 1).await?, 0);
    assert_eq!(stake_at(&world, world.honest(), joined).await?, ether(32));
    assert_eq!(total_at(&world, joined).await?, ether(32));
    let later = tick(&world).await?;
    world.join(&world.cast.dishonest, ONE).await?;
    assert_eq!(total_at(&world, later - 1).await?, ether(32));
    assert_eq!(total_at(&world, later).await?, ether(64));
    Ok(())
}

#[tokio::test]
async fn every_past_stake_can_be_asked_for() -> Result<()> {
    let world = World::new().await?;
    let operator = world.honest();
    world.join(&world.cast.honest, ONE).await?;
    let mut expected = Vec::new();
    for step in 1..=6u128 {
        let time = tick(&world).await?;
        world.stake(&world.cast.alice, ether(step), operator).await?;
        update(&world, vec![operator]).await?;
        expected.push((time, ether(32) + ether(step * (step + 1) / 2)));
    }
    for (time, stake) in expected {
        assert_eq!(stake_at(&world, operator, time).await?, stake, "at {time}");
        assert_eq!(total_at(&world, time).await?, stake);
    }
    assert_eq!(stake_at(&world, operator, u64::MAX).await?, ether(53));
    Ok(())
}

#[tokio::test]
async fn changes_of_one_second_are_one_checkpoint() -> Result<()> {
    let world = World::new().await?;
    let operator = world.honest();
    world.join(&world.cast.honest, ONE).await?;
    let now = world.chain.now().await?;
    world.stake(&world.cast.alice, ether(1), operator).await?;
    let receipt = update(&world, vec![operator]).await?;
    assert_eq!(world.chain.now().await?, now, "time stands still");
    let updated = StakeUpdated { operator, stake: ether(33) };
    assert_eq!(event::<StakeUpdated>(&receipt, world.suite.service.registry), Some(updated));
    assert_eq!(stake_at(&world, operator, now).await?, ether(33));
    assert_eq!(stake_at(&world, operator, now - 1).await?, 0);
    Ok(())
}

#[tokio::test]
async fn anyone_updates_stakes_and_what_did_not_change_is_not_written() -> Result<()> {
    let world = World::new().await?;
    let (honest, dishonest, registry) = (world.honest(), world.dishonest(), world.suite.service.registry);
    world.join(&world.cast.honest, ONE).await?;
    world.join(&world.cast.dishonest, ONE).await?;
    tick(&world).await?;
    let receipt = update(&world, vec![honest, dishonest]).await?;
    assert_eq!(event::<StakeUpdated>(&receipt, registry), None);
    // They owe service for another epoch.
    let grant = grantCall { operator: honest, serviceManager: world.suite.service.service_manager };
    let grant = world.chain.view(world.suite.slasher, &grant).await?;
    assert_eq!(grant.serveUntil, world.chain.now().await? + arithmetic::time::EPOCH_SECONDS);
    let stranger = world.cast.bob.address;
    let call = updateStakesCall { operators: vec![honest, stranger] };
    world.refuse(&world.cast.accuser, registry, &call, &NotRegistered { operator: stranger }).await
}

#[tokio::test]
async fn a_frozen_operator_counts_nothing_once_it_is_weighed_and_what_is_left_after_its_release() -> Result<()> {
    let world = World::new().await?;
    let operator = world.dishonest();
    world.act(&world.cast.owner, world.suite.service.registry, &scheduleMinimumStakeCall { minimumStake: 1 }).await?;
    world.join(&world.cast.dishonest, ONE).await?;
    assert!(secures(&world, operator).await?);
    let attack = world.freeze(&world.cast.dishonest).await?;
    assert!(!secures(&world, operator).await?);
    tick(&world).await?;
    update(&world, vec![operator]).await?;
    assert_eq!(total_at(&world, u64::MAX).await?, 0);
    world.execute(&attack).await?;
    update(&world, vec![operator]).await?;
    assert_eq!(total_at(&world, u64::MAX).await?, ether(16), "half was slashed");
    Ok(())
}

#[tokio::test]
async fn below_the_minimum_an_operator_counts_nothing_until_it_has_it_again() -> Result<()> {
    let world = World::new().await?;
    let (operator, alice) = (&world.cast.honest, &world.cast.alice);
    world.join(operator, ONE).await?;
    let shares = world.position(operator.address, operator.address).await?.0;
    // Worth one base unit, of the 32 whole tokens that are the minimum.
    world.queue(operator, operator.address, shares / ether(32)).await?;
    tick(&world).await?;
    update(&world, vec![operator.address]).await?;
    assert_eq!(stake_at(&world, operator.address, u64::MAX).await?, 0, "one base unit is missing");
    world.stake(alice, 1, operator.address).await?;
    tick(&world).await?;
    update(&world, vec![operator.address]).await?;
    assert_eq!(stake_at(&world, operator.address, u64::MAX).await?, ether(32));
    Ok(())
}

#[tokio::test]
async fn an_operator_that_opted_out_directly_counts_nothing_and_can_still_deregister() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.join(operator, ONE).await?;
    let leave = optOutOfSlashingCall { serviceManager: world.suite.service.service_manager };
    world.act(operator, world.suite.slasher, &leave).await?;
    assert!(!secures(&world, operator.address).await?);
    tick(&world).await?;
    update(&world, vec![operator.address]).await?;
    assert_eq!(total_at(&world, u64::MAX).await?, 0);
    world.act(operator, world.suite.service.registry, &deregisterOperatorCall {}).await?;
    Ok(())
}

#[tokio::test]
async fn who_left_counts_until_the_second_before() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    world.join(operator, ONE).await?;
    let left = tick(&world).await?;
    world.act(operator, world.suite.service.registry, &deregisterOperatorCall {}).await?;
    assert_eq!(stake_at(&world, operator.address, left - 1).await?, ether(32));
    assert_eq!(stake_at(&world, operator.address, left).await?, 0);
    assert_eq!(total_at(&world, left).await?, 0);
    Ok(())
}
