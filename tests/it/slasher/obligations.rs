//! What services record about the operators that serve them.

use super::services::{end_grant, grant, grant_of};
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::ISlasher::{
    NotOptedIn, ObligationTooLong, SlashingAbilityRevoked, StakeUpdateRecorded, recordFirstStakeUpdateCall,
    recordLastStakeUpdateAndRevokeSlashingAbilityCall, recordStakeUpdateCall,
};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::World;

const HOUR: u64 = 60 * 60;

fn first(operator: &Actor, serve_until: u64) -> recordFirstStakeUpdateCall {
    recordFirstStakeUpdateCall { operator: operator.address, serveUntil: serve_until }
}

fn next(operator: &Actor, serve_until: u64) -> recordStakeUpdateCall {
    recordStakeUpdateCall { operator: operator.address, serveUntil: serve_until }
}

fn last(operator: &Actor, serve_until: u64) -> recordLastStakeUpdateAndRevokeSlashingAbilityCall {
    recordLastStakeUpdateAndRevokeSlashingAbilityCall { operator: operator.address, serveUntil: serve_until }
}

fn not_opted_in(operator: &Actor, service: &Actor) -> NotOptedIn {
    NotOptedIn { operator: operator.address, serviceManager: service.address }
}

#[tokio::test]
async fn a_service_records_the_first_and_the_next_obligation() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let start = world.chain.now().await?;

    let receipt = world.act(service, slasher, &first(operator, start + HOUR)).await?;
    let recorded =
        StakeUpdateRecorded { operator: operator.address, serviceManager: service.address, serveUntil: start + HOUR };
    assert_eq!(event::<StakeUpdateRecorded>(&receipt, slasher), Some(recorded));
    let noted = grant_of(&world, operator, service).await?;
    assert_eq!((noted.serveUntil, noted.lastUpdate), (start + HOUR, start));

    world.chain.travel_to(start + 10).await?;
    world.act(service, slasher, &next(operator, start + 2 * HOUR)).await?;
    let noted = grant_of(&world, operator, service).await?;
    assert_eq!((noted.serveUntil, noted.lastUpdate), (start + 2 * HOUR, start + 10));
    assert_eq!((noted.maxSlash, noted.canSlashUntil), (ONE, u64::MAX), "the grant itself is as it was");
    Ok(())
}

#[tokio::test]
async fn a_service_without_a_grant_records_nothing() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, &world.cast.bob, ONE).await?;
    let (expected, until) = (not_opted_in(operator, service), world.chain.now().await? + HOUR);
    world.refuse(service, slasher, &first(operator, until), &expected).await?;
    world.refuse(service, slasher, &next(operator, until), &expected).await?;
    world.refuse(service, slasher, &last(operator, until), &expected).await
}

#[tokio::test]
async fn an_obligation_lasts_one_epoch_at_most() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let limit = world.chain.now().await? + EPOCH_SECONDS;
    let expected = ObligationTooLong { serveUntil: limit + 1, limit };
    world.refuse(service, slasher, &first(operator, limit + 1), &expected).await?;
    world.refuse(service, slasher, &next(operator, limit + 1), &expected).await?;
    world.refuse(service, slasher, &last(operator, limit + 1), &expected).await?;
    world.act(service, slasher, &first(operator, limit)).await?;
    world.act(service, slasher, &next(operator, limit)).await?;
    world.act(service, slasher, &last(operator, limit)).await?;
    assert_eq!(grant_of(&world, operator, service).await?.serveUntil, limit);
    Ok(())
}

#[tokio::test]
async fn an_operator_that_opted_out_owes_nothing_new() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    end_grant(&world, operator, service).await?;
    let (expected, until) = (not_opted_in(operator, service), world.chain.now().await? + HOUR);
    world.refuse(service, slasher, &first(operator, until), &expected).await?;
    world.refuse(service, slasher, &next(operator, until), &expected).await
}

#[tokio::test]
async fn the_last_record_ends_the_grant_when_the_obligation_ends() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let until = world.chain.now().await? + HOUR;

    let receipt = world.act(service, slasher, &last(operator, until)).await?;

    let revoked =
        SlashingAbilityRevoked { operator: operator.address, serviceManager: service.address, canSlashUntil: until };
    assert_eq!(event::<SlashingAbilityRevoked>(&receipt, slasher), Some(revoked));
    let noted = grant_of(&world, operator, service).await?;
    assert_eq!((noted.canSlashUntil, noted.serveUntil), (until, until));
    Ok(())
}

#[tokio::test]
async fn the_last_record_cannot_extend_what_the_operator_ended() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until - HOUR).await?;
    world.act(service, slasher, &last(operator, until - HOUR + EPOCH_SECONDS)).await?;
    assert_eq!(grant_of(&world, operator, service).await?.canSlashUntil, until);
    world.act(service, slasher, &last(operator, until - 1)).await?;
    assert_eq!(grant_of(&world, operator, service).await?.canSlashUntil, until - 1, "it can shorten it");
    Ok(())
}

#[tokio::test]
async fn a_service_records_for_itself_only() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, other) = (&world.cast.honest, &world.cast.owner, &world.cast.bob);
    grant(&world, operator, service, ONE).await?;
    grant(&world, operator, other, ONE).await?;
    let before = grant_of(&world, operator, other).await?;
    let until = world.chain.now().await? + HOUR;
    world.act(service, world.suite.slasher, &last(operator, until)).await?;
    assert_eq!(grant_of(&world, operator, other).await?, before);
    Ok(())
}
