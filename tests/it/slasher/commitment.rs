//! The commitment: what all services of an operator may still slash, at most twice its stake.

use super::services::{can_slash, end_grant, freeze, grant, grant_of, opt_in, release, status_of};
use arithmetic::wad::{MAX_COMMITMENT, ONE};
use eyre::Result;
use interfaces::ISlasher::{CommitmentReleased, CommitmentTooHigh, GrantNotEnded, NotOptedIn};
use restake::chain::event;
use restake_tests::World;

#[tokio::test]
async fn the_commitment_reaches_two_wads_and_no_more() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    grant(&world, operator, &world.cast.owner, ONE).await?;
    grant(&world, operator, &world.cast.bob, ONE - 1).await?;
    // 1e18 + (1e18 - 1) + 2 = 2e18 + 1.
    let too_high = CommitmentTooHigh { commitment: 2 * ONE + 1, limit: MAX_COMMITMENT };
    world.refuse(operator, world.suite.slasher, &opt_in(&world.cast.accuser, 2), &too_high).await?;
    grant(&world, operator, &world.cast.accuser, 1).await?;
    assert_eq!(status_of(&world, operator).await?.commitment, 2 * ONE);
    Ok(())
}

#[tokio::test]
async fn commitments_of_different_operators_are_counted_apart() -> Result<()> {
    let world = World::new().await?;
    for operator in [&world.cast.honest, &world.cast.dishonest] {
        grant(&world, operator, &world.cast.owner, ONE).await?;
        grant(&world, operator, &world.cast.bob, ONE).await?;
        assert_eq!(status_of(&world, operator).await?.commitment, 2 * ONE);
    }
    Ok(())
}

#[tokio::test]
async fn a_full_commitment_does_not_keep_an_ended_grant_from_being_replaced() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;
    grant(&world, operator, &world.cast.bob, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;
    grant(&world, operator, service, ONE).await?;
    assert_eq!(status_of(&world, operator).await?.commitment, 2 * ONE);
    Ok(())
}

#[tokio::test]
async fn anyone_releases_the_commitment_of_an_ended_grant() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE / 2).await?;
    grant(&world, operator, &world.cast.bob, ONE / 8).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;

    let receipt = world.act(&world.cast.alice, world.suite.slasher, &release(operator, service)).await?;

    let released =
        CommitmentReleased { operator: operator.address, serviceManager: service.address, commitment: ONE / 2 };
    assert_eq!(event::<CommitmentReleased>(&receipt, world.suite.slasher), Some(released));
    assert_eq!(status_of(&world, operator).await?.commitment, ONE / 8, "the other service's budget stays");
    assert_eq!(grant_of(&world, operator, service).await?.maxSlash, 0);
    Ok(())
}

#[tokio::test]
async fn the_commitment_of_a_grant_is_kept_until_its_last_second() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let running = GrantNotEnded { canSlashUntil: u64::MAX };
    world.refuse(operator, slasher, &release(operator, service), &running).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until).await?;
    world.refuse(operator, slasher, &release(operator, service), &GrantNotEnded { canSlashUntil: until }).await
}

#[tokio::test]
async fn a_commitment_is_released_once() -> Result<()> {
    let world = World::new().await?;
    let (operator, service, slasher) = (&world.cast.honest, &world.cast.owner, world.suite.slasher);
    grant(&world, operator, service, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;
    world.act(operator, slasher, &release(operator, service)).await?;
    let nothing = NotOptedIn { operator: operator.address, serviceManager: service.address };
    world.refuse(operator, slasher, &release(operator, service), &nothing).await
}

#[tokio::test]
async fn a_commitment_that_was_never_made_is_not_released() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    let nothing = NotOptedIn { operator: operator.address, serviceManager: service.address };
    world.refuse(operator, world.suite.slasher, &release(operator, service), &nothing).await
}

#[tokio::test]
async fn a_released_grant_can_be_opened_again() -> Result<()> {
    let world = World::new().await?;
    let (operator, service) = (&world.cast.honest, &world.cast.owner);
    grant(&world, operator, service, ONE).await?;
    let until = end_grant(&world, operator, service).await?;
    world.chain.travel_to(until + 1).await?;
    world.act(operator, world.suite.slasher, &release(operator, service)).await?;
    grant(&world, operator, service, ONE / 2).await?;
    assert_eq!(status_of(&world, operator).await?.commitment, ONE / 2);
    assert!(can_slash(&world, operator, service).await?);
    Ok(())
}

#[tokio::test]
async fn a_used_budget_leaves_the_commitment() -> Result<()> {
    let world = World::new().await?;
    let operator = &world.cast.honest;
    grant(&world, operator, &world.cast.owner, ONE).await?;
    grant(&world, operator, &world.cast.bob, ONE).await?;
    let attack = freeze(&world, &world.cast.owner, operator, ONE / 4).await?;
    assert_eq!(status_of(&world, operator).await?.commitment, 2 * ONE - ONE / 4);
    world.execute(&attack).await?;
    // What was used makes room for another grant: exactly that much.
    let call = opt_in(&world.cast.accuser, ONE / 4 + 1);
    let too_high = CommitmentTooHigh { commitment: 2 * ONE + 1, limit: MAX_COMMITMENT };
    world.refuse(operator, world.suite.slasher, &call, &too_high).await?;
    grant(&world, operator, &world.cast.accuser, ONE / 4).await
}
