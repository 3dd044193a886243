//! Opening and ending grants.

use super::services::{can_slash, end_grant, grant, grant_of, opt_in, opt_out, status_of};
use alloy::primitives::Address;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IAccess::ZeroAddress;
use interfaces::ISlasher::{
    self, AlreadyOptedIn, InvalidWad, NotOptedIn, OptedIntoSlashing, SlashingAbilityRevoked, grantReturn,
};
use restake::chain::event;
use restake_tests::World;

#[tokio::test]
async fn opting_in_opens_a_grant_without_end() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);

    let receipt = world.act(operator, world.suite.slasher, &opt_in(service, ONE / 2)).await?;

    let opened = OptedIntoSlashing { operator: operator.address, serviceManager: service.address, maxSlash: ONE / 2 };
    assert_eq!(event::<OptedIntoSlashing>(&receipt, world.suite.slasher), Some(opened));
    let expected = grantReturn { maxSlash: ONE / 2, canSlashUntil: u64::MAX, serveUntil: 0, lastUpdate: 0 };
    assert_eq!(grant_of(&world, operator, service).await?, expected);
    assert_eq!(status_of(&world, operator).await?.commitment, ONE / 2);
    assert!(can_slash(&world, operator, service).await?);
    assert!(!can_slash(&world, operator, &world.cast.bob).await?, "another service");
    assert!(!can_slash(&world, &world.cast.dishonest, service).await?, "another operator");
    Ok(())
}

#[tokio::test]
async fn opting_in_twice_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 4).await?;
    world.refuse(operator, world.suite.slasher, &opt_in(service, ONE / 2), &AlreadyOptedIn {}).await
}

#[tokio::test]
async fn opting_in_to_nobody_is_refused() -> Result<()> {
    let world = World::new().await?;
    let call = ISlasher::optIntoSlashingCall { serviceManager: Address::ZERO, maxSlash: ONE };
    world.refuse(&world.cast.honest, world.suite.slasher, &call, &ZeroAddress {}).await
}

#[tokio::test]
async fn a_budget_is_above_zero_and_at_most_everything() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    world.refuse(operator, slasher, &opt_in(service, 0), &InvalidWad { wad: 0 }).await?;
    world.refuse(operator, slasher, &opt_in(service, ONE + 1), &InvalidWad { wad: ONE + 1 }).await?;
    grant(&world, operator, service, ONE).await?;
    grant(&world, operator, &world.cast.bob, 1).await
}

#[tokio::test]
async fn opting_out_ends_the_grant_one_epoch_later() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;

    let receipt = world.act(operator, world.suite.slasher, &opt_out(service)).await?;

    let until = world.chain.now().await? + EPOCH_SECONDS;
    let revoked =
        SlashingAbilityRevoked { operator: operator.address, serviceManager: service.address, canSlashUntil: until };
    assert_eq!(event::<SlashingAbilityRevoked>(&receipt, world.suite.slasher), Some(revoked));
    assert_eq!(grant_of(&world, operator, service).await?.canSlashUntil, until);
    world.chain.travel_to(until).await?;
    assert!(can_slash(&world, operator, service).await?, "the last second");
    world.chain.travel_to(until + 1).await?;
    assert!(!can_slash(&world, operator, service).await?, "one second later");
    Ok(())
}

#[tokio::test]
async fn opting_out_without_a_grant_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, &world.cast.bob, ONE).await?;
    let expected = NotOptedIn { operator: operator.address, serviceManager: service.address };
    world.refuse(operator, world.suite.slasher, &opt_out(service), &expected).await
}

#[tokio::test]
async fn opting_out_twice_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    let expected = NotOptedIn { operator: operator.address, serviceManager: service.address };
    world.chain.travel_to(until - 1).await?;
    world.refuse(operator, world.suite.slasher, &opt_out(service), &expected).await
}

#[tokio::test]
async fn opting_in_again_is_refused_until_the_last_second_of_the_old_grant() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 2).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until).await?;
    world.refuse(operator, world.suite.slasher, &opt_in(service, ONE / 4), &AlreadyOptedIn {}).await
}

#[tokio::test]
async fn opting_in_again_after_the_end_replaces_the_old_grant() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 2).await?;
    let record = ISlasher::recordStakeUpdateCall { operator: operator.address, serveUntil: world.chain.now().await? };
    world.act(service, world.suite.slasher, &record).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;

    grant(&world, operator, service, ONE / 4).await?;

    let expected = grantReturn { maxSlash: ONE / 4, canSlashUntil: u64::MAX, serveUntil: 0, lastUpdate: 0 };
    assert_eq!(grant_of(&world, operator, service).await?, expected);
    assert_eq!(status_of(&world, operator).await?.commitment, ONE / 4, "the old half is not counted any more");
    Ok(())
}
